import type { History, Session } from '../history.ts'
import { about, nameOf, operationsOf, type PromiseName, type Rule, shortId, type Violation } from './violation.ts'

// P3: the log and everybody's view of it.

const key = (conversation: string, seq: number) => `${conversation} ${seq}`

/** The log has each number once from 1 to the head, and so have the messages. */
export const gapsInTheLog: Rule = ({ final, names }) =>
  final.conversations.flatMap((conversation): Violation[] => {
    const name = names.get(conversation.id) ?? shortId(conversation.id)
    const seqs = final.events.filter((row) => row.conversation_id === conversation.id).map((row) => row.seq)
    const ordinals = final.messages
      .filter((row) => row.conversation_id === conversation.id)
      .flatMap((row) => row.ordinal ?? [])
    const replies = Map.groupBy(
      final.messages.filter((row) => row.conversation_id === conversation.id && row.thread_root !== null),
      (row) => row.thread_root!,
    )
    const faults = [
      ...[...replies].flatMap(([root, rows]) =>
        holes(
          rows.map((row) => row.reply_ordinal ?? 0),
          rows.length,
        ).map((ordinal) => `Thread ${shortId(root)} of ${name} has no reply ${ordinal}, and ${rows.length} in all.`),
      ),
      ...holes(seqs, conversation.last_seq).map(
        (seq) => `The log of ${name} has no event ${seq}, and its head is ${conversation.last_seq}.`,
      ),
      ...holes(ordinals, conversation.last_ordinal).map(
        (ordinal) => `${name} has no message ${ordinal}, and its last is ${conversation.last_ordinal}.`,
      ),
    ]
    return faults.map((what) => ({ promise: 'P3', rule: 'gap', what, evidence: [] }))
  })

function holes(numbers: readonly number[], last: number): number[] {
  const there = new Set(numbers)
  const missing: number[] = []
  for (let number = 1; number <= last; number += 1) if (!there.has(number)) missing.push(number)
  if (there.size < numbers.length || Math.max(0, ...there) > last) missing.push(Math.max(...there))
  return missing
}

/** Numbers follow the order in which things happened: who was answered before another asked comes first. */
export const orderOfTime: Rule = (history) => {
  const posts = operationsOf(history, 'post').filter((post) => post.replies.length && post.to !== null)
  return [...Map.groupBy(posts, (post) => post.conversation).values()].flatMap((own): Violation[] => {
    const byStart = own.toSorted((a, b) => a.from - b.from)
    const byEnd = own.toSorted((a, b) => a.to! - b.to!)
    let ended = 0
    let highest: (typeof own)[0] | undefined
    for (const post of byStart) {
      for (; byEnd[ended] && byEnd[ended]!.to! < post.from; ended += 1)
        if (!highest || byEnd[ended]!.replies[0]!.seq > highest.replies[0]!.seq) highest = byEnd[ended]
      if (highest && highest.replies[0]!.seq > post.replies[0]!.seq)
        return [
          {
            promise: 'P3',
            rule: 'reordered',
            what: `Message ${shortId(post.replies[0]!.id)} (seq ${post.replies[0]!.seq}) was sent after ${shortId(highest.replies[0]!.id)} (seq ${highest.replies[0]!.seq}) had been acknowledged, and stands before it.`,
            evidence: [...about(history, highest.replies[0]!.id), ...about(history, post.replies[0]!.id)],
          },
        ]
    }
    return []
  })
}

/** On every connection each event is one more than the one before it: no gap, no repeat, no step back. */
export const orderOfStreams: Rule = (history) =>
  history.devices.flatMap((device) =>
    device.sessions.flatMap((session, index) =>
      walk(history, `${device.name}, connection ${index + 1} (process ${session.node})`, session),
    ),
  )

function walk(history: History, name: string, session: Session): Violation[] {
  const violations: Violation[] = []
  const positions = new Map<string, number>()
  const received = new Set<string>()
  const recent: string[] = []
  const broken = (promise: PromiseName, rule: string, what: string) =>
    violations.push({ promise, rule, what: `${name}: ${what}`, evidence: recent.slice(-8) })
  for (const { at, frame } of session.frames) {
    if (frame.type !== 'events') recent.push(`${Math.round(at)} ms: ${JSON.stringify(frame).slice(0, 160)}`)
    if (frame.type === 'welcome')
      for (const head of frame.heads)
        positions.set(head.conversationId, session.positions[head.conversationId] ?? head.lastSeq)
    else if (frame.type === 'joined' || frame.type === 'reset') positions.set(frame.conversationId, frame.lastSeq)
    else if (frame.type === 'left') positions.delete(frame.conversationId)
    if (frame.type !== 'events') continue
    for (const event of frame.events) {
      const where = nameOf(history, event.conversationId)
      const position = positions.get(event.conversationId)
      recent.push(`${Math.round(at)} ms: ${where} ${event.seq} ${event.type}`)
      if (position === undefined) {
        broken('P6', 'delivery to a non-member', `event ${event.seq} of ${where}, which it does not follow.`)
        continue
      }
      if (event.seq === position + 1) positions.set(event.conversationId, event.seq)
      else if (event.seq > position + 1) {
        broken('P3', 'gap', `event ${event.seq} of ${where} came after ${position}.`)
        positions.set(event.conversationId, event.seq)
      } else if (received.has(key(event.conversationId, event.seq)))
        broken('P3', 'duplicated event', `event ${event.seq} of ${where} came twice.`)
      else broken('P3', 'reordered', `event ${event.seq} of ${where} came after ${position}.`)
      received.add(key(event.conversationId, event.seq))
    }
  }
  return violations
}

/** Nothing is received that the log does not have, and no text that nobody wrote. */
export const phantoms: Rule = (history) => {
  const log = new Map(history.final.events.map((row) => [key(row.conversation_id, row.seq), row]))
  const known = new Set(history.final.conversations.map(({ id }) => id))
  const written = new Set(['', ...operationsOf(history, 'post', 'edit').map(({ body }) => body)])
  const violations: Violation[] = []
  for (const device of history.devices)
    for (const { frames } of device.sessions)
      for (const { at, frame } of frames) {
        if (frame.type !== 'events') continue
        for (const event of frame.events as unknown as LooseEvent[]) {
          if (!known.has(event.conversationId)) continue
          const row = log.get(key(event.conversationId, event.seq))
          const messageId = event.message?.id ?? event.messageId ?? null
          const isSame = row?.type === event.type && (row.message_id === messageId || row.message_id === null)
          const text = event.message?.body ?? ''
          if (isSame && written.has(text)) continue
          const there = row ? `the log has ${row.type} ${shortId(row.message_id)}` : 'the log has no such event'
          const what = isSame
            ? `a text that nobody wrote: ${text.slice(0, 80)}`
            : `${event.type} ${shortId(messageId)} as event ${event.seq} of ${nameOf(history, event.conversationId)}; ${there}.`
          violations.push({
            promise: 'P3',
            rule: 'phantom',
            what: `${device.name} received ${what}`,
            evidence: [`received at ${Math.round(at)} ms`, ...(messageId ? about(history, messageId) : [])],
          })
        }
      }
  return violations
}

/** The events of the log by what they have in common. */
export interface LooseEvent {
  type: string
  conversationId: string
  seq: number
  message?: { id: string; body: string }
  messageId?: string
}
