import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { Person } from '#accounts/testing.ts'
import { protocolVersion } from '#delivery/contract.ts'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { ask, channel, Listener, testPlace } from './testing.ts'

// What a stream may say, and what it may make the process hold before it has said it.

const place = await testPlace({
  inFlight: { ...wideLimits.inFlight, frameBytesOfAccount: 250_000, frameBytes: 450_000 },
})
const { ada, grace, linus, margaret } = place.cast
const room = await channel(place, ada, 'frames', [grace, linus, margaret])

async function opened(who: Person): Promise<Listener> {
  const listener = new Listener(place.app, who)
  await new Promise((resolve, reject) => listener.socket.once('open', resolve).once('error', reject))
  return listener
}
// oxlint-disable-next-line no-underscore-dangle -- what no client would send has to be written by hand
const wire = (listener: Listener) => (listener.socket as unknown as { _socket: Socket })._socket

/** Begins a frame of so many bytes, of which so many are sent. */
function begin(listener: Listener, length: number, sent: number): void {
  const head = Buffer.alloc(14)
  head.writeUInt8(0x81)
  head.writeUInt8(0x80 | 127, 1)
  head.writeBigUInt64BE(BigInt(length), 2)
  wire(listener).write(Buffer.concat([head, Buffer.alloc(sent, ' ')]))
}
const isOver = (listener: Listener) => listener.until(() => listener.closed !== null, 'the close', 8_000)

test('frames that do not come to their end hold so much of an account, and of all, and no more', async () => {
  const reader = await Listener.open(place.app, margaret)
  const listeners: Listener[] = []
  for (const who of [grace, grace, linus, linus]) {
    const listener = await opened(who)
    begin(listener, 300_000, 100_000)
    listeners.push(listener)
  }
  await sleep(200)
  assert.deepEqual(
    listeners.map(({ closed }) => closed),
    [null, null, null, null],
  )
  const third = await opened(grace)
  begin(third, 300_000, 100_000)
  await isOver(third)
  assert.equal(third.closed?.code, 4408)
  assert.ok(third.frames.some((frame) => frame.type === 'closing' && frame.resume && frame.retryAfterSeconds === 2))
  // Of all together: somebody else, who holds little.
  const other = await opened(ada)
  begin(other, 300_000, 90_000)
  await isOver(other)
  assert.equal(other.closed?.code, 4408)
  // Those who say little are heard all the while.
  reader.say({ type: 'ping' })
  await reader.until(() => reader.frames.some((frame) => frame.type === 'pong'), 'an answer')
  assert.equal(reader.closed, null)
  for (const listener of listeners) listener.socket.terminate()
  await sleep(100)
  const again = await Listener.open(place.app, ada)
  await again.close()
  await reader.close()
})

test('a frame in thousands of parts ends the stream', async () => {
  const listener = await opened(grace)
  const part = Buffer.from([0x00, 0x80, 0, 0, 0, 0])
  const first = Buffer.from([0x01, 0x80, 0, 0, 0, 0])
  wire(listener).write(Buffer.concat([first, ...Array.from({ length: 1_000 }, () => part)]))
  await isOver(listener)
})

test('after its hello a stream says only what is short, and not too often; pings count', async () => {
  const long = await Listener.open(place.app, grace)
  begin(long, 100_000, 10_000)
  await isOver(long)
  assert.equal(long.closed?.code, 4400)
  const pinging = await Listener.open(place.app, grace)
  // A few at a time: ws itself ends what does not wait for its pongs.
  for (let n = 0; n < 320 && !pinging.closed; n += 1) {
    if (n % 20 === 0) await sleep(10)
    if (pinging.socket.readyState === pinging.socket.OPEN) pinging.socket.ping()
  }
  await isOver(pinging)
  assert.equal(pinging.closed?.code, 4400)
  const talking = await Listener.open(place.app, grace)
  for (let n = 0; n < 320; n += 1) talking.say({ type: 'ping' })
  await isOver(talking)
  assert.equal(talking.closed?.code, 4400)
  assert.ok(talking.frames.filter((frame) => frame.type === 'refused').length === 1)
})

test('many frames at once wait for each other outside of our memory, and all are followed', async () => {
  const listener = await Listener.open(place.app, grace)
  for (let n = 0; n < 120; n += 1) listener.say({ type: 'watch', conversationId: crypto.randomUUID(), after: 0 })
  listener.say({ type: 'ping' })
  await listener.until(() => listener.frames.some((frame) => frame.type === 'pong'), 'the last answer', 10_000)
  assert.equal(listener.frames.filter((frame) => frame.type === 'refused').length, 120)
  assert.equal(listener.closed, null)
  await listener.close()
})

test('a hello with the most positions is taken, and one of many other things is not parsed', async () => {
  const positions = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, () => [crypto.randomUUID(), 999_999_999]))
  const listener = await Listener.open(place.app, grace, positions(4_900))
  assert.equal((await ask(place, grace, 'GET', `/v1/conversations/${room}`)).status, 200)
  await listener.close()
  const many = await opened(linus)
  many.say({ type: 'hello', protocol: protocolVersion, positions: positions(5_001) })
  await many.until(() => many.frames.some((frame) => frame.type === 'refused'), 'a refusal')
  assert.ok(many.frames.some((frame) => frame.type === 'refused' && frame.code === 'too-many-positions'))
  await isOver(many)
  const zeros = await opened(linus)
  zeros.say(`{"type":"hello","positions":[${'0,'.repeat(100_000)}0]}`)
  await isOver(zeros)
  assert.equal(zeros.closed?.code, 4400)
})
