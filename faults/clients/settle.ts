import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#seed/random.ts'
import type { ApiProcess } from '../cluster/api-process.ts'
import type { Operation } from '../history.ts'
import { type Answer, ask, type Person } from './ask.ts'

export interface Request {
  method: string
  path: string
  content?: object
  /** Codes that mean "it is as you want it" when an earlier, unanswered try may have done it. */
  doneBefore?: readonly string[]
}

/**
 * Asks until there is an answer that settles it: a success, or a refusal. What is not answered, or answered with a
 * 5xx or 429, may or may not have happened, and is asked again, of any process. `twin`: the first try goes to two
 * processes at once. Gives up when `over` says so.
 */
export async function settle(
  operation: Operation,
  { method, path, content, doneBefore = [] }: Request,
  how: { person: Person; nodes: readonly ApiProcess[]; random: Random; over: () => boolean; twin?: boolean },
): Promise<void> {
  const { person, nodes, random } = how
  let untold = false
  const once = async (node: ApiProcess): Promise<boolean> => {
    const answer: Answer = await ask(node, person, method, path, content, operation.attempts)
    if (answer.status !== null && answer.status < 300) {
      operation.replies.push(answer.body as never)
      // Of twins one may have been refused before the other was acknowledged.
      if (operation.outcome !== 'acknowledged') operation.to = performance.now()
      operation.outcome = 'acknowledged'
      return true
    }
    const code = (answer.body as { code?: string } | null)?.code ?? ''
    if (answer.status === null || answer.status >= 500 || answer.status === 429) {
      untold = true
      return false
    }
    if (operation.outcome === 'acknowledged') return true
    // A refusal now says nothing of an earlier try that was never answered.
    if (untold) operation.outcome = doneBefore.includes(code) ? 'acknowledged' : 'unknown'
    else operation.outcome = 'refused'
    operation.code = code
    operation.to ??= performance.now()
    return true
  }
  if (how.twin) {
    const [one, other] = random.shuffled(nodes)
    const settled = await Promise.all([once(one!), once(other ?? one!)])
    if (settled.includes(true)) return
  }
  for (let tries = 0; !how.over(); tries += 1) {
    if (await once(random.pick(nodes))) return
    await sleep(Math.min(50 * 2 ** tries, 400) * (0.5 + random.next()))
  }
}

/** Whether a try of it may still take effect, after all the others. */
export const mayLinger = (operation: Operation): boolean =>
  operation.attempts.some(({ status }) => status === null || status >= 500)
