import { type Config, ConfigError } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { transact } from '#platform/db/transact.ts'
import { forgetSetupCodeGuesses } from './attempts.ts'
import { isInhabited } from './place.ts'
import { keepSetupCode, newSetupCode, readySetupCode, type SetupCode } from './setup-code.ts'
import { readSetupCode, removeSetupCode, setupCodeFile, writeSetupCode } from './setup-code-file.ts'

type Where = Pick<Config, 'dataDir' | 'databaseUrl' | 'setupCode'>

/** Sees that a place without an owner has a setup code which its operator can read. The schema must be up to date. */
export async function setupAtStart(url: string, { dataDir, databaseUrl, setupCode }: Where): Promise<SetupCode> {
  const db = openDatabase(url, { poolSize: 1 })
  try {
    return await transact(db.query, async (tx) => {
      const found = await readySetupCode(tx, {
        given: setupCode,
        // With the database of its own there is no other process that could have made the code.
        isAlone: databaseUrl === null,
        kept: () => readSetupCode(dataDir),
        keep: (code) => isWritten(dataDir, code),
      })
      // Under the same lock, for processes may share the folder. Any other code in the file would mislead: the one of
      // before `SETUP_CODE`, or of a place that has its owner by now.
      const inFile = await readSetupCode(dataDir)
      if (inFile !== undefined && !(found.state === 'known' && found.code === inFile))
        await removeSetupCode(dataDir).catch(() => {})
      return found
    })
  } finally {
    await db.close()
  }
}

/**
 * The code that works from now on, in its file where that can be written; null: the place has its owner. Throws
 * `ConfigError`, and leaves the code before, where the new one would be neither in a file nor shown to anybody.
 */
export async function makeSetupCode(
  url: string,
  dataDir: string,
  { isShown }: { isShown: boolean },
): Promise<{ code: string; isKept: boolean } | null> {
  const db = openDatabase(url, { poolSize: 1 })
  try {
    return await transact(db.query, async (tx) => {
      // The lock under which only one can be first.
      await tx.selectFrom('place').select('one').forUpdate().execute()
      if (await isInhabited(tx)) return null
      const code = newSetupCode()
      const isKept = await isWritten(dataDir, code)
      if (!isKept && !isShown)
        throw new ConfigError('DATA_DIR cannot be written to, and this is no terminal: set SETUP_CODE instead.')
      await keepSetupCode(tx, code)
      await forgetSetupCodeGuesses(tx)
      return { code, isKept }
    })
  } finally {
    await db.close()
  }
}

const isWritten = (dataDir: string, code: string): Promise<boolean> =>
  writeSetupCode(dataDir, code).then(
    () => true,
    () => false,
  )

/** What the operator reads at the start besides the address. The code itself goes to a terminal alone, never to a log. */
export function aboutSetup(found: SetupCode, dataDir: string): string | undefined {
  if (found.state === 'known')
    return `The first account needs the setup code: it is in ${setupCodeFile(dataDir)}, or what SETUP_CODE says.`
  if (found.state === 'made-elsewhere')
    return 'The first account needs the setup code that another process made; npm run setup-code makes a new one.'
  if (found.state === 'not-kept')
    return 'The first account needs a setup code, and DATA_DIR cannot be written to: set SETUP_CODE.'
  return undefined
}
