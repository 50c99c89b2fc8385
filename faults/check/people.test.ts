import type { Deed, History } from '../history.ts'
import { ahoyIsDeleted, arrives, asItIs, frames, graceIsRemoved, happens, hear, phone, tells } from './telling.ts'
import { ada, edit, grace, harbour, look, message, post, posted, readThread, revoke, row, state } from './testing.ts'

// Counts, privacy, deletion, and processes that are asked to stop.

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
  'who was never in a private conversation reads nothing of it',
  ['P6 delivery to a non-member'],
  ({ operations }) => void operations.push(look(grace, 86, 88, 5, [])),
  ({ operations }) => void operations.push(look('account-linus', 86, 88, 5, [])),
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
    signIn: 'session-grace',
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

/** Ada replies to hello: Grace, who has written there before, is one behind. */
function aThread(history: History): void {
  const { final, operations } = history
  const reply = (ordinal: number, accountId: string, body: string) => {
    const seq = happens(history, 'message.posted', { message_id: `reply-${ordinal}` })
    const given = message(0, seq, body, {
      id: `reply-${ordinal}`,
      clientId: `client-reply-${ordinal}`,
      ordinal: null,
      threadRoot: 'message-1',
      replyOrdinal: ordinal,
      accountId,
    })
    final.messages.push({ ...row(given), thread_root: 'message-1', reply_ordinal: ordinal })
    operations.push({
      kind: 'post',
      account: accountId,
      conversation: harbour,
      from: 80 + 2 * ordinal,
      to: 81 + 2 * ordinal,
      outcome: 'acknowledged',
      attempts: [{ node: 0, from: 80 + 2 * ordinal, to: 81 + 2 * ordinal, status: 201 }],
      clientId: given.clientId,
      body,
      mentions: accountId === ada ? [grace] : [],
      threadRoot: 'message-1',
      replies: [given],
    })
    const summary = { replyCount: ordinal, lastReplyAt: given.createdAt, participants: [accountId] }
    for (const seen of final.seen)
      seen.messages = [{ ...seen.messages[0]!, changedSeq: seq, thread: summary }, ...seen.messages.slice(1)]
    arrives(history, 80 + 2 * ordinal, { ...posted(given), root: summary } as never)
  }
  reply(1, grace, 'hello yourself')
  reply(2, ada, 'and again')
  final.followers.push(
    { conversation_id: harbour, thread_root: 'message-1', account_id: grace, read_ordinal: 1 },
    { conversation_id: harbour, thread_root: 'message-1', account_id: ada, read_ordinal: 2 },
  )
  final.threads.push(
    { account: grace, conversation: harbour, root: 'message-1', readOrdinal: 1, unreadCount: 1 },
    { account: ada, conversation: harbour, root: 'message-1', readOrdinal: 2, unreadCount: 0 },
  )
  final.seen[0]!.state = state(1, 1, 1)
}
tells('a thread has its replies without a hole', ['P3 gap', 'P5 wrong unread count'], aThread, ({ final }) => {
  final.messages.at(-1)!.reply_ordinal = 3
})
tells('unread in a thread is what comes after the position in it', ['P5 wrong unread count'], aThread, ({ final }) => {
  final.threads[0]!.unreadCount = 2
})
tells('who has written in a thread follows it', ['P5 wrong unread count'], aThread, ({ final }) => {
  final.threads.pop()
})
tells('one’s own replies are read', ['P5 wrong unread count'], aThread, ({ final }) => {
  Object.assign(final.threads[1]!, { readOrdinal: 1, unreadCount: 1 })
})
tells(
  'a thread is read up to where it was put',
  ['P5 wrong unread count'],
  (history) => {
    aThread(history)
    history.operations.push(readThread(90, 91, 2))
    history.final.followers[0]!.read_ordinal = 2
    Object.assign(history.final.threads[0]!, { readOrdinal: 2, unreadCount: 0 })
    history.final.seen[0]!.state = state(1, 1, 0)
  },
  ({ final }) => {
    Object.assign(final.threads[0]!, { readOrdinal: 1, unreadCount: 1 })
  },
)
tells('who is meant in a thread and has not read it is told so', ['P5 wrong unread count'], aThread, ({ final }) => {
  final.seen[0]!.state = state(1, 1, 0)
})
tells(
  'nothing that is written later comes to a session that was ended',
  ['P6 delivery to a revoked session'],
  (history) => {
    processHears(history)
    history.operations.push(revoke(5_000, 5_001))
  },
  ({ operations }) => void operations.push(revoke(81, 82)),
)

/** Long after all else Ada says more, and Grace’s phone receives it. */
function processHears(history: History): void {
  const seq = happens(history, 'message.posted', { message_id: 'message-3' })
  const more = message(3, seq, 'still there?')
  history.toldUntil = 9_000
  history.operations.push(post(4_000, 4_010, more))
  history.final.messages.push(row(more))
  history.final.conversations[0]!.last_ordinal = 3
  for (const seen of history.final.seen) {
    seen.messages = [...seen.messages, more]
    seen.state = seen.account === ada ? state(3, 0, 0) : state(1, 2, 0)
  }
  arrives(history, 4_020, posted(more))
}

/** Process 1, to which Grace’s phone was connected, is asked to stop; the phone comes back by process 0. */
function processStops(history: History): void {
  const { sessions } = phone(history)
  history.drains.push({ node: 1, at: 1_000, endedAt: 1_500, code: 0, readyAt: 3_000 })
  frames(history).push({ at: 1_001, frame: { type: 'closing', reason: 'server-stopping', resume: true } })
  sessions[0]!.to = 1_002
  sessions.push({
    node: 0,
    signIn: 'session-grace',
    from: 1_100,
    to: null,
    positions: { [harbour]: 5 },
    frames: [sessions[0]!.frames[0]!, { at: 1_200, frame: { type: 'live' } }],
  })
  const asked = edit(800, 2_000, message(2, 5, 'ahoy'))
  asked.outcome = 'refused'
  asked.attempts = [{ node: 1, from: 800, to: 1_400, status: 503 }]
  history.operations.push(asked)
}
tells(
  'who is connected to a process that stops is told to resume',
  ['P8 dropped in a drain'],
  processStops,
  (history) => {
    frames(history).pop()
  },
)
tells(
  'whose session is ended at that moment is told so instead, but nobody else is',
  ['P8 dropped in a drain'],
  (history) => {
    processStops(history)
    frames(history).at(-1)!.frame = { type: 'closing', reason: 'signed-out', resume: false }
    history.operations.push(revoke(990, 1_004))
  },
  ({ operations }) => void operations.pop(),
)
/** Told at 1,001 ms, with the process away for 1.5 s: 4.5 s are left to be live again from the moment asked for. */
tells(
  'who was told to resume is live again soon, on a busy machine later',
  ['P8 dropped in a drain'],
  (history) => {
    processStops(history)
    phone(history).sessions[1]!.frames[1]!.at = 5_400
  },
  (history) => {
    phone(history).sessions[1]!.frames[1]!.at = 5_600
  },
)
tells(
  'who was asked to wait is waited for',
  ['P8 dropped in a drain'],
  (history) => {
    processStops(history)
    frames(history).at(-1)!.frame = { type: 'closing', reason: 'server-stopping', resume: true, retryAfterSeconds: 2 }
    phone(history).sessions[1]!.frames[1]!.at = 7_400
  },
  (history) => {
    phone(history).sessions[1]!.frames[1]!.at = 7_600
  },
)
tells(
  'who comes to a process that is asked to stop in its turn is live again soon after that',
  ['P8 dropped in a drain'],
  (history) => {
    processStops(history)
    const again = { at: 4_000, frame: { type: 'closing', reason: 'server-stopping', resume: true } as const }
    phone(history).sessions[1]!.frames = [frames(history)[0]!, again, { at: 8_400, frame: { type: 'live' } }]
  },
  (history) => {
    phone(history).sessions[1]!.frames.at(-1)!.at = 8_600
  },
)
tells('who was told to resume is live again at all', ['P8 dropped in a drain'], processStops, (history) => {
  phone(history).sessions[1]!.frames.pop()
})
tells(
  'a process that stops answers what it had accepted',
  ['P8 dropped in a drain'],
  processStops,
  ({ operations }) => {
    operations.at(-1)!.attempts = [
      { node: 1, from: 800, to: null, status: null },
      { node: 0, from: 1_500, to: 2_000, status: 409 },
    ]
  },
)
tells('a process that stops ends well', ['P8 dropped in a drain'], processStops, ({ drains }) => {
  drains[0]!.code = 1
})
