import type { Context, Part, Row } from '../part.ts'
import { median, milliseconds, processorMs } from '../figures.ts'
import { addPeople } from '../people.ts'
import type { Place } from '../place.ts'
import { ask, type Ask } from './client.ts'

const limitMs = 5
const zeros = (count: number) => Array.from({ length: count }, () => 0).join()
const keys = (count: number) => Array.from({ length: count }, (_, n) => `"k${n}":0`).join()

/** Bodies that were dear to refuse, or that somebody might hope are. */
function hostile(who: NonNullable<Ask['who']>): Record<string, Ask> {
  const post = (body: string): Ask => ({
    method: 'POST',
    url: `/v1/conversations/${crypto.randomUUID()}/messages`,
    who,
    body,
  })
  const create = (body: string): Ask => ({ method: 'POST', url: '/v1/conversations', who, body })
  const signIn = (body: string): Ask => ({ method: 'POST', url: '/v1/sessions', body })
  const text = (body: string) => post(`{"clientId":"x","body":"${body}"}`)
  return {
    '60,000 zeros instead of ids': create(`{"kind":"group","accountIds":[${zeros(60_000)}]}`),
    '6,000 zeros instead of ids': create(`{"kind":"group","accountIds":[${zeros(6_000)}]}`),
    'a sign-in with 14,000 unknown keys': signIn(`{${keys(14_000)}}`),
    'a sign-in with 150 unknown keys': signIn(`{${keys(150)}}`),
    '250 kB of zeros': post(`{"clientId":"x","body":[${zeros(125_000)}]}`),
    '250 kB of keys': post(`{${keys(25_000)}}`),
    '250 kB of brackets': post('['.repeat(250_000)),
    'a number of 250,000 digits': post(`{"clientId":"x","body":${'1'.repeat(250_000)}}`),
    '250 kB of escapes': text('\\u0061'.repeat(41_000)),
    '250 kB of quotes': text('\\"'.repeat(125_000)),
    '250 kB of emoji': text('🐳'.repeat(62_000)),
    '250 kB of nothing visible': text('\\u200b'.repeat(41_000)),
    'a key of 250 kB': post(`{"${'k'.repeat(250_000)}":1}`),
    'an id of 250 kB': post(`{"clientId":"x","body":"x","threadRoot":"${'0'.repeat(250_000)}"}`),
    '1,900 parameters': {
      method: 'GET',
      url: `/v1/accounts?${Array.from({ length: 1_900 }, (_, n) => `k${n}=`).join('&')}`,
      who,
    },
    '1,500 cookies': {
      method: 'GET',
      url: '/v1/me',
      who: { cookie: Array.from({ length: 1_500 }, (_, n) => `c${n}=x`).join('; ') },
    },
    'no such route': { method: 'POST', url: '/v1/nowhere', who, body: `[${zeros(60_000)}]` },
  }
}

/** What it costs the place to refuse, in processor time of its process: the median of nine rounds. */
export const refusals: Part = {
  name: 'refusals',
  about: 'requests that are made to be dear to refuse',
  run: async (context: Context): Promise<Row[]> => {
    const unbounded = {
      REQUESTS_PER_MINUTE: '10000000',
      REQUESTS_PER_MINUTE_OF_ADDRESS: '10000000',
      SENDS_PER_MINUTE: '10000000',
      LOG_LEVEL: 'warn',
    }
    const place = await context.startPlace({ env: unbounded })
    const [person] = await addPeople(place, [{ name: 'Eve Marlow', role: 'guest' }])
    const rounds = context.short ? 3 : 9
    const cheap = await costOf(place, { method: 'POST', url: '/v1/conversations', who: person!, body: '{}' }, rounds)
    const rows: Row[] = [{ what: 'a refusal of {}', figure: milliseconds(cheap.ms), holds: true }]
    for (const [what, request] of Object.entries(hostile(person!))) {
      const { ms, statuses } = await costOf(place, request, rounds)
      rows.push({
        what,
        figure: `${milliseconds(ms)}, ${(ms / cheap.ms).toFixed(1)} times {}; ${[...statuses].join()}`,
        limit: context.short ? 'refused' : `≤ ${limitMs} ms, refused`,
        holds: (context.short || ms <= limitMs) && [...statuses].every((status) => status >= 400 && status < 500),
      })
    }
    return rows
  },
}

/** Milliseconds of processor for one, of so many one after the other; the kernel counts in ticks of 10 ms. */
async function costOf(place: Place, request: Ask, rounds: number, count = 60) {
  const statuses = new Set<number>()
  const send = async () => {
    for (let n = 0; n < count; n += 1) statuses.add(await ask(place, request))
  }
  await send()
  const all: number[] = []
  for (let round = 0; round < rounds; round += 1) all.push(Math.max(10, await processorMs(place, send)) / count)
  return { ms: median(all), statuses }
}
