// Pure questions about names and passwords.

/** Control characters, line ends and marks that turn the direction of the text around them. */
const unruly = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * A name as it is kept: trimmed, in normal form C. Returns what is wrong with it instead, as a fragment for
 * the field, where it cannot be one.
 */
export function tidyName(given: string): { name: string } | { problem: string } {
  const name = given.normalize('NFC').trim()
  if (unruly.test(name)) return { problem: 'has a character that names cannot have' }
  if (!visible.test(name)) return { problem: 'has nothing that can be seen' }
  // Normal form C is longer than the original in rare cases.
  if (Array.from(name).length > 80) return { problem: 'is longer than 80 characters' }
  return { name }
}

/** An e-mail address as it is kept and compared. */
export const tidyEmail = (given: string): string => given.trim().toLowerCase()

/** Whether a password is among the first that anybody would try for this person. */
export function isWeak(password: string, person: { name: string; email: string }): boolean {
  const plain = password.normalize('NFKC').trim().toLowerCase()
  if (Array.from(plain).length < 10) return true
  if (new Set(plain).size === 1) return true
  const email = tidyEmail(person.email)
  const [mailbox] = email.split('@')
  return [email, mailbox, person.name.normalize('NFKC').trim().toLowerCase()].includes(plain)
}
