import type { History } from '../history.ts'
import { nameOf, operationsOf, type Rule, shortId, tell, type Violation } from './violation.ts'

// P6: a session that was ended.

/** How soon nothing more may come: where the processes hear of it, and where they have to find out (ms). */
const within = { told: 1_000, swept: 20_000 }

/**
 * A while after the end of a session was acknowledged nothing that was written later arrives with it, on no
 * connection. The while is short where the processes hear each other, and longer where hints of it may be lost.
 */
export const tellsTheRevoked: Rule = (history) => {
  const endedAt = new Map(
    operationsOf(history, 'revoke')
      .filter(({ outcome }) => outcome === 'acknowledged')
      .map((revoke) => [revoke.session, revoke]),
  )
  const askedAt = postsByMessage(history)
  return history.devices.flatMap(({ name, sessions }) =>
    sessions.flatMap((session): Violation[] => {
      const revoke = endedAt.get(session.signIn)
      if (!revoke) return []
      const until = revoke.to! + (revoke.to! + within.told < history.toldUntil ? within.told : within.swept)
      for (const { at, frame } of session.frames) {
        if (at <= until || frame.type !== 'events') continue
        const late = frame.events.find((event) => (askedAt.get(`${event.conversationId} ${event.seq}`) ?? 0) > until)
        if (!late) continue
        const what = `${name} received event ${late.seq} of ${nameOf(history, late.conversationId)} with session ${shortId(session.signIn)}, ${Math.round(at - revoke.to!)} ms after its end was acknowledged.`
        return [
          {
            promise: 'P6',
            rule: 'delivery to a revoked session',
            what,
            evidence: [
              tell(history, revoke),
              `on process ${session.node}, connected at ${Math.round(session.from)} ms`,
            ],
          },
        ]
      }
      return []
    }),
  )
}

/** When each message was first asked to be posted, by its conversation and seq. */
const postsByMessage = (history: History): Map<string, number> =>
  new Map(
    operationsOf(history, 'post').flatMap((post) =>
      post.replies.map((reply) => [`${post.conversation} ${reply.seq}`, post.from] as const),
    ),
  )
