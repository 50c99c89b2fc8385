import { joins } from './joined.ts'
import type { History } from '../history.ts'
import { nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'

// P5 in threads: who writes in one follows it and has read up to there; how far each has read is what they said.

/** The threads that each is shown: none is missing, the position is where it was left, unread is what comes after it. */
export const wrongThreads: Rule = (history) => {
  const threads = Map.groupBy(
    Map.groupBy(
      history.final.messages.filter((row) => row.thread_root !== null),
      (row) => row.thread_root!,
    ),
    ([, replies]) => replies[0]!.conversation_id,
  )
  const shown = new Map(history.final.threads.map((thread) => [`${thread.account} ${thread.root}`, thread]))
  const reads = Map.groupBy(
    operationsOf(history, 'read').filter(({ threadRoot }) => threadRoot !== null),
    (read) => `${read.account} ${read.threadRoot}`,
  )
  const meant = mentionedIn(history)
  const joinedAt = joins(history)
  const answeredAt = new Map(operationsOf(history, 'post').map(({ clientId, to }) => [clientId, to ?? Infinity]))
  return history.final.members.flatMap(({ account_id: account, conversation_id: conversation }): Violation[] => {
    const joined = joinedAt(account, conversation)
    const violations: Violation[] = []
    for (const [root, all] of threads.get(conversation) ?? []) {
      const report = (what: string) =>
        violations.push({
          promise: 'P5',
          rule: 'wrong unread count',
          what: `${nameOf(history, account)} in thread ${shortId(root)} of ${nameOf(history, conversation)} ${what}.`,
          evidence: (reads.get(`${account} ${root}`) ?? []).slice(-3).map((read) => tell(history, read)),
        })
      const own = all.filter((row) => row.account_id === account && row.seq > joined.seq)
      const thread = shown.get(`${account} ${root}`)
      if (!thread) {
        if (own.length) report('has written, and is not shown to follow it')
        continue
      }
      if (thread.unreadCount !== Math.max(0, all.length - thread.readOrdinal))
        report(`has read up to ${thread.readOrdinal} of ${all.length}, and is shown ${thread.unreadCount} unread`)
      const said = reads.get(`${account} ${root}`) ?? []
      // A position only counts where there is one: surely after one's own first reply was acknowledged.
      const began = Math.min(...own.map((row) => answeredAt.get(row.client_id) ?? Infinity))
      const sure = said.filter((read) => read.outcome === 'acknowledged' && read.from > began)
      const written = own.map((row) => row.reply_ordinal!)
      const lowest = Math.max(0, ...written, ...sure.map(({ ordinal }) => ordinal))
      const from = (meant.get(`${account} ${root}`) ?? []).map((ordinal) => ordinal - 1)
      const highest = Math.max(lowest, ...said.map(({ ordinal }) => ordinal), ...from)
      if (thread.readOrdinal < lowest || thread.readOrdinal > highest)
        report(`has read up to ${thread.readOrdinal}, and should have from ${lowest} to ${highest}`)
    }
    return violations
  })
}

/** The replies that meant an account when it may not have followed their thread yet, by account and root. */
function mentionedIn(history: History): Map<string, number[]> {
  const rows = new Map(history.final.messages.map((row) => [row.client_id, row]))
  const byId = new Map(history.final.messages.map((row) => [row.id, row]))
  const found = new Map<string, number[]>()
  for (const deed of operationsOf(history, 'post', 'edit')) {
    const row = deed.kind === 'post' ? rows.get(deed.clientId) : byId.get(deed.messageId)
    if (!row?.thread_root) continue
    const accounts = deed.mentions.includes('channel')
      ? history.final.members.map(({ account_id }) => account_id)
      : deed.mentions
    for (const account of accounts) {
      const key = `${account} ${row.thread_root}`
      const ordinals = found.get(key)
      if (ordinals) ordinals.push(row.reply_ordinal!)
      else found.set(key, [row.reply_ordinal!])
    }
  }
  return found
}
