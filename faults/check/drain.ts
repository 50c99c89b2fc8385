import type { Drain, History } from '../history.ts'
import { type Rule, tell, type Violation } from './violation.ts'

// P8: a process that is asked to stop, while nothing else is wrong.

/** What left just before may not have arrived when the door closed: then it was refused, not dropped (ms). */
const onItsWay = 100
/** How soon after it was told to go elsewhere a client is live again (ms): the server spreads them over two seconds, and a busy machine takes its time. */
const backWithin = 15_000

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

function clients(history: History, { node, at, endedAt }: Drain): Violation[] {
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
    if (told?.frame.type !== 'closing' || !told.frame.resume) return violation('and was not told to resume elsewhere.')
    if (session.to === null || session.to > endedAt + 1_000) return violation('and stayed connected.')
    const back = sessions
      .slice(index + 1)
      .flatMap(({ frames }) => frames)
      .find(({ frame }) => frame.type === 'live')
    return back && back.at - at < backWithin
      ? []
      : violation(`and was live again ${back ? `${Math.round(back.at - at)} ms later` : 'never'}.`)
  })
}

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
