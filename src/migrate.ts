import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError, readConfig } from '#platform/config.ts'
import { MigrationError, requireMigrated } from '#platform/db/migrate.ts'
import { takePasswordFrom } from '#platform/db/password-file.ts'
import { prepareDatabase } from '#platform/db/prepare.ts'

// The first step of a rollout, as a program of its own: brings the schema up to date and ends.
//   node src/migrate.ts          applies what is missing, and gives the API's role its rights (DATABASE_OWNER_URL)
//   node src/migrate.ts --wait   applies nothing; ends when somebody has, or after ten minutes with code 1

const say = (line: string) => process.stderr.write(`${line}\n`)
const patience = 10 * 60_000

async function wait(url: string): Promise<void> {
  const until = Date.now() + patience
  for (let said = ''; ; await sleep(2_000)) {
    const reason = await requireMigrated(url).then(
      () => null,
      (error: unknown) => error,
    )
    if (reason === null) return
    if (Date.now() > until) throw reason
    const line = reason instanceof MigrationError ? 'Waiting for the migrations.' : `Waiting: ${sentence(reason)}`
    if (line !== said) say(line)
    said = line
  }
}

function sentence(error: unknown): string {
  if (error instanceof ConfigError || error instanceof MigrationError) return error.message
  const { message, code } = error as NodeJS.ErrnoException
  return `The database at DATABASE_URL cannot be used: ${message || code}.`
}

try {
  const config = readConfig(process.env)
  const { databaseUrl, databasePasswordFile } = config
  if (!databaseUrl)
    throw new ConfigError('DATABASE_URL must be set: an embedded database is migrated by its own start.')
  if (process.argv.includes('--wait')) {
    if (databasePasswordFile) takePasswordFrom(databasePasswordFile)
    await wait(databaseUrl)
  } else {
    const onStep = (name: string) => say(`Applying ${name}`)
    await prepareDatabase({ ...config, migrates: true }, { embeddedUrl: null, onStep })
  }
  say('The schema is up to date.')
} catch (error) {
  say(sentence(error))
  process.exitCode = 1
}
