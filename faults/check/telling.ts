import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerFrame } from '#delivery/contract.ts'
import type { History } from '../history.ts'
import { check } from './check.ts'
import { ada, edit, grace, harbour, member, message, posted, remove, story } from './testing.ts'

// Each rule on a story in which the promise is held, and on the same story bent in one place.

export const found = (history: History) =>
  [...new Set(check(history).map(({ promise, rule }) => `${promise} ${rule}`))].toSorted()

/** First that `held` is found to be held, then that `bent`, which does one thing more, is found out as `rules`. */
export function tells(
  name: string,
  rules: readonly string[],
  held: (history: History) => void,
  bent: (history: History) => void,
): void {
  test(name, () => {
    const history = story()
    held(history)
    assert.deepEqual(found(history), [])
    bent(history)
    assert.deepEqual(found(history), rules)
  })
}
export const asItIs = () => {}
export const phone = (history: History) => history.devices[0]!
export const frames = (history: History) => phone(history).sessions[0]!.frames
export const hear = (history: History, at: number, ...events: ReturnType<typeof posted>[]) =>
  frames(history).push({ at, frame: { type: 'events', events } })
export const frame = (history: History, at: number, what: ServerFrame) => frames(history).push({ at, frame: what })

/** One more event, which everybody has received and the log has. */
export function happens(
  history: History,
  type: string,
  more: { message_id?: string; account_id?: string } = {},
): number {
  const { final } = history
  const seq = (final.conversations[0]!.last_seq += 1)
  final.events.push({
    conversation_id: harbour,
    seq,
    type,
    message_id: more.message_id ?? null,
    account_id: more.account_id ?? null,
  })
  for (const seen of final.seen) seen.seq = seq
  return seq
}

/** Grace's device receives it too, and her timeline with it. */
export function arrives(
  history: History,
  at: number,
  event: { type: string; conversationId: string; seq: number },
): void {
  frame(history, at, { type: 'events', events: [event as never] })
  phone(history).steps.get(harbour)!.push({ kind: 'event', event })
  phone(history).positions[harbour] = event.seq
}

/** "ahoy" becomes "ahoy there" for everybody. */
export function ahoyIsEdited(history: History): void {
  const seq = happens(history, 'message.edited', { message_id: 'message-2' })
  const edited = message(2, 5, 'ahoy there', { changedSeq: seq })
  history.operations.push(edit(81, 85, edited))
  history.final.messages[1]!.body = 'ahoy there'
  for (const seen of history.final.seen) seen.messages = [seen.messages[0]!, edited]
  arrives(history, 86, { ...posted(edited), type: 'message.edited', seq })
}

/** "ahoy" is deleted for everybody. */
export function ahoyIsDeleted(history: History): void {
  const seq = happens(history, 'message.deleted', { message_id: 'message-2' })
  const at = '2026-11-22T10:00:01.000Z'
  history.operations.push(remove(81, 85, 'message-2'))
  Object.assign(history.final.messages[1]!, { body: '', deleted: true })
  const gone = message(2, 5, '', { changedSeq: seq, deletedAt: at, deletedBy: ada })
  for (const seen of history.final.seen) seen.messages = [seen.messages[0]!, gone]
  arrives(history, 86, {
    type: 'message.deleted',
    conversationId: harbour,
    seq,
    at,
    messageId: 'message-2',
    by: ada,
  } as never)
}

/** Grace is taken out, and her devices are told. */
export function graceIsRemoved(history: History): void {
  happens(history, 'member.removed', { account_id: grace })
  history.operations.push(member(81, 85, 'remove'))
  history.final.members.pop()
  history.final.seen.shift()
  frame(history, 86, { type: 'left', conversationId: harbour })
  phone(history).positions = {}
  phone(history).steps.clear()
}
