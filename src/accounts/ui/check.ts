import { Email, Name, Password, Place } from '#accounts/shapes.ts'
import { isEmail } from '#platform/contract/email.ts'
import { tidyName } from '../rules.ts'
import type { ApiProblem } from '#platform/ui/api.ts'

/** What is wrong with what was typed, as a sentence, or undefined. The limits are the contract's own. */
export type Check = (typed: string) => string | undefined

const checkNaming =
  (missing: string, most: number): Check =>
  (typed) => {
    if (typed.trim() === '') return missing
    if (typed.length > most) return `At most ${most} characters, please.`
    const tidied = tidyName(typed)
    return 'problem' in tidied ? `This name ${tidied.problem}.` : undefined
  }

export const checkName = checkNaming('Write the name that others shall see.', limit(Name))
export const checkPlaceName = checkNaming('Give the place a name.', limit(Place.properties.name))

export const checkSetupCode: Check = (typed) =>
  typed.trim() === ''
    ? 'Write the setup code: it is in the server’s file data/setup-code, or what SETUP_CODE says.'
    : undefined

/** Only what is certainly wrong: whether an address exists is not for a pattern to say. */
export const checkEmail: Check = (typed) => {
  const [, domain] = typed.trim().split(/[@＠](?=[^@＠]*$)/)
  if (typed.trim() === '') return 'Write your e-mail address.'
  if (!domain) return 'An e-mail address looks like ada@tidewater.example.'
  if (!/[.。．｡]/u.test(domain)) return `“${typed.trim()}” has no ending such as .example.`
  if (typed.length <= limit(Email) && !isEmail(typed)) return 'An e-mail address looks like ada@tidewater.example.'
  return typed.length > limit(Email) ? `At most ${limit(Email)} characters, please.` : undefined
}

export const leastPassword: number = (Password as { minLength?: number }).minLength ?? 1

export const checkPassword: Check = (typed) => {
  if (typed.length < leastPassword) return `At least ${leastPassword} characters; a short sentence is easy to keep.`
  return typed.length > limit(Password) ? `At most ${limit(Password)} characters, please.` : undefined
}

function limit(shape: unknown): number {
  return (shape as { maxLength?: number }).maxLength ?? Infinity
}

/** Where a refusal belongs: the field that it speaks of, else the whole form. */
export function placeProblem(
  problem: ApiProblem,
): { email?: string; password?: string; name?: string; place?: string; code?: string } | null {
  if (problem.code === 'wrong-setup-code' || problem.code === 'setup-code-needed') return { code: problem.title }
  if (problem.code === 'email-taken') return { email: problem.title }
  if (problem.code === 'looks-like-another') return { name: problem.title }
  if (problem.code === 'weak-password') return { password: problem.title }
  const found = {
    email: problem.at('/body/email'),
    password: problem.at('/body/password'),
    name: problem.at('/body/name'),
    place: problem.at('/body/placeName'),
    code: problem.at('/body/setupCode'),
  }
  return Object.values(found).some(Boolean) ? found : null
}
