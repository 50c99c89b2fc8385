import { countRefusal } from '#audit/note.ts'
import { Refusal } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import { network } from '#platform/http/network.ts'
import type { Origin } from '#platform/http/origin.ts'
import { accountProblems as problem } from './problems.ts'
import { tidyEmail } from './rules.ts'

/**
 * Where a password was judged. Who is told to slow down was not, and is not written down: in a flood that answer must stay
 * cheaper than the question.
 */
const judged: readonly string[] = [problem['wrong-credentials'].code, problem['account-deactivated'].code]

/**
 * Counts the refusal of a sign-in in the audit list, before it is answered. The same statement whether the account
 * exists or not, so that its time tells nothing.
 */
export async function withRefusals<T>(
  db: Reader,
  email: string,
  from: Origin & { ipAddress: string },
  signingIn: Promise<T>,
): Promise<T> {
  try {
    return await signingIn
  } catch (error) {
    if (error instanceof Refusal && judged.includes(error.problem.code))
      await countRefusal(db, {
        account: { email: tidyEmail(email) },
        from,
        network: network(from.ipAddress),
        reason: error.problem.code,
      })
    throw error
  }
}
