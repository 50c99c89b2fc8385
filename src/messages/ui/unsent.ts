import { openDevice, type KeptDraft, type KeptOutgoing } from './device.ts'
import { flushDrafts } from './messaging.ts'

/** What an account wrote that is on this device and nowhere else. */
export async function unsentOf(accountId: string): Promise<{ messages: KeptOutgoing[]; drafts: KeptDraft[] }> {
  await flushDrafts()
  const device = openDevice()
  const found = Promise.all([device.outgoing(accountId), device.drafts(accountId)])
  const [messages, drafts] = await found.catch(() => [[], []] as [KeptOutgoing[], KeptDraft[]])
  device.close()
  return { messages, drafts }
}

/** Nothing of what an account wrote stays on this device. */
export async function forgetUnsentOf(accountId: string): Promise<void> {
  const device = openDevice()
  await device.forget(accountId).finally(() => device.close())
}
