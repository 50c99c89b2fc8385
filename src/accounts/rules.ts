import { emailOf } from '#platform/contract/email.ts'
import { nameFault, spellName } from '#platform/contract/readable.ts'
import type { Role } from './shapes.ts'

// Pure questions about names and ranks.

/** The longest name of a person, a group or the place, in code points. */
const longestName = 80

/**
 * A name as it is kept: trimmed, in normal form C. Returns what is wrong with it instead, as a fragment for
 * the field, where it cannot be one.
 */
export function tidyName(given: string): { name: string } | { problem: string } {
  const name = spellName(given)
  const problem = nameFault(name)
  if (problem !== undefined) return { problem }
  // Normal form C is longer than the original in rare cases.
  if (Array.from(name).length > longestName) return { problem: `is longer than ${longestName} characters` }
  return { name }
}

/** An e-mail address as it is kept and compared; what is none, and so nobody's, in lower case. */
export const tidyEmail = (given: string): string => emailOf(given) ?? given.trim().toLowerCase()

/**
 * Who may act upon whose account: give it a role, deactivate or restore it, end its sessions, make a reset link for it.
 * Owners upon everybody's, admins upon all but owners'.
 */
export const mayAdminister = (actor: { role: Role }, target: { role: Role }): boolean =>
  actor.role === 'owner' || (actor.role === 'admin' && target.role !== 'owner')
