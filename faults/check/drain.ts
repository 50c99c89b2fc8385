import type { Drain, History, Session } from '../history.ts'
import { operationsOf, type Rule, tell, type Violation } from './violation.ts'

// P8: a process that is asked to stop, while nothing else is wrong.

/** What left just before may not have arrived when the door closed: then it was refused, not dropped (ms). */
const onItsWay = 100
/**
 * How soon after the moment for which it was asked a client is live again (ms): two seconds to have what it missed, as
 * after any pause, and one for its own pause and a try or two. On top comes what the stopped process takes to be there
 * again: so long a client may come to its closed door, with no balancer to lead it past, and it tells how busy the
 * machine is.
 */
const backWithin = 3_000

/** Whatever it had accepted it answers, its clients are told to resume and are live again soon, and it ends well. */
export const dropsNothing: Rule = (history) =>
  history.drains.flatMap((drain) => [...requests(history, drain), ...clients(history, drain), ...itself(drain)])

function requests(history: History, { node, at }: Drain): Violation[] {
  return history.operations.flatMap((operation) =>
    operation.attempts
      .filter((attempt) => attempt.node === node && attempt.from < at - onItsWay)
      // In flight: not answered before.
      .filter((attempt) => attempt.to === null && attempt.from > at - 3_000)
      .map(() => ({
        promise: 'P8' as const,
        rule: 'dropped in a drain',
        what: `process ${node} was asked to stop at ${Math.round(at)} ms and did not answer what it had accepted.`,
        evidence: [tell(history, operation)],
      })),
  )
}

function clients(history: History, { node, at, endedAt, readyAt }: Drain): Violation[] {
  const revokes = operationsOf(history, 'revoke')
  return history.devices.flatMap(({ name, sessions }): Violation[] => {
    const index = sessions.findIndex(
      (session) => session.node === node && session.from < at && (session.to ?? Infinity) > at,
    )
    const session = sessions[index]
    if (!session) return []
    const violation = (what: string): Violation[] => [
      {
        promise: 'P8',
        rule: 'dropped in a drain',
        what: `${name} was connected to process ${node}, which was asked to stop at ${Math.round(at)} ms, ${what}`,
        evidence: session.frames
          .slice(-5)
          .map((one) => `${Math.round(one.at)} ms: ${JSON.stringify(one.frame).slice(0, 160)}`),
      },
    ]
    const told = session.frames.findLast(({ frame }) => frame.type === 'closing')
    // Who was signed out at that moment is told so instead, and has nothing to resume.
    if (told && isSignedOut(told) && revokes.some((one) => one.session === session.signIn && one.from < told.at))
      return []
    let asked = told && askedFor(told)
    if (asked === undefined) return violation('and was not told to resume elsewhere.')
    if (session.to === null || session.to > endedAt + 1_000) return violation('and stayed connected.')
    for (const one of sessions.slice(index + 1).flatMap(({ frames }) => frames)) {
      // The next process may be asked to stop before it has let the client in.
      if (one.frame.type === 'closing' && one.frame.reason === 'server-stopping') asked = askedFor(one) ?? asked
      if (one.frame.type !== 'live') continue
      const late = one.at - asked
      if (late < backWithin + readyAt - endedAt) return []
      return violation(`and was live again ${Math.round(late)} ms after the moment for which it was asked.`)
    }
    return violation('and was never live again.')
  })
}

/** When a client that is told to resume elsewhere shall do so; undefined: it is told nothing like that. */
const askedFor = ({ at, frame }: Session['frames'][0]): number | undefined =>
  frame.type === 'closing' && frame.resume ? at + (frame.retryAfterSeconds ?? 0) * 1_000 : undefined

const isSignedOut = ({ frame }: Session['frames'][0]): boolean =>
  frame.type === 'closing' && frame.reason === 'signed-out'

const itself = ({ node, at, code }: Drain): Violation[] =>
  code === 0
    ? []
    : [
        {
          promise: 'P8',
          rule: 'dropped in a drain',
          what: `process ${node} was asked to stop at ${Math.round(at)} ms and ended with ${code ?? 'a signal'}.`,
          evidence: [],
        },
      ]
