import { existsSync } from 'node:fs'
import path from 'node:path'
import { rotateSecret } from '#accounts/rotate-secret.ts'
import { systemClock } from '#platform/clock.ts'
import { ConfigError, readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { EmbeddedPostgresProblem } from '#platform/db/embedded/problems.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate, MigrationError, requireMigrated } from '#platform/db/migrate.ts'
import { takePasswordFrom } from '#platform/db/password-file.ts'

// `npm run rotate-secret`: gives the place a new secret, and ends everything that opens by a token. With DATABASE_URL it
// works while processes run, and they notice within two seconds. An embedded database is this command's alone: stop the
// server before.

const say = (line: string): void => void process.stderr.write(`${line}\n`)

async function run(): Promise<void> {
  const { databaseUrl, databasePasswordFile, dataDir } = readConfig(process.env)
  if (databaseUrl) {
    if (databasePasswordFile) takePasswordFrom(databasePasswordFile)
    await requireMigrated(databaseUrl)
    await rotate(databaseUrl)
    say('Processes that run have noticed within two seconds.')
    return
  }
  const folder = path.join(dataDir, 'postgres')
  if (!existsSync(folder))
    throw new ConfigError(`There is no place in ${path.resolve(dataDir)}. DATA_DIR or DATABASE_URL says where it is.`)
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres(folder, { onProgress: say })
  try {
    await migrate(postgres.url)
    await rotate(postgres.url)
  } finally {
    await postgres.stop()
  }
}

async function rotate(url: string): Promise<void> {
  const db = openDatabase(url, { poolSize: 1 })
  try {
    const { sessions, invitations, resetLinks } = await rotateSecret(db.query, systemClock)
    say('The place has a new secret.')
    say(`Ended: ${sessions} sessions, ${invitations} invitation links, ${resetLinks} reset links.`)
    say('Everybody signs in again with the password that they have. Make new links where they are needed.')
  } finally {
    await db.close()
  }
}

/** What the operator reads: known troubles as one sentence, others whole. */
function sentence(error: unknown): string {
  if ([ConfigError, EmbeddedPostgresProblem, MigrationError].some((kind) => error instanceof kind))
    return (error as Error).message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (process.env.DATABASE_URL && code) return `The database at DATABASE_URL cannot be used: ${message || code}.`
  return stack ?? message
}

try {
  await run()
} catch (error) {
  say(sentence(error))
  process.exitCode = 1
}
