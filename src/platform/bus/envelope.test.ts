import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Envelopes, freshMs, roomIn } from './envelope.ts'

const now = Date.parse('2026-11-22T09:00:00.000Z')
const text = 'The tide is turning. 🐋 “漢字”'
/** As over NOTIFY, where payloads are text. */
class Process {
  readonly #envelopes: Envelopes
  readonly #channel: string
  constructor({ secret, channel }: { secret: string; channel: string }) {
    this.#envelopes = new Envelopes(secret)
    this.#channel = channel
  }
  get mark() {
    return this.#envelopes.mark
  }
  seal(text: string, at: number): string {
    return this.#envelopes.seal(text, this.#channel, at).toString('base64')
  }
  open(payload: string, at: number): string | null {
    return this.#envelopes.open(Buffer.from(payload, 'base64'), this.#channel, at)
  }
}
const place = { secret: 'of the place', channel: 'hints' }
const pair = () => [new Process(place), new Process(place)] as const

test('what one seals another opens, in the order in which it was sealed', () => {
  const [one, two] = pair()
  const sealed = ['', text, 'x'.repeat(10_000)].map((said) => [said, one.seal(said, now)] as const)
  for (const [said, payload] of sealed) assert.equal(two.open(payload, now), said)
  assert.equal(one.open(two.seal(text, now), now), text)
})

test('nobody can read it, and the same text never looks the same', () => {
  const [one, two] = pair()
  const payloads = [one, one, two].map((from) => from.seal(text, now))
  for (const payload of payloads) {
    assert.ok(!payload.includes('tide'))
    assert.ok(!Buffer.from(payload, 'base64').includes('tide'))
  }
  const ends = payloads.map((payload) => payload.slice(-40))
  assert.equal(new Set(ends).size, 3)
})

test('nothing of it can be changed, left out or added', () => {
  const [one, two] = pair()
  const bytes = Buffer.from(one.seal(text, now), 'base64')
  for (let at = 0; at < bytes.length; at += 1) {
    for (const bit of [1, 128]) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= bit
      assert.equal(two.open(changed.toString('base64'), now), null, `bit ${bit} of byte ${at}`)
    }
    assert.equal(two.open(bytes.subarray(0, at).toString('base64'), now), null, `the first ${at} bytes`)
  }
  assert.equal(two.open(Buffer.concat([bytes, Buffer.of(0)]).toString('base64'), now), null)
  assert.equal(two.open(bytes.toString('base64'), now), text, 'untouched it opens, after all of these')
})

test('what a stranger says, another place, or a place on another channel, is nothing', () => {
  const [, two] = pair()
  for (const said of ['', 'hello', 'AQ', '["1a2b3c4d",{"kind":"head"}]', '\u00ff', 'A'.repeat(7_999)])
    assert.equal(two.open(said, now), null)
  const elsewhere = [new Process({ ...place, secret: 'of another' }), new Process({ ...place, channel: 'others' })]
  for (const other of elsewhere) assert.equal(two.open(other.seal(text, now), now), null)
})

test('it opens once, however it is written', () => {
  const [one, two] = pair()
  const [first, second] = [one.seal('first', now), one.seal('second', now)]
  const ways = [second, ` ${second}`, `${second.slice(0, 9)}\n${second.slice(9)}`, second.replaceAll('/', '_')]
  assert.equal(two.open(ways[1]!, now), 'second')
  for (const way of ways) assert.equal(two.open(way, now), null, way)
  assert.equal(two.open(first, now), null, 'what was sealed before it')
  assert.equal(two.open(one.seal('third', now), now), 'third')
})

test('nobody opens what it has sealed itself', () => {
  const [one, two] = pair()
  const payload = one.seal(text, now)
  assert.ok(payload.startsWith(one.mark) && !payload.startsWith(two.mark))
  for (const way of [payload, ` ${payload}`]) assert.equal(one.open(way, now), null)
})

test('it opens soon or never, also for a process that has just begun', () => {
  const [one, two] = pair()
  const payload = one.seal(text, now)
  assert.equal(two.open(payload, now + freshMs + 1), null)
  assert.equal(two.open(payload, now - freshMs - 1), null)
  assert.equal(two.open(payload, NaN), null, 'as long as the time is not known')
  assert.equal(two.open(payload, now + freshMs - 1), text)
  assert.equal(new Process(place).open(payload, now + freshMs - 1), text)
})

test('a sender that was silent for long is heard again, and its old words are not', () => {
  const [one, two] = pair()
  const before = one.seal('before', now)
  assert.equal(two.open(before, now), 'before')
  const later = now + 3 * freshMs
  // A sender that was never heard makes it forget those who are gone.
  assert.equal(two.open(new Process(place).seal('new', later), later), 'new')
  assert.equal(two.open(before, later), null)
  assert.equal(two.open(one.seal('after', later), later), 'after')
})

test('a text that fills the room makes a payload that Postgres takes', () => {
  const [one] = pair()
  const room = roomIn(7_999)
  assert.ok(room > 5_900)
  assert.ok(one.seal('x'.repeat(room), now).length <= 7_999)
  assert.ok(one.seal('x'.repeat(room + 1), now).length > 7_999)
})
