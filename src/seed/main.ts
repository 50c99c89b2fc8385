import path from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { EmbeddedPostgresProblem } from '#platform/db/embedded/problems.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { MigrationError } from '#platform/db/migrate.ts'
import { prepareDatabase } from '#platform/db/prepare.ts'
import { characters, demoPassword } from './cast.ts'
import { fillPlace, PlaceInhabited } from './fill.ts'

// `npm run seed -- --messages 100000 --seed 1`: fills an empty place, so that people can look around.

const say = (line: string): void => void process.stderr.write(`${line}\n`)

class BadOption extends Error {}

const usage = 'npm run seed -- [--messages 100000] [--seed 1] [--until 2026-11-20T16:00:00Z]'

function readOptions(): { messages: number; seed: number; until: Date } {
  const text = { type: 'string' } as const
  let given
  try {
    given = parseArgs({ options: { messages: text, seed: text, until: text } }).values
  } catch (error) {
    throw new BadOption(`${(error as Error).message.split('. ')[0]}. Use it like this: ${usage}`)
  }
  const integer = (name: 'messages' | 'seed', usual: number, least: number, most: number): number => {
    const value = Number(given[name] ?? usual)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new BadOption(`--${name} is "${given[name]}"; it must be a whole number from ${least} to ${most}.`)
  }
  const until = new Date(given.until ?? Date.now())
  if (Number.isNaN(until.getTime()) || until.getTime() < Date.UTC(2000, 0))
    throw new BadOption(`--until is "${given.until}"; a moment looks like 2026-11-20T16:00:00Z.`)
  return { messages: integer('messages', 100_000, 100, 2_000_000), seed: integer('seed', 1, 0, 2 ** 31), until }
}

async function run(): Promise<void> {
  const options = readOptions()
  const config = readConfig(process.env)
  let postgres: EmbeddedPostgres | undefined
  if (!config.databaseUrl)
    postgres = await startEmbeddedPostgres(path.join(config.dataDir, 'postgres'), { onProgress: say })
  try {
    const url = await prepareDatabase(config, { embeddedUrl: postgres?.url ?? null })
    const db = openDatabase(url, { poolSize: 2, unhurried: true })
    try {
      const began = performance.now()
      say(`Writing ${options.messages.toLocaleString('en')} messages…`)
      const filled = await fillPlace(db, { ...options, onProgress: say })
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      say(
        `Tidewater has ${filled.accounts} people, ${filled.conversations} conversations and ` +
          `${filled.messages.toLocaleString('en')} messages now (${seconds} s).`,
      )
      say(`Start it with npm start and sign in, all with the password: ${demoPassword}`)
      for (const { name, email } of characters.slice(0, 4)) say(`  ${email}  ${name}`)
      say(
        `  … and ${characters.length - 4} more, such as edsger@tidewater.example and helena@northquay.example, who are guests`,
      )
    } finally {
      await db.close()
    }
  } finally {
    await postgres?.stop()
  }
}

/** SQLSTATE classes 08 and 57 (a connection that ended, a server that stopped or cancelled), and pg's own words. */
const isDatabaseLost = (code: string | undefined, message: string): boolean =>
  /^(08|57)|^ECONNRESET$|^EPIPE$/.test(code ?? '') || message.startsWith('Connection terminated')

/** What the operator reads: known troubles as one sentence, others whole. */
function sentence(error: unknown): string {
  const known = [BadOption, PlaceInhabited, ConfigError, EmbeddedPostgresProblem, MigrationError]
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (known.some((kind) => error instanceof kind)) return message
  if (process.env.DATABASE_URL && ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '28P01', '3D000'].includes(code ?? ''))
    return `The database at DATABASE_URL cannot be used: ${message || code}. Check the address, the password and that it is running.`
  if (code === 'ENOSPC' || code === '53100')
    return 'The disk is full. Nothing was kept; free some space and seed again.'
  if (isDatabaseLost(code, message))
    return `The database went away before it had everything (${message}). Nothing was kept; seed again, with fewer messages on a slow machine: npm run seed -- --messages 10000.`
  return stack ?? String(error)
}

run().catch((error: unknown) => {
  say(sentence(error))
  process.exitCode = 1
})

// One transaction writes it all, so being stopped half-way leaves an empty place; the server ends with this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    say('Stopped. Nothing was kept.')
    process.exit(130)
  })
