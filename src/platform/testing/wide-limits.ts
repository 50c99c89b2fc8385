import { type Config, readConfig } from '../config.ts'

const names = [
  'REQUESTS_PER_MINUTE',
  'REQUESTS_PER_MINUTE_OF_ADDRESS',
  'SENDS_PER_MINUTE',
  'REQUESTS_AT_ONCE_PER_ACCOUNT',
  'REQUESTS_AT_ONCE_PER_ADDRESS',
  'REQUESTS_AT_ONCE',
  'BODIES_AT_ONCE_PER_ACCOUNT',
  'LARGE_BODIES_AT_ONCE_PER_ACCOUNT',
  'LARGE_BODIES_AT_ONCE',
] as const

/** Settings of a process whose clients are a whole place behind one address, or ask as fast as they can. */
export const wideEnv: Readonly<Record<string, string>> = Object.fromEntries(
  names.map((name) => [name, name.includes('PER_MINUTE') ? '10000000' : '100000']),
)

/** Limits that no test meets, to begin with. */
export const wideLimits: Config['limits'] = {
  ...readConfig(wideEnv).limits,
  streamsPerAccount: 100,
}
