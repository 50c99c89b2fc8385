import { mayLinger } from '../clients/settle.ts'
import type { Deed, History } from '../history.ts'
import { about, nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'
import type { LooseEvent } from './order.ts'

// P6 and P7: what somebody must not see any more.

/**
 * After a removal was acknowledged, nothing that happened later reaches the removed on any connection, and of a
 * private conversation nothing at all on one that they open later, nor by asking. What happened before the removal may still be on its way to a
 * connection that was open: it was theirs.
 */
export const tellsStrangers: Rule = (history) => {
  const violations: Violation[] = []
  const isPrivate = new Set(
    history.final.conversations.filter(({ visibility }) => visibility === 'private').map(({ id }) => id),
  )
  const added = new Set(
    history.final.events
      .filter(({ type }) => type === 'member.added')
      .map((row) => `${row.conversation_id} ${row.account_id}`),
  )
  const reads = operationsOf(history, 'history', 'state').filter(({ replies }) => replies.length > 0)
  for (const read of reads)
    if (isPrivate.has(read.conversation) && !added.has(`${read.conversation} ${read.account}`))
      violations.push({
        promise: 'P6',
        rule: 'delivery to a non-member',
        what: `${nameOf(history, read.account)} read ${nameOf(history, read.conversation)}, and was never in it.`,
        evidence: [tell(history, read)],
      })
  const readsOf = Map.groupBy(reads, (read) => `${read.conversation} ${read.account}`)
  const nextAdd = additions(history)
  const seqOfRemoval = removals(history)
  for (const removal of operationsOf(history, 'remove')) {
    if (removal.outcome !== 'acknowledged') continue
    const { conversation, subject } = removal
    const end = nextAdd(removal)
    const wasOut = (from: number) => from > removal.to! && from < end
    const report = (what: string, evidence: string[]) =>
      violations.push({
        promise: 'P6',
        rule: 'delivery to a non-member',
        what,
        evidence: [tell(history, removal), ...evidence],
      })
    if (isPrivate.has(conversation))
      for (const read of readsOf.get(`${conversation} ${subject}`) ?? [])
        if (wasOut(read.attempts.at(-1)!.from) && read.to! < end)
          report(`${nameOf(history, subject)} read ${nameOf(history, conversation)} after the removal.`, [
            tell(history, read),
          ])
    const removedAt = seqOfRemoval(removal)
    for (const device of history.devices.filter(({ account }) => account === subject))
      for (const session of device.sessions)
        for (const { at, frame } of session.frames) {
          if (!wasOut(at) || frame.type !== 'events') continue
          for (const event of frame.events)
            if (event.conversationId === conversation && (event.seq > removedAt || wasOut(session.from)))
              report(
                `${device.name} received event ${event.seq} of ${nameOf(history, conversation)}; the removal is event ${removedAt}.`,
                [`received at ${Math.round(at)} ms`],
              )
        }
  }
  return violations
}

const whoAndWhere = ({ conversation, subject }: Deed<'add' | 'remove'>) => `${conversation} ${subject}`

/** When, after a removal, somebody may have begun to let them in again. */
function additions(history: History): (removal: Deed<'remove'>) => number {
  const all = Map.groupBy(operationsOf(history, 'add'), whoAndWhere)
  return (removal) => {
    const adds = all.get(whoAndWhere(removal)) ?? []
    // One from before that was never answered may take effect at any time.
    if (adds.some((add) => add.from < removal.from && mayLinger(add))) return -Infinity
    return Math.min(Infinity, ...adds.filter((add) => add.from > removal.from).map(({ from }) => from))
  }
}

/** The removals of one person are done by one pair of hands, so the n-th that took effect is the n-th in the log. */
function removals(history: History): (removal: Deed<'remove'>) => number {
  const done = operationsOf(history, 'remove').filter(({ outcome }) => outcome === 'acknowledged')
  const same = Map.groupBy(done, whoAndWhere)
  const logged = Map.groupBy(
    history.final.events.filter(({ type }) => type === 'member.removed'),
    (row) => `${row.conversation_id} ${row.account_id}`,
  )
  return (removal) => {
    const key = whoAndWhere(removal)
    return logged.get(key)?.[same.get(key)?.indexOf(removal) ?? -1]?.seq ?? Infinity
  }
}

/** After a deletion was acknowledged its text is in no answer to a later question and on no later connection. */
export const servesDeleted: Rule = (history) => {
  const deletedAt = new Map(
    operationsOf(history, 'delete')
      .filter(({ outcome }) => outcome === 'acknowledged')
      .map((deletion) => [deletion.messageId, deletion.to!]),
  )
  const violations: Violation[] = []
  const report = (messageId: string, what: string) =>
    violations.push({ promise: 'P7', rule: 'deleted text served', what, evidence: about(history, messageId) })
  for (const read of operationsOf(history, 'history'))
    for (const { id, body } of read.replies[0]?.messages ?? [])
      if (body !== '' && read.attempts.at(-1)!.from > (deletedAt.get(id) ?? Infinity))
        report(id, `${nameOf(history, read.account)} read the text of ${shortId(id)} at ${Math.round(read.from)} ms.`)
  for (const { account, messages } of history.final.seen)
    for (const { id, body } of messages)
      if (body !== '' && deletedAt.has(id))
        report(id, `${nameOf(history, account)} is shown the text of ${shortId(id)} in the end.`)
  for (const device of history.devices)
    for (const session of device.sessions) {
      const gone = new Set<string>()
      for (const { at, frame } of session.frames) {
        if (frame.type !== 'events') continue
        for (const event of frame.events as unknown as LooseEvent[]) {
          if (event.type === 'message.deleted') gone.add(event.messageId!)
          const { id, body = '' } = event.message ?? {}
          if (!id || body === '') continue
          if (gone.has(id))
            report(
              id,
              `${device.name} received the text of ${shortId(id)} after its deletion, at ${Math.round(at)} ms.`,
            )
          else if (session.from > (deletedAt.get(id) ?? Infinity))
            report(
              id,
              `${device.name} connected at ${Math.round(session.from)} ms and received the text of ${shortId(id)}.`,
            )
        }
      }
    }
  return violations
}
