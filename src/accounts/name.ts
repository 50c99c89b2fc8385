import { refuse } from '#platform/contract/problem.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { tidyName } from './rules.ts'

/** The name as it is kept, or a refusal that points at the field. */
export function requireName(given: string, at: string): string {
  const tidied = tidyName(given)
  if ('name' in tidied) return tidied.name
  throw refuse(httpProblems['wrong-format'], { fields: [{ at, problem: tidied.problem }] })
}
