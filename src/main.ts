import { readFile } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import path from 'node:path'
import pino from 'pino'
import type { App } from './app.ts'
import { type Config, ConfigError, readConfig } from '#platform/config.ts'
import { EmbeddedPostgresProblem } from '#platform/db/embedded/problems.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { MigrationError } from '#platform/db/migrate.ts'
import { prepareDatabase } from '#platform/db/prepare.ts'
import { startTracing, tracing, TracingProblem } from '#platform/tracing/tracing.ts'

// The API process. Starts what is needed, says where it is, and stops in good order.

const say = (line: string) => process.stderr.write(`${line}\n`)
const root = path.resolve(import.meta.dirname, '..')

let app: App | undefined
let postgres: EmbeddedPostgres | undefined
let stopping = false

async function start(): Promise<void> {
  const config = readConfig(process.env)
  // Half a second of loading, while the database starts beside it.
  const loading = import('./app.ts')
  loading.catch(() => {})
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string }
  if (!config.databaseUrl) {
    postgres = await startEmbeddedPostgres(path.join(config.dataDir, 'postgres'), {
      onProgress: say,
      onStopped: (problem) => fail(problem),
    })
  }
  const databaseUrl = await prepareDatabase(config, { embeddedUrl: postgres?.url ?? null })
  const { aboutSetup, setupAtStart } = await import('#accounts/setup-at-start.ts')
  const setup = await setupAtStart(databaseUrl, config)
  if (stopping) return
  // Before the app is made, which looks whether it is on.
  await startTracing(process.env, version)
  const { startApp } = await loading
  app = await startApp({ config, databaseUrl, logger: createLogger(config), version })
  // The code goes to a terminal alone, in the address, so that one click is enough; from there it is in no log.
  const isShown = setup.state === 'known' && process.stderr.isTTY
  const page = config.uiDir ? app.home : (config.uiOrigins[0] ?? app.home)
  say(`All is Whale is at ${isShown ? `${page}/#setup=${setup.code}` : app.home}`)
  const more = isShown ? undefined : aboutSetup(setup, config.dataDir)
  if (more) say(more)
  // Node.js keeps its compiled sources at the exit alone: a process that is killed would leave the next start none.
  flushCompileCache()
}

/** Of an error what helps; the database's own carry values of rows and the whole connection with them. */
function facts(error: Error & { code?: string }) {
  const { name, message, code, stack } = error
  return { name, message, code, stack }
}

function createLogger(config: Config) {
  const options = {
    level: config.logLevel,
    serializers: { err: facts },
    // Belt and braces: nothing logs headers or bodies, and if something ever does, these stay out.
    redact: ['req.headers', '*.password', '*.cookie', '*.token', '*.body'],
  }
  // People read a terminal, machines read JSON; a terminal gets only what matters.
  if (!process.stdout.isTTY) return pino(options)
  return pino({
    ...options,
    level: config.logLevel === 'info' ? 'warn' : config.logLevel,
    transport: { target: 'pino-pretty' },
  })
}

// Ctrl-C arrives two or three times (terminal, npm, bin/run.mjs): every call waits for the one stop.
let stopped: Promise<void> | undefined
const stop = (): Promise<void> => (stopped ??= stopInOrder())

async function stopInOrder(): Promise<void> {
  stopping = true
  // Whatever hangs must not keep the process for ever; Postgres survives being cut off.
  setTimeout(() => process.exit(1), 20_000).unref()
  await app?.stop()
  await tracing?.stop()
  await postgres?.stop()
}

function fail(error: unknown): void {
  say(sentence(error))
  process.exitCode = 1
  void stop().finally(() => process.exit())
}

/** What the operator reads: known troubles as one sentence that says what to do, others whole. */
function sentence(error: unknown): string {
  if (
    error instanceof ConfigError ||
    error instanceof EmbeddedPostgresProblem ||
    error instanceof MigrationError ||
    error instanceof TracingProblem
  )
    return error.message
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string }
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=8090 npm start (METRICS_PORT for ${process.env.METRICS_PORT ?? 9464}).`
  if (code === 'EACCES' && port)
    return `This user may not listen on port ${port}. Choose one from 1024 on: PORT=8090 npm start.`
  if (code === 'EADDRNOTAVAIL') return `HOST is ${address}, which is not an address of this machine.`
  if (code === 'ENOSPC')
    return 'The disk is full. Free some space and start again; nothing that was acknowledged is lost.'
  const away = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', '28P01', '3D000', '57P01', '57P03']
  if (process.env.DATABASE_URL && (away.includes(code ?? '') || message.startsWith('Connection terminated')))
    return `The database at DATABASE_URL cannot be used: ${message || code}. Check the address, the password and that it is running.`
  return error instanceof Error ? (error.stack ?? message) : String(error)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    void stop().then(() => process.exit(), fail)
  })

start().catch(fail)
