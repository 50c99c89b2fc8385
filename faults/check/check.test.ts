import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerFrame } from '#delivery/contract.ts'
import type { Deed, History } from '../history.ts'
import { check } from './check.ts'
import {
  ada,
  edit,
  grace,
  harbour,
  look,
  member,
  message,
  posted,
  react,
  remove,
  row,
  state,
  story,
} from './testing.ts'

// Each rule on a story in which the promise is held, and on the same story bent in one place.

const found = (history: History) =>
  [...new Set(check(history).map(({ promise, rule }) => `${promise} ${rule}`))].toSorted()

/** First that `held` is found to be held, then that `bent`, which does one thing more, is found out as `rules`. */
function tells(
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
const asItIs = () => {}
const phone = (history: History) => history.devices[0]!
const frames = (history: History) => phone(history).sessions[0]!.frames
const hear = (history: History, at: number, ...events: ReturnType<typeof posted>[]) =>
  frames(history).push({ at, frame: { type: 'events', events } })
const frame = (history: History, at: number, what: ServerFrame) => frames(history).push({ at, frame: what })

/** One more event, which everybody has received and the log has. */
function happens(history: History, type: string, more: { message_id?: string; account_id?: string } = {}): number {
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
function arrives(history: History, at: number, event: { type: string; conversationId: string; seq: number }): void {
  frame(history, at, { type: 'events', events: [event as never] })
  phone(history).steps.get(harbour)!.push({ kind: 'event', event })
  phone(history).positions[harbour] = event.seq
}

/** "ahoy" becomes "ahoy there" for everybody. */
function ahoyIsEdited(history: History): void {
  const seq = happens(history, 'message.edited', { message_id: 'message-2' })
  const edited = message(2, 5, 'ahoy there', { changedSeq: seq })
  history.operations.push(edit(81, 85, edited))
  history.final.messages[1]!.body = 'ahoy there'
  for (const seen of history.final.seen) seen.messages = [seen.messages[0]!, edited]
  arrives(history, 86, { ...posted(edited), type: 'message.edited', seq })
}

/** "ahoy" is deleted for everybody. */
function ahoyIsDeleted(history: History): void {
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
function graceIsRemoved(history: History): void {
  happens(history, 'member.removed', { account_id: grace })
  history.operations.push(member(81, 85, 'remove'))
  history.final.members.pop()
  history.final.seen.shift()
  frame(history, 86, { type: 'left', conversationId: harbour })
  phone(history).positions = {}
  phone(history).steps.clear()
}

tells(
  'an acknowledged message that is not there is lost',
  ['P1 lost', 'P3 gap', 'P5 wrong unread count'],
  asItIs,
  ({ final }) => {
    final.messages.pop()
  },
)
tells('an acknowledged message with another number is lost too', ['P1 lost'], asItIs, ({ operations }) => {
  ;(operations[0] as Deed<'post'>).replies[0]!.ordinal = 7
})
tells('an acknowledged edit is the text that is kept', ['P1 lost change'], ahoyIsEdited, ({ final }) => {
  final.messages[1]!.body = 'ahoy'
})
tells(
  'an edit that was never answered may be the text that is kept, and nothing else',
  ['P1 lost change'],
  (history) => {
    ahoyIsEdited(history)
    const operation = history.operations.at(-1)!
    operation.attempts.unshift({ node: 1, from: 81, to: null, status: null })
    history.final.messages[1]!.body = 'ahoy there'
  },
  ({ final }) => {
    final.messages[1]!.body = 'ahoy again'
  },
)
tells(
  'an edit that was refused after a try without an answer may have been done',
  ['P1 lost change'],
  (history) => {
    ahoyIsEdited(history)
    const operation = history.operations.at(-1)!
    operation.attempts.unshift({ node: 1, from: 81, to: null, status: null })
    Object.assign(operation, { outcome: 'unknown', replies: [] })
  },
  ({ operations }) => {
    const operation = operations.at(-1)!
    operation.attempts.shift()
    operation.outcome = 'refused'
  },
)
tells('an acknowledged deletion is done', ['P1 lost change'], ahoyIsDeleted, ({ final }) => {
  final.messages[1]!.deleted = false
})
tells(
  'an acknowledged reaction is there until it is taken back',
  ['P1 lost change'],
  ({ operations, final }) => {
    operations.push(
      react(81, 82, 'react', 'message-1'),
      react(83, 84, 'unreact', 'message-1'),
      react(85, 86, 'react', 'message-1'),
    )
    final.reactions.push({ conversation_id: harbour, message_id: 'message-1', emoji: '🐳', account_id: grace })
  },
  ({ final }) => {
    final.reactions.pop()
  },
)
tells('an acknowledged removal is a removal', ['P1 lost change', 'P4 not caught up'], graceIsRemoved, ({ final }) => {
  final.members.push({ conversation_id: harbour, account_id: grace, read_ordinal: 1 })
})
tells(
  'one send makes one message, however often it is repeated',
  ['P2 duplicated'],
  ({ operations }) => {
    const first = operations[0] as Deed<'post'>
    first.attempts.push({ node: 1, from: 11, to: 20, status: 200 })
    first.replies.push(first.replies[0]!)
  },
  (history) => {
    const seq = happens(history, 'message.posted', { message_id: 'message-3' })
    const again = message(3, seq, 'hello', { clientId: 'client-1 again' })
    history.final.messages.push(row(again))
    history.final.conversations[0]!.last_ordinal = 3
    for (const seen of history.final.seen) {
      seen.messages = [...seen.messages, again]
      seen.state = seen.account === ada ? state(3, 0, 0) : state(1, 2, 0)
    }
    arrives(history, 86, posted(again))
  },
)
tells('every answer to one send names the same message', ['P1 lost', 'P2 duplicated'], asItIs, ({ operations }) => {
  const [first, , second] = operations as Deed<'post'>[]
  first!.replies.push(second!.replies[0]!)
})
tells('the log has no holes', ['P3 gap'], asItIs, ({ final }) => {
  final.events.splice(1, 1)
})
tells('what was acknowledged before another was sent stands before it', ['P3 reordered'], asItIs, ({ operations }) => {
  Object.assign(operations[2]!, { from: 1, to: 2 })
  operations[2]!.attempts[0]!.from = 1
})
tells('on a connection no event is left out', ['P3 gap', 'P4 not caught up'], ahoyIsEdited, (history) => {
  frames(history).splice(1, 1)
  phone(history).positions[harbour] = 4
})
tells('on a connection no event comes twice', ['P3 duplicated event'], asItIs, (history) => {
  hear(history, 57, posted(message(2, 5, 'ahoy')))
})
tells('on a connection no event comes after a later one', ['P3 reordered'], asItIs, (history) => {
  hear(history, 57, posted(message(1, 4, 'hello')))
})
tells('nothing is received that the log does not have', ['P3 phantom'], asItIs, ({ final }) => {
  final.events[4]!.message_id = 'message-9'
})
tells('no text is received that nobody wrote', ['P3 phantom'], asItIs, (history) => {
  const [, heard] = frames(history)
  if (heard?.frame.type === 'events') heard.frame.events = [posted(message(2, 5, 'yoha'))]
})
tells('whoever follows is at the head in time', ['P4 not caught up'], asItIs, (history) => {
  phone(history).positions[harbour] = 4
})
tells('whoever is a member follows', ['P4 not caught up'], asItIs, (history) => {
  phone(history).positions = {}
})
tells('state and events are what a fetch shows', ['P4 state + events ≠ refetch'], ahoyIsEdited, (history) => {
  phone(history).steps.get(harbour)!.pop()
})
tells(
  'who has written reads what they wrote',
  ['P4 stale read after own write'],
  ({ operations }) => void operations.push(look(ada, 65, 66, 5, [])),
  ({ operations }) => void operations.push(look(ada, 67, 68, 4, [])),
)
tells(
  'who has received something reads no less',
  ['P4 stale read'],
  ({ operations }) => {
    operations.push(look(grace, 50, 58, 4, []))
    // Asked first and answered last: it does not tell what others knew in between.
    const retried = look(grace, 45, 58, 5, [])
    retried.attempts.push({ node: 1, from: 57, to: 58, status: 200 })
    operations.push(retried)
  },
  ({ operations }) => void operations.push(look(grace, 57, 58, 4, [])),
)
tells('unread is what comes after the read position', ['P5 wrong unread count'], asItIs, ({ final }) => {
  final.seen[0]!.state = state(1, 2, 0)
})
tells('the read position is where it was put', ['P5 wrong unread count'], asItIs, ({ final }) => {
  final.seen[0]!.state = state(0, 2, 0)
})
tells('one’s own messages are read', ['P5 wrong unread count'], asItIs, ({ final }) => {
  final.seen[1]!.state = state(1, 1, 0)
})
tells(
  'who is meant is told so',
  ['P5 wrong unread count'],
  ({ operations, final }) => {
    ;(operations[2] as Deed<'post'>).mentions = [grace]
    final.seen[0]!.state = state(1, 1, 1)
  },
  ({ final }) => {
    final.seen[0]!.state = state(1, 1, 0)
  },
)
tells('a read position only moves forward', ['P5 wrong unread count'], asItIs, ({ operations }) => {
  const read = operations[3]!
  if (read.kind === 'read') read.replies[0]!.readOrdinal = 0
})
tells(
  'who was removed receives nothing that comes later',
  ['P3 phantom', 'P6 delivery to a non-member'],
  graceIsRemoved,
  (history) => hear(history, 90, posted(message(3, 7, 'gone?'))),
)
tells(
  'who was removed reads nothing, until they are let in again',
  ['P6 delivery to a non-member'],
  (history) => {
    graceIsRemoved(history)
    history.operations.push(look(grace, 60, 84, 5, []))
  },
  ({ operations }) => void operations.push(look(grace, 86, 88, 5, [])),
)
tells(
  'a text that was deleted is in no later page',
  ['P7 deleted text served'],
  (history) => {
    ahoyIsDeleted(history)
    history.operations.push(look(ada, 84, 90, 6, [message(2, 5, 'ahoy')]))
  },
  ({ operations }) => void operations.push(look(ada, 86, 90, 6, [message(2, 5, 'ahoy')])),
)
tells('a text that was deleted is on no later connection', ['P7 deleted text served'], ahoyIsDeleted, (history) => {
  const [first] = phone(history).sessions
  phone(history).sessions.push({
    node: 0,
    from: 90,
    to: null,
    positions: { [harbour]: 4 },
    frames: [
      { at: 91, frame: first!.frames[0]!.frame },
      { at: 92, frame: { type: 'events', events: [posted(message(2, 5, 'ahoy'))] } },
    ],
  })
})
tells('everything is answered in the end', ['P4 never answered'], asItIs, ({ operations }) => {
  operations.push(edit(90, null, message(2, 5, 'ahoy')))
})
