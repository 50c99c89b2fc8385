import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Bus } from './bus.ts'
import { inProcessBus } from './in-process.ts'
import { natsBus } from './nats.ts'
import { notifyBus } from './notify.ts'

export interface BusOptions<Hint> {
  databaseUrl: string
  /** What these processes have in common, and nobody else knows. */
  secret: string
  /** The database's clock (ms since 1970); undefined as long as it is not known. */
  now(): number | undefined
  /** Leaves out of a hint what the other processes can read from Postgres. */
  slim(hint: Hint): Hint
  log: Logger
}

/** The bus that the settings name. It connects by itself: a place works without it, only later. */
export function openBus<Hint>(chosen: Config['bus'], options: BusOptions<Hint>): Bus<Hint> {
  const { databaseUrl, ...rest } = options
  const { secret } = rest
  switch (chosen.kind) {
    case 'in-process':
      return inProcessBus(rest)
    case 'notify':
      return notifyBus({ url: databaseUrl, channel: 'all_is_whale', ...rest })
    case 'nats':
      return natsBus({ ...chosen, subject: subjectFor(secret), subjectFor, ...rest })
  }
}

/** Of what only the processes of this place know: two places on the same NATS servers must not hear each other. */
const subjectFor = (secret: string): string =>
  `all-is-whale.${createHash('sha256').update(`bus ${secret}`).digest('hex').slice(0, 16)}`
