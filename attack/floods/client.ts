import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Person } from '../people.ts'
import type { Place } from '../place.ts'

/** Where a flood goes: all that a process needs to know which only attacks. */
export type Target = Pick<Place, 'origin' | 'port'>

/** One request of a flood, with a body that is sent as it is. */
export interface Ask {
  readonly method: string
  readonly url: string
  readonly who?: Pick<Person, 'cookie'> | undefined
  readonly type?: string
  readonly body?: Buffer | string
}

/** Statuses of a flood's answers: 0 where the connection broke. */
export type Counts = Map<number, number>

const agent = new Agent({ keepAlive: true, maxSockets: 2_000 })

/** Sends it and says with which status it was answered; 0 where it was not. */
export function ask(place: Target, { method, url, who, type = 'application/json', body }: Ask): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(
      `${place.origin}${url}`,
      {
        method,
        agent,
        timeout: 30_000,
        headers: {
          ...(who ? { cookie: who.cookie } : {}),
          ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode!))
        response.once('error', () => resolve(0))
      },
    )
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => resolve(0))
    asked.end(body)
  })
}

/** Asks again and again until the signal; so many at a time. */
export async function loop(atOnce: number, signal: AbortSignal, counts: Counts, one: () => Promise<number>) {
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (!signal.aborted) {
        const status = await one()
        counts.set(status, (counts.get(status) ?? 0) + 1)
        // Who is refused by a pace would else spend the attacker's own processor, which is the place's too here.
        if (status === 429 || status === 503 || status === 0) await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }),
  )
}

/** A request whose body stops after its first byte, on a connection of its own. */
export function stalled(place: Target, { method, url, who, type = 'application/json' }: Ask, length: number): Socket {
  const socket = connect(place.port, '127.0.0.1')
  socket.on('error', () => {}).resume()
  socket.write(
    `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1\r\n${who ? `cookie: ${who.cookie}\r\n` : ''}content-type: ${type}\r\ncontent-length: ${length}\r\n\r\n{`,
  )
  return socket
}

export const told = (counts: Counts): string =>
  [...counts]
    .toSorted(([one], [other]) => one - other)
    .map(([status, count]) => `${count}× ${status || 'cut'}`)
    .join(', ') || 'none'
