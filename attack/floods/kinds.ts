import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { WebSocket } from 'ws'
import { newId } from '#platform/new-id.ts'
import type { Person } from '../people.ts'
import { ask, type Counts, loop, stalled, type Target } from './client.ts'

// What fifty accounts do to a place at the same time: each kind of flood uses one limit up.

/** Goes on until the signal, and says what its answers were. */
export type Flood = (place: Target, people: readonly Person[], signal: AbortSignal) => Promise<Counts>

const ofEach =
  (atOnce: number, one: (place: Target, who: Person) => Promise<number>): Flood =>
  async (place, people, signal) => {
    const counts: Counts = new Map()
    await Promise.all(people.map((who) => loop(atOnce, signal, counts, () => one(place, who))))
    return counts
  }

const zeros = `{"clientId":"x","body":[${Array.from({ length: 120_000 }, () => 0).join()}]}`
const unknownKeys = `{${Array.from({ length: 14_000 }, (_, n) => `"k${n}":0`).join()}}`
const noise = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(7_900_000)])
const unfolding = await sharp({ create: { width: 5_000, height: 5_000, channels: 3, background: 'teal' } })
  .jpeg({ progressive: true })
  .toBuffer()

export const floods: Readonly<Record<string, Flood>> = {
  'refused bodies of 240 kB': ofEach(6, (place, who) =>
    ask(place, { method: 'POST', url: `/v1/conversations/${newId()}/messages`, who, body: zeros }),
  ),
  'pictures of 8 MB': ofEach(3, (place, who) =>
    ask(place, { method: 'PUT', url: '/v1/me/avatar', who, type: 'image/png', body: noise }),
  ),
  'pictures of 25 million pixels': ofEach(2, (place, who) =>
    ask(place, { method: 'PUT', url: '/v1/me/avatar', who, type: 'image/jpeg', body: unfolding }),
  ),
  'changes of passwords': ofEach(4, (place, who) =>
    ask(place, {
      method: 'PUT',
      url: '/v1/me/password',
      who,
      body: JSON.stringify({ current: newId(), next: 'a different horse 43' }),
    }),
  ),
  'sign-ins with 14,000 unknown keys': ofEach(1, (place) =>
    ask(place, { method: 'POST', url: '/v1/sessions', body: unknownKeys }),
  ),
  'bodies that stop': async (place, people, signal) => {
    const sockets: Socket[] = []
    for (const who of people)
      for (let n = 0; n < 12; n += 1)
        sockets.push(
          n % 4 === 0
            ? stalled(place, { method: 'PUT', url: '/v1/me/avatar', who, type: 'image/png' }, 8_000_000)
            : stalled(place, { method: 'POST', url: `/v1/conversations/${newId()}/messages`, who }, 240_000),
        )
    while (!signal.aborted) await sleep(100)
    for (const socket of sockets) socket.destroy()
    return new Map()
  },
  'frames that stop': async (place, people, signal) => {
    const head = Buffer.alloc(14)
    head.writeUInt8(0x81)
    head.writeUInt8(0x80 | 127, 1)
    head.writeBigUInt64BE(300_000n, 2)
    const begun = Buffer.concat([head, Buffer.alloc(290_000, ' ')])
    const counts: Counts = new Map()
    await Promise.all(
      people.map((who) =>
        loop(6, signal, counts, async () => {
          const socket = new WebSocket(`${place.origin.replace('http', 'ws')}/v1/stream`, {
            headers: { cookie: who.cookie },
          })
          const status = await new Promise<number>((resolve) => {
            socket.once('unexpected-response', (_request, response) => resolve(response.statusCode!))
            socket.once('open', () => resolve(101)).on('error', () => resolve(0))
          })
          // oxlint-disable-next-line no-underscore-dangle -- no client would send this, so it is written by hand
          if (status === 101) (socket as unknown as { _socket: Socket })._socket.write(begun)
          await Promise.race([sleep(3_000), new Promise((resolve) => socket.once('close', resolve))])
          socket.terminate()
          return status
        }),
      ),
    )
    return counts
  },
}
