import { type Reader, sqlState, type Transactor } from './database.ts'

const mostTries = 4

/**
 * Runs `work` in a transaction, and again when PostgreSQL ended it for the sake of another one (a deadlock, a
 * serialisation failure): nobody has done anything wrong then. `work` may so run several times, and only the last of
 * them counts: what it does outside of the transaction belongs after it.
 */
export async function transact<T>(db: Reader, work: (tx: Transactor) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      // Named, for a server may have another by default: under it, who waited for a lock sees what it was held for.
      return await db.transaction().setIsolationLevel('read committed').execute(work)
    } catch (error) {
      if (!mayTryAgain(error) || tries === mostTries) throw error
    }
  }
}

/** Whether the same statement or transaction may succeed when it is tried again. */
export const mayTryAgain = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '')
