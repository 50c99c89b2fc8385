import type { Deed } from '../history.ts'
import {
  ahoyIsDeleted,
  ahoyIsEdited,
  arrives,
  asItIs,
  frames,
  graceIsRemoved,
  happens,
  hear,
  phone,
  tells,
} from './telling.ts'
import { ada, grace, harbour, look, message, posted, react, row, state } from './testing.ts'

// What is kept, its order, and what a client ends up with.

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
