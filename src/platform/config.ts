import { isIP } from 'node:net'
import path from 'node:path'
import type { NatsTls } from './bus/nats.ts'
import { hostName } from './http/host-name.ts'
import type { MetricsTls } from './metrics/metrics.ts'

/** Everything that can be set from outside. `docs/running.md` lists the variables with their defaults. */
export interface Config {
  host: string
  port: number
  /** null: no metrics listener. */
  metricsPort: number | null
  /** Where it listens: loopback, whatever `host` is, unless it is said. */
  metricsHost: string
  /** Files with the metrics listener's certificate; null: it speaks plain HTTP. */
  metricsTls: MetricsTls | null
  dataDir: string
  /** null: start the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null
  /** Holds the password of `databaseUrl`, read again at every connection; null: the address has it. */
  databasePasswordFile: string | null
  /** The role that migrations run as, where the API's own may change no schema; null: that of `databaseUrl` does both. */
  databaseOwnerUrl: string | null
  /** Holds the password of `databaseOwnerUrl`; null: the address has it. */
  databaseOwnerPasswordFile: string | null
  /** Whether a start brings the schema up to date, or relies on `src/migrate.ts` having done so. */
  migrates: boolean
  databasePoolSize: number
  /** A standby that history is read from; null: everything is read from the primary. */
  databaseReplicaUrl: string | null
  /** What carries hints between the processes of the place. */
  bus: { kind: 'in-process' } | { kind: 'notify' } | { kind: 'nats'; servers: string[]; tls?: NatsTls }
  /** The code that the first account needs, where the operator sets it; null: the first process makes one. */
  setupCode: string | null
  /** Origin under which people open the place, such as `https://chat.tidewater.example`; empty: not said. */
  publicUrl: string
  /** Further names that requests may come for, such as `api.internal`. */
  hosts: string[]
  /** Origins of the UI besides the API's own, such as `https://chat.tidewater.example`. */
  uiOrigins: string[]
  /** Folder of the built UI, or null: this process serves the API alone. */
  uiDir: string | null
  /** Origin of the API as the UI shall call it; empty: where the UI came from. */
  apiOrigin: string
  /** Addresses and ranges of the proxies whose `X-Forwarded-*` headers are believed. */
  trustedProxies: string[]
  logLevel: string
  limits: {
    /** Requests a minute by one account. */
    requestsPerMinute: number
    /** Requests a minute by one address, of those who are not signed in. A thousand people may be behind it. */
    requestsPerMinuteOfAddress: number
    /** Messages a minute by one account. */
    sendsPerMinute: number
    /** Connections of one account to the stream, at the same time. */
    streamsPerAccount: number
    /** What may be under way in this process at the same time. */
    inFlight: {
      requestsOfAccount: number
      /** Of those behind one address who are not signed in. */
      requestsOfAddress: number
      requests: number
      /** Bodies that have not come to their end; of 16 kB at most. */
      smallBodiesOfAccount: number
      /** Bodies above 16 kB: those of long messages. */
      largeBodiesOfAccount: number
      largeBodies: number
      /** Pictures. */
      uploadsOfAccount: number
      uploads: number
      /** Bytes of frames to the stream that have not come to their end. */
      frameBytesOfAccount: number
      frameBytes: number
    }
  }
}

export class ConfigError extends Error {}

/** Reads and checks the environment. Throws `ConfigError` with a sentence that names the variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const text = (name: string) => env[name]?.trim() || undefined
  const integer = (name: string, usual: number, least: number, most: number) => {
    const given = text(name)
    if (given === undefined) return usual
    const value = Number(given)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new ConfigError(`${name} is "${given}"; it must be a whole number from ${least} to ${most}.`)
  }
  const origin = (name: string, given: string) => {
    const url = URL.parse(given)
    if (url && /^https?:$/.test(url.protocol) && url.origin === given.replace(/\/$/, '')) return url.origin
    throw new ConfigError(`${name} has "${given}"; an origin looks like https://chat.tidewater.example.`)
  }
  const list = (name: string) =>
    (text(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
  const proxy = (given: string) => {
    const [address, bits, ...rest] = given.split('/')
    const known = ['loopback', 'linklocal', 'uniquelocal'].includes(given)
    if (known || (isIP(address!) && rest.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits)))) return given
    throw new ConfigError(
      `TRUSTED_PROXIES has "${given}"; it takes addresses and ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal.`,
    )
  }
  const setupCode = (given: string | undefined) => {
    // Dashes are only to be read by.
    if (given === undefined || (/^[a-z0-9-]{12,100}$/i.test(given) && given.replaceAll('-', '').length >= 12))
      return given ?? null
    // Not repeated here: it is a secret.
    throw new ConfigError(
      'SETUP_CODE must have 12 letters and digits at least, dashes between them, and 100 signs at most: openssl rand -hex 12',
    )
  }
  const nameOfHost = (given: string) => {
    const found = hostName(given)
    if (found !== undefined) return found
    throw new ConfigError(
      `HOSTS has "${given}"; it takes names without scheme, port or star, such as chat.tidewater.example.`,
    )
  }
  const flag = (name: string, usual: boolean) => {
    const given = text(name)
    if (given === undefined) return usual
    if (given === 'on' || given === 'off') return given === 'on'
    throw new ConfigError(`${name} is "${given}"; it must be "on" or "off".`)
  }
  const databaseUrl = text('DATABASE_URL') ?? null
  const isPostgres = (url: string) => /^postgres(ql)?:\/\//.test(url)
  if (databaseUrl && !isPostgres(databaseUrl))
    throw new ConfigError('DATABASE_URL must begin with postgres:// or postgresql://.')
  const databaseOwnerUrl = text('DATABASE_OWNER_URL') ?? null
  if (databaseOwnerUrl && !isPostgres(databaseOwnerUrl))
    throw new ConfigError('DATABASE_OWNER_URL must begin with postgres:// or postgresql://.')
  if (databaseOwnerUrl && !/^[a-z]+:\/\/[^/?@]+@/.test(databaseUrl ?? ''))
    throw new ConfigError(
      'DATABASE_OWNER_URL needs DATABASE_URL with the API’s own role in it: postgres://whale_api@….',
    )
  const databaseReplicaUrl = text('DATABASE_REPLICA_URL') ?? null
  if (databaseReplicaUrl && !isPostgres(databaseReplicaUrl))
    throw new ConfigError('DATABASE_REPLICA_URL must begin with postgres:// or postgresql://.')
  if (databaseReplicaUrl && !databaseUrl)
    throw new ConfigError('DATABASE_REPLICA_URL needs DATABASE_URL: the embedded database has no replica.')
  const natsServer = (given: string) => {
    const url = URL.parse(given.includes('://') ? given : `nats://${given}`)
    const hasMore = url && (url.pathname.length > 1 || url.search || url.hash)
    if (url?.hostname && /^(nats|tls):$/.test(url.protocol) && !hasMore) return url.href
    // Not repeated here: it may hold a password.
    throw new ConfigError('NATS_URL takes addresses such as nats://nats-1.tidewater.example:4222, separated by commas.')
  }
  const natsServers = list('NATS_URL').map(natsServer)
  const natsHosts = natsServers.map((server) => new URL(server).hostname.replace(/^\[|\]$/g, ''))
  const isTls = natsServers.some((server) => server.startsWith('tls:'))
  // The client has nothing to compare such a server's certificate with.
  if (isTls && natsHosts.some((host) => isIP(host)))
    throw new ConfigError('NATS_URL has tls:// and an address in numbers; certificates are checked by a name.')
  const file = (name: string) => (text(name) ? path.resolve(text(name)!) : null)
  const certificate = (certName: string, keyName: string) => {
    const [certFile, keyFile] = [file(certName), file(keyName)]
    if (certFile && keyFile) return { certFile, keyFile }
    if (!certFile && !keyFile) return null
    throw new ConfigError(`${certName} and ${keyName} belong together; one of them is not set.`)
  }
  const natsTls: NatsTls = { caFile: file('NATS_CA_FILE'), own: certificate('NATS_CERT_FILE', 'NATS_KEY_FILE') }
  if (!isTls && (natsTls.caFile || natsTls.own))
    throw new ConfigError('NATS_CA_FILE and NATS_CERT_FILE need tls:// in NATS_URL: nothing would be encrypted.')
  const metricsCertificate = certificate('METRICS_CERT_FILE', 'METRICS_KEY_FILE')
  const metricsClientCa = file('METRICS_CLIENT_CA_FILE')
  if (metricsClientCa && !metricsCertificate)
    throw new ConfigError('METRICS_CLIENT_CA_FILE needs METRICS_CERT_FILE and METRICS_KEY_FILE.')
  const busKind = text('BUS') ?? (natsServers.length ? 'nats' : databaseUrl ? 'notify' : 'in-process')
  if (busKind !== 'in-process' && busKind !== 'notify' && busKind !== 'nats')
    throw new ConfigError(`BUS is "${busKind}"; it must be in-process, notify or nats.`)
  if (busKind === 'nats' && !natsServers.length) throw new ConfigError('BUS is "nats", so NATS_URL must be set.')
  const logLevel = text('LOG_LEVEL') ?? 'info'
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
  if (!levels.includes(logLevel))
    throw new ConfigError(`LOG_LEVEL is "${logLevel}"; it must be one of ${levels.join(', ')}.`)
  return {
    host: text('HOST') ?? '127.0.0.1',
    port: integer('PORT', 8080, 0, 65535),
    metricsPort: text('METRICS_PORT') === 'off' ? null : integer('METRICS_PORT', 9464, 0, 65535),
    metricsHost: text('METRICS_HOST') ?? '127.0.0.1',
    metricsTls: metricsCertificate && { ...metricsCertificate, clientCaFile: metricsClientCa },
    dataDir: path.resolve(text('DATA_DIR') ?? 'data'),
    databaseUrl,
    databasePasswordFile: file('DATABASE_PASSWORD_FILE'),
    databaseOwnerUrl,
    databaseOwnerPasswordFile: file('DATABASE_OWNER_PASSWORD_FILE'),
    migrates: flag('MIGRATE', true),
    bus:
      busKind === 'nats'
        ? { kind: busKind, servers: natsServers, ...(isTls ? { tls: natsTls } : {}) }
        : { kind: busKind },
    databaseReplicaUrl,
    databasePoolSize: integer('DATABASE_POOL_SIZE', 10, 2, 500),
    setupCode: setupCode(text('SETUP_CODE')),
    publicUrl: text('PUBLIC_URL') ? origin('PUBLIC_URL', text('PUBLIC_URL')!) : '',
    hosts: list('HOSTS').map(nameOfHost),
    uiOrigins: list('UI_ORIGIN').map((given) => origin('UI_ORIGIN', given)),
    uiDir: flag('SERVE_UI', true) ? path.resolve(text('UI_DIR') ?? 'dist/ui') : null,
    apiOrigin: text('API_ORIGIN') ? origin('API_ORIGIN', text('API_ORIGIN')!) : '',
    trustedProxies: list('TRUSTED_PROXIES').map(proxy),
    logLevel,
    limits: {
      requestsPerMinute: integer('REQUESTS_PER_MINUTE', 1200, 1, 10_000_000),
      requestsPerMinuteOfAddress: integer('REQUESTS_PER_MINUTE_OF_ADDRESS', 12_000, 1, 10_000_000),
      sendsPerMinute: integer('SENDS_PER_MINUTE', 300, 1, 10_000_000),
      streamsPerAccount: integer('STREAMS_PER_ACCOUNT', 20, 1, 100_000),
      inFlight: {
        requestsOfAccount: integer('REQUESTS_AT_ONCE_PER_ACCOUNT', 256, 1, 1_000_000),
        requestsOfAddress: integer('REQUESTS_AT_ONCE_PER_ADDRESS', 1_500, 1, 1_000_000),
        requests: integer('REQUESTS_AT_ONCE', 5_000, 1, 1_000_000),
        smallBodiesOfAccount: integer('BODIES_AT_ONCE_PER_ACCOUNT', 64, 1, 1_000_000),
        largeBodiesOfAccount: integer('LARGE_BODIES_AT_ONCE_PER_ACCOUNT', 4, 1, 100_000),
        largeBodies: integer('LARGE_BODIES_AT_ONCE', 64, 1, 100_000),
        uploadsOfAccount: integer('UPLOADS_AT_ONCE_PER_ACCOUNT', 2, 1, 10_000),
        uploads: integer('UPLOADS_AT_ONCE', 8, 1, 10_000),
        frameBytesOfAccount: integer('FRAME_BYTES_AT_ONCE_PER_ACCOUNT', 2_097_152, 65_536, 1_073_741_824),
        frameBytes: integer('FRAME_BYTES_AT_ONCE', 67_108_864, 65_536, 1_073_741_824),
      },
    },
  }
}
