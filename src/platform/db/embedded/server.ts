import { startProgram } from './program.ts'
import type { Unprivileged } from './unprivileged.ts'

/** A running server. */
export interface Server {
  readonly pid: number
  /** What it said last, once it has ended for whatever reason. */
  readonly ended: Promise<string>
  /** Asks it to shut down: connections are cut, open transactions rolled back, everything written to disk. */
  stop(): void
}

export type Launch = { started: true; server: Server } | { started: false; log: string }

const keptLog = 8_000
const patienceOfStop = 30_000

/** What a server does that takes long to start, by what it has logged. */
export type SlowStart = 'starting' | 'recovering'

const recovers = /automatic recovery in progress|database system was interrupted|redo starts at/

export interface LaunchOptions {
  postgres: string
  cluster: string
  port: number
  settings: Settings
  /** After how long `onSlow` is called (ms); again when it turns out that the server is recovering. */
  patienceMs: number
  onSlow: (reason: SlowStart) => void
}

/** Starts the server on `port` of the loopback address; resolves when it takes connections or has given up. */
export async function launch(
  who: Unprivileged,
  { postgres, cluster, port, settings, patienceMs, onSlow }: LaunchOptions,
): Promise<Launch> {
  const {
    process: child,
    release,
    keepAlive,
  } = startProgram(who, [postgres, '-D', cluster, '-p', String(port), ...flags(settings)])
  let log = ''
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', release)
    child.once('close', () => resolve(log))
  })
  let patient = true
  let told: SlowStart | undefined
  const tell = () => {
    const reason = recovers.test(log) ? 'recovering' : 'starting'
    if (patient || reason === told) return
    told = reason
    onSlow(reason)
  }
  const ready = new Promise<void>((resolve) => {
    child.stdout?.resume()
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-keptLog)
      if (log.includes('ready to accept connections')) resolve()
      else tell()
    })
  })
  const slow = setTimeout(() => {
    patient = false
    tell()
  }, patienceMs)
  const started = await Promise.race([ready.then(() => true), ended.then(() => false)])
  clearTimeout(slow)
  patient = true
  if (!started) return { started: false, log }
  keepAlive(false)
  return { started: true, server: { pid: child.pid!, ended, stop } }

  function stop(): void {
    keepAlive(true)
    child.kill('SIGINT')
    // A shutdown that hangs is cut off; PostgreSQL repairs that at the next start and loses nothing acknowledged.
    const cut = setTimeout(() => child.kill('SIGQUIT'), patienceOfStop)
    void ended.finally(() => clearTimeout(cut))
  }
}

export type Settings = Readonly<Record<string, string | number>>

const defaults: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 100,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  // Its compiling costs more than our short statements, and shows as a stutter.
  jit: 'off',
  // Plans that were made while the tables were new and empty are made again soon after they have filled.
  autovacuum_naptime: '5s',
}

const flags = (settings: Settings): string[] =>
  Object.entries({ ...defaults, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
