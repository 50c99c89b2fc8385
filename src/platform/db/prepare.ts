import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { admitApi, roleIn, urlFor } from './api-role.ts'
import { migrate, requireMigrated } from './migrate.ts'
import { takePasswordFrom } from './password-file.ts'

export interface PrepareOptions {
  /** The embedded server's superuser; null: the settings name a server. */
  embeddedUrl: string | null
  /** Called with a migration's name before it is applied. */
  onStep?: (name: string) => void
}

type Settings = Pick<
  Config,
  'databaseUrl' | 'databasePasswordFile' | 'databaseOwnerUrl' | 'databaseOwnerPasswordFile' | 'migrates'
>

/** The API's role in the embedded server. */
export const embeddedRole = 'whale_api'

/**
 * Brings the schema up to date, unless the settings say that somebody else does, and gives the API's role its rights.
 * Resolves to the address that the API uses. Throws `MigrationError` with a sentence for operators.
 */
export async function prepareDatabase(settings: Settings, { embeddedUrl, onStep }: PrepareOptions): Promise<string> {
  if (embeddedUrl !== null) {
    await (settings.migrates ? migrate(embeddedUrl, onStep) : requireMigrated(embeddedUrl))
    // Another password at every start, which this process alone knows: no file has to keep it.
    const role = { name: embeddedRole, password: randomBytes(24).toString('base64url') }
    await admitApi(embeddedUrl, role)
    return urlFor(embeddedUrl, role)
  }
  const { databaseUrl, databasePasswordFile, databaseOwnerUrl, databaseOwnerPasswordFile, migrates } = settings
  if (databaseUrl === null) throw new Error('There is neither an embedded server nor DATABASE_URL.')
  if (migrates && databaseOwnerUrl !== null) {
    if (databaseOwnerPasswordFile) takePasswordFrom(databaseOwnerPasswordFile)
    await migrate(databaseOwnerUrl, onStep)
    const { name, password } = roleIn(databaseUrl)
    const filed = databasePasswordFile ? (await readFile(databasePasswordFile, 'utf8')).trim() : null
    await admitApi(databaseOwnerUrl, { name, password: password ?? filed })
  }
  if (databasePasswordFile) takePasswordFrom(databasePasswordFile)
  if (databaseOwnerUrl === null) await (migrates ? migrate(databaseUrl, onStep) : requireMigrated(databaseUrl))
  else if (!migrates) await requireMigrated(databaseUrl)
  return databaseUrl
}
