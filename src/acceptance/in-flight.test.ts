import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, test } from 'node:test'
import type { Person } from '#accounts/testing.ts'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { ask, channel, Listener, type Place, testPlace } from './testing.ts'

// What may be under way at the same time, on real connections whose bodies stop in the middle.

const place = await testPlace({
  inFlight: {
    ...wideLimits.inFlight,
    requestsOfAccount: 10,
    requestsOfAddress: 4,
    requests: 14,
    smallBodiesOfAccount: 5,
    largeBodiesOfAccount: 2,
    largeBodies: 3,
    uploadsOfAccount: 2,
    uploads: 3,
  },
})
const { ada, grace, linus } = place.cast
const room = await channel(place, ada, 'room', [grace, linus])
const messages = `/v1/conversations/${room}/messages`
const open = new Set<Socket>()
after(() => {
  for (const socket of open) socket.destroy()
})

/** A request on a connection of its own, of whose body only the first byte is sent. */
class Slow {
  readonly socket: Socket
  #said = ''
  readonly #length: number

  constructor(
    { app }: Pick<Place, 'app'>,
    who: Person | null,
    method: string,
    url: string,
    length: number,
    type = 'application/json',
  ) {
    this.#length = length
    this.socket = connect(Number(new URL(app.url).port), '127.0.0.1')
    open.add(this.socket)
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    this.socket.on('error', () => {})
    const cookie = who ? `cookie: ${who.cookie}\r\n` : ''
    this.socket.write(
      `${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1\r\n${cookie}content-type: ${type}\r\n${
        length === Infinity ? 'transfer-encoding: chunked' : `content-length: ${length}`
      }\r\n\r\n${length === Infinity ? '1\r\n{\r\n' : '{'}`,
    )
  }

  /** Status and problem, once it was answered. */
  async answer(): Promise<string> {
    await until(() => /\r\n\r\n\{.*\}/s.test(this.#said), 'an answer')
    return `${this.#said.slice(9, 12)} ${/"code":"([a-z-]+)"/.exec(this.#said)?.[1]}`
  }

  get retryAfter(): string | undefined {
    return /retry-after: (\d+)/i.exec(this.#said)?.[1]
  }

  finish(): void {
    this.socket.write(`${' '.repeat(this.#length - 2)}}`)
  }

  async hangUp(): Promise<void> {
    const closed = once(this.socket, 'close')
    this.socket.destroy()
    await closed
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 5_000) throw new Error(`Waited in vain for ${what}: ${JSON.stringify(place.app.http.inFlight.all)}`)
    await sleep(5)
  }
}

const underWay = () => place.app.http.inFlight.all
const nothing = { requests: 0, small: 0, large: 0, uploads: 0, callers: 0 }
const isOver = async () => {
  await until(() => underWay().requests === 0, 'the end of all')
  assert.deepEqual(underWay(), nothing)
}
const send = (who: Person, body: string) =>
  ask(place, who, 'POST', messages, { clientId: crypto.randomUUID(), body }).then(({ status }) => status)

test('requests of every end are counted until they end, and streams are no requests', async () => {
  await isOver()
  assert.equal(await send(ada, 'kept'), 201)
  assert.equal(await send(ada, ''), 422)
  await ask(place, null, 'GET', '/v1/conversations')
  await ask(place, ada, 'GET', '/v1/nowhere')
  const listener = await Listener.open(place.app, ada)
  const events = await fetch(`${place.app.url}/v1/stream`, {
    headers: { cookie: ada.cookie, accept: 'text/event-stream' },
  })
  assert.equal(events.status, 200)
  await isOver()
  await events.body!.cancel()
  await listener.close()
  const hungUp = new Slow(place, ada, 'POST', messages, 100)
  await until(() => underWay().small === 1, 'one body')
  await hungUp.hangUp()
  // What is refused and large is not read either.
  const refused = new Slow(place, ada, 'POST', messages, 10_000_000)
  const ended = once(refused.socket, 'close')
  assert.equal(await refused.answer(), '413 body-too-large')
  await ended
  await isOver()
})

test('small bodies that do not come to their end hold only their own account up', async () => {
  const slow = Array.from({ length: 5 }, () => new Slow(place, grace, 'POST', messages, 200))
  await until(() => underWay().small === 5, 'five bodies')
  const sixth = new Slow(place, grace, 'POST', messages, 200)
  assert.equal(await sixth.answer(), '429 slow-down')
  assert.equal(sixth.retryAfter, '1')
  await sixth.hangUp()
  // Without a body there is room, and for others there is.
  assert.equal((await ask(place, grace, 'GET', '/v1/me')).status, 200)
  assert.equal(await send(ada, 'meanwhile'), 201)
  // Of a body that came to its end, only the request counts.
  slow[0]!.finish()
  assert.equal(await slow[0]!.answer(), '422 missing-field')
  assert.equal(await send(grace, 'there is room again'), 201)
  for (const each of slow) await each.hangUp()
  await isOver()
})

test('large bodies are counted one by one, for each account and for all, whether or not they say their length', async () => {
  const slow = [new Slow(place, grace, 'POST', messages, 100_000), new Slow(place, grace, 'POST', messages, Infinity)]
  await until(() => underWay().large === 2, 'two bodies')
  assert.equal(await new Slow(place, grace, 'POST', messages, 100_000).answer(), '429 slow-down')
  slow.push(new Slow(place, ada, 'POST', messages, 100_000))
  await until(() => underWay().large === 3, 'three bodies')
  const fourth = new Slow(place, linus, 'POST', messages, 100_000)
  assert.equal(await fourth.answer(), '503 unavailable')
  assert.equal(fourth.retryAfter, '1')
  // What people usually send goes on.
  for (const who of [ada, grace, linus]) assert.equal(await send(who, 'short'), 201)
  for (const socket of open) socket.destroy()
  await isOver()
  assert.equal(await send(linus, 'x'.repeat(19_000)), 201)
})

test('pictures have room of their own', async () => {
  const picture = (who: Person) => new Slow(place, who, 'PUT', '/v1/me/avatar', 8_000_000, 'image/png')
  const slow = [picture(grace), picture(grace)]
  await until(() => underWay().uploads === 2, 'two pictures')
  assert.equal(await picture(grace).answer(), '429 slow-down')
  slow.push(picture(ada))
  await until(() => underWay().uploads === 3, 'three pictures')
  assert.equal(await picture(linus).answer(), '503 unavailable')
  assert.equal(await send(grace, 'meanwhile'), 201)
  for (const socket of open) socket.destroy()
  await isOver()
})

test('all of an account, all of an address and all together have an end; who is signed in counts as themselves', async () => {
  const anonymous = () => new Slow(place, null, 'POST', '/v1/sessions', 100)
  const slow = Array.from({ length: 4 }, anonymous)
  await until(() => underWay().small === 4, 'four sign-ins')
  assert.equal(await anonymous().answer(), '429 slow-down')
  // The same address, and a session.
  assert.equal((await ask(place, grace, 'GET', '/v1/me')).status, 200)
  // A cookie that is no session is nobody's.
  const invented = { ...grace, cookie: 'whale.session=invented.c2VhbA==' }
  assert.equal((await ask(place, invented, 'GET', '/v1/place')).status, 429)
  for (let n = 0; n < 5; n += 1) slow.push(new Slow(place, ada, 'POST', messages, 100))
  for (let n = 0; n < 5; n += 1) slow.push(new Slow(place, grace, 'POST', messages, 100))
  await until(() => underWay().requests === 14, 'all')
  const refused = await ask(place, linus, 'GET', '/v1/me')
  assert.deepEqual([refused.status, refused.body.code, refused.headers['retry-after']], [503, 'unavailable', '1'])
  for (const url of ['/livez', '/readyz']) assert.equal((await ask(place, null, 'GET', url)).status, 200)
  for (const each of slow) await each.hangUp()
  for (const socket of open) socket.destroy()
  await isOver()
  assert.equal(await send(linus, 'and on it goes'), 201)
})
