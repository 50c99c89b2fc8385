import { setTimeout as sleep } from 'node:timers/promises'
import type { Device } from './clients/device.ts'
import type { Final } from './history.ts'

/** Has the devices wait that do not follow a conversation yet of which their person is a member. */
export async function letIn(
  devices: readonly Device[],
  final: Final,
  deadline: number,
  boundToArrive: number,
): Promise<void> {
  const late = devices.flatMap((device) =>
    final.members
      .filter((row) => row.account_id === device.history.account && !(row.conversation_id in device.history.positions))
      .map((row) => ({ device, id: row.conversation_id })),
  )
  const head = (id: string) => final.conversations.find((conversation) => conversation.id === id)?.last_seq
  await until(() => late.every(({ device, id }) => id in device.positions()), deadline - performance.now())
  await until(() => late.every(({ device, id }) => device.positions()[id] === head(id)), boundToArrive)
  for (const { device, id } of late) {
    await Promise.race([device.fetched(), sleep(3_000)])
    const position = device.positions()[id]
    if (position !== undefined) device.history.positions[id] = position
  }
}

export async function until(holds: () => boolean, withinMs: number): Promise<void> {
  for (const deadline = performance.now() + withinMs; !holds() && performance.now() < deadline;) await sleep(20)
}
