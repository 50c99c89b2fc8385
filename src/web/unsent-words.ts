import { isolated } from '#platform/ui/isolate.ts'

const counted = (count: number, one: string, more: string) => (count === 1 ? `1 ${one}` : `${count} ${more}`)

/** What somebody wrote that is still on this device and nowhere else, in a sentence; undefined when there is nothing. */
export function unsentWords({ messages, drafts }: { messages: unknown[]; drafts: unknown[] }, name: string) {
  const waiting = messages.length > 0 && counted(messages.length, 'message', 'messages')
  const begun = drafts.length > 0 && counted(drafts.length, 'draft', 'drafts')
  if (!waiting && !begun) return undefined
  const what = [waiting, begun].filter(Boolean).join(' and ')
  const verb = messages.length + drafts.length === 1 ? 'is' : 'are'
  const then = waiting ? ` What waits goes out when ${isolated(name)} signs in here again.` : ''
  return `${what} of ${isolated(name)} ${verb} kept on this device.${then}`
}
