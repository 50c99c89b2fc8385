import { refuse } from '#platform/contract/problem.ts'
import type { Reader } from '#platform/db/database.ts'
import { commonPasswords } from './common-passwords.ts'
import { accountProblems as problem } from './problems.ts'
import { tidyEmail } from './rules.ts'

/** Whose password it shall be. */
export interface PasswordOwner {
  readonly name: string
  readonly email: string
}

const fewestCharacters = 10
const productName = 'All is Whale'

let common: ReadonlySet<string> | undefined

/**
 * The one rule for every new password, at sign-up, change and reset. Refuses with `weak-password`. `placeName` is for
 * the first account, which names the place with the same request.
 */
export async function requireStrong(
  db: Reader,
  password: string,
  owner: PasswordOwner,
  placeName?: string,
): Promise<void> {
  const { name } = await db.selectFrom('place').select('name').executeTakeFirstOrThrow()
  const names = [owner.name, ...waysToWrite(owner.email), productName, name, placeName ?? '']
  if (isWeak(password, names)) throw refuse(problem['weak-password'])
}

const waysToWrite = (given: string): string[] => {
  const email = tidyEmail(given)
  return [email, email.split('@')[0]!]
}

/** Whether a password is among the first that anybody would try who knows these names. */
export function isWeak(password: string, names: readonly string[]): boolean {
  const plain = password.normalize('NFKC').trim().toLowerCase()
  if (Array.from(plain).length < fewestCharacters) return true
  if (new Set(plain).size === 1) return true
  // Made of the list when it is first needed: the start of a process waits for nothing.
  common ??= new Set(commonPasswords.trim().split(/\s/))
  return common.has(plain) || names.some((name) => isHardlyMore(plain, name))
}

/** Whether a password is a name, once or several times, with hardly more than a year or an exclamation mark. */
function isHardlyMore(password: string, name: string): boolean {
  const wanted = letters(name)
  const given = letters(password)
  if (!wanted || !given.includes(wanted)) return false
  const rest = given.replaceAll(wanted, '')
  return Array.from(rest).length <= 4 || /^\p{N}{5,8}$/u.test(rest)
}

/** Letters and digits alone: between them people write spaces, dots and dashes as they like. */
const letters = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
