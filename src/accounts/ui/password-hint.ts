import { checkPassword, leastPassword } from './check.ts'

/** Under a new password: what is asked, and green as soon as it is met. */
export function passwordHint(typed: string): { hint: string; good: boolean } {
  const good = checkPassword(typed) === undefined
  return {
    good,
    hint: good ? 'Long enough.' : `At least ${leastPassword} characters. A short sentence is easy to keep.`,
  }
}
