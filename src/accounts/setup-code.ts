import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Reader, Transactor } from '#platform/db/database.ts'
import { refuse } from '#platform/contract/problem.ts'
import { isInhabited } from './place.ts'
import { accountProblems as problem } from './problems.ts'

// Whoever makes the first account owns the place, so they prove to be its operator: by a code that only the operator can
// read. Its hash stands in the database, so that it is one for all processes, and goes when the first account is there.

/** Crockford's base 32: nothing in it can be misread for another, in any case. */
const signs = '0123456789abcdefghjkmnpqrstvwxyz'

/** 80 bits, in four groups of four: unguessable, and typed in ten seconds. */
export function newSetupCode(): string {
  const drawn = [...randomBytes(16)].map((byte) => signs[byte % 32]!).join('')
  return drawn.match(/.{4}/g)!.join('-')
}

/** What was typed and what was made are compared without case, dashes and blanks, and with O and I, L as 0 and 1. */
export const setupCodeHash = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1'))
    .digest()

/** Refuses any code but the place's own. In a place without a code nobody can be first. */
export async function requireSetupCode(db: Reader, code: string | undefined): Promise<void> {
  if (code === undefined) throw refuse(problem['setup-code-needed'])
  const hash = await hashOf(db)
  if (!hash || !timingSafeEqual(hash, setupCodeHash(code))) throw refuse(problem['wrong-setup-code'])
}

/** From now on it is the place's code, and no other. */
export const keepSetupCode = async (db: Reader, code: string): Promise<void> =>
  void (await db
    .updateTable('place')
    .set({ setup_code_hash: setupCodeHash(code) })
    .execute())

/**
 * What a start finds: the place has its owner; this process knows the code; another one made it; or there is none, since
 * it could be kept nowhere.
 */
export type SetupCode =
  | { state: 'not-needed' }
  | { state: 'known'; code: string }
  | { state: 'made-elsewhere' }
  | { state: 'not-kept' }

/** How a process that starts comes by the code. */
export interface Keeping {
  /** `SETUP_CODE`, which replaces any other. */
  readonly given: string | null
  /** Whether no other process can have made a code: the database is this process's own. */
  readonly isAlone: boolean
  /** What this process, or one that shares its folder, has kept. Asked under the lock. */
  readonly kept: () => Promise<string | undefined>
  /** Keeps a new code where its operator can read it; false: that cannot be. */
  readonly keep: (code: string) => Promise<boolean>
}

/**
 * Sees at a start that a place without accounts has a code. A given one replaces any other; a kept one stays, if it is
 * still the place's. Else the first process makes one, and the others find it `made-elsewhere`.
 */
export async function readySetupCode(tx: Transactor, { given, isAlone, kept, keep }: Keeping): Promise<SetupCode> {
  // Most starts end here, and lock nothing.
  if ((await isInhabited(tx)) && !(await hashOf(tx))) return { state: 'not-needed' }
  await tx.selectFrom('place').select('one').forUpdate().executeTakeFirstOrThrow()
  const hash = await hashOf(tx)
  if (await isInhabited(tx)) {
    if (hash) await tx.updateTable('place').set({ setup_code_hash: null }).execute()
    return { state: 'not-needed' }
  }
  if (given !== null) {
    await keepSetupCode(tx, given)
    return { state: 'known', code: given }
  }
  const found = hash ? await kept() : undefined
  if (hash && found !== undefined && timingSafeEqual(hash, setupCodeHash(found))) return { state: 'known', code: found }
  if (hash && !isAlone) return { state: 'made-elsewhere' }
  const code = newSetupCode()
  // Before its hash: a code that nobody can read would keep everybody out.
  if (!(await keep(code))) return { state: 'not-kept' }
  await keepSetupCode(tx, code)
  return { state: 'known', code }
}

const hashOf = async (db: Reader): Promise<Buffer | null> =>
  (await db.selectFrom('place').select('setup_code_hash').executeTakeFirstOrThrow()).setup_code_hash
