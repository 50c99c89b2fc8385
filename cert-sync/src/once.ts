// `configure-tls-resources --once [--dry-run]`: one run of what the controller does all the time.
import { createClients } from './acm/client.ts'
import { wallClock } from './clock.ts'
import { Pulse } from './health.ts'
import { connectFromEnvironment } from './kubernetes/api.ts'
import { messageOf } from './log.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { runReplica } from './replica.ts'
import { readSettings } from './settings.ts'
import { show } from './show.ts'
import { survey } from './survey.ts'
import type { Surroundings } from './term.ts'
import { doors, leaseMs, retry } from './timing.ts'
import { wait } from './wait.ts'

const usage = `configure-tls-resources --once [--dry-run]

Brings the certificates of the opted-in Ingresses from their Secrets to ACM, once. With --dry-run it only says what it
would do. It takes the same settings as the controller (cert-sync/README.md), and KUBECONFIG; while a controller leads,
it waits for the Lease.
`

/** Resolves to the exit code: 0 done or shown, 1 failed or left something undone, 2 asked wrongly. */
export async function once(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const known = args.every((arg) => ['--once', '--dry-run'].includes(arg))
  if (!known || !args.includes('--once')) {
    process.stderr.write(usage)
    return 2
  }
  try {
    const settings = { ...readSettings(env), checkHosts: false }
    const around: Surroundings = {
      settings,
      api: connectFromEnvironment(),
      clients: createClients(settings.region),
      clock: wallClock,
      metrics: createMetrics(),
      log: plainLog,
      retry,
      doors,
    }
    if (!args.includes('--dry-run')) await runUntilIdle(around)
    const found = await survey(around)
    process.stdout.write(show(found, settings))
    if (args.includes('--dry-run')) process.stdout.write('\nNothing was changed (--dry-run).\n')
    else return found.secrets.every(({ planned }) => planned.inSync) ? 0 : 1
    return 0
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    return 1
  }
}

const plainLog: Log = (level, message) =>
  void process.stderr.write(`${level === 'info' ? '' : `${level}: `}${message}\n`)

async function runUntilIdle(around: Surroundings): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const health = { loop: new Pulse(), cluster: new Pulse() }
  const replica = runReplica(around, leaseMs, health, stop.signal)
  // Watches bring what our own writes changed, and it is looked at too: idle for a second means done.
  for (let idle = 0; idle < 10 && !stop.signal.aborted; await wait(100, stop.signal))
    idle = replica.term()?.idle() ? idle + 1 : 0
  stop.abort()
  await replica.stopped
}
