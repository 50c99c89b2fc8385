import path from 'node:path'
import { makeSetupCode } from '#accounts/setup-at-start.ts'
import { setupCodeFile } from '#accounts/setup-code-file.ts'
import { ConfigError, readConfig } from '#platform/config.ts'
import { EmbeddedPostgresProblem } from '#platform/db/embedded/problems.ts'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate, MigrationError, requireMigrated } from '#platform/db/migrate.ts'
import { takePasswordFrom } from '#platform/db/password-file.ts'

// `npm run setup-code`: makes a new code for the first account, and the one before opens nothing any more. For whoever
// cannot read the file of the process that made it. With the embedded database the place must be stopped: its own start
// makes a code that is lost anew.

const say = (line: string) => process.stderr.write(`${line}\n`)

async function run(): Promise<void> {
  const { databaseUrl, databasePasswordFile, dataDir } = readConfig(process.env)
  if (databasePasswordFile) takePasswordFrom(databasePasswordFile)
  const postgres = databaseUrl ? undefined : await startEmbeddedPostgres(path.join(dataDir, 'postgres'))
  try {
    const url = databaseUrl ?? postgres!.url
    await (databaseUrl ? requireMigrated(url) : migrate(url))
    // Where nobody sits it might end in a log.
    const isShown = process.stdout.isTTY
    const made = await makeSetupCode(url, dataDir, { isShown })
    if (!made) return void say('This place has its owner already: nobody needs a setup code any more.')
    if (isShown) process.stdout.write(`${made.code}\n`)
    if (made.isKept) say(`The new setup code is in ${setupCodeFile(dataDir)}.`)
  } finally {
    await postgres?.stop()
  }
}

run().catch((error: unknown) => {
  const known = [ConfigError, EmbeddedPostgresProblem, MigrationError].some((kind) => error instanceof kind)
  const { message, code } = error as NodeJS.ErrnoException
  say(known ? message : `The setup code was not changed: ${message || code}`)
  process.exitCode = 1
})
