import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import sharp from 'sharp'
import { usualLimits } from './attempts.ts'
import type { Hashing } from './passwords.ts'
import { accountsServer, cast, castPassword, quickHashing, signedUp } from './testing.ts'

// Hashes and pictures have queues of their own: whoever asks for many of them waits alone.

/** Hashing that stops before each work until it is let go on, and notes whose password it was. */
function held() {
  const begun: string[] = []
  const waiting: (() => void)[] = []
  let isOpen = false
  const turn = async (password: string) => {
    begun.push(password)
    if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const hashing: Hashing = {
    ...quickHashing,
    hash: async (password) => (await turn(password), quickHashing.hash(password)),
    verify: async (kept) => (await turn(kept.password), quickHashing.verify(kept)),
  }
  return {
    hashing,
    begun,
    next: () => waiting.shift()?.(),
    open: () => {
      isOpen = true
      for (const go of waiting.splice(0)) go()
    },
  }
}

const until = async (holds: () => boolean) => {
  for (let waited = 0; !holds(); waited += 5) {
    assert.ok(waited < 5_000, 'waited in vain')
    await sleep(5)
  }
}

test('sixty changes of a guest’s password let one hash by before somebody else signs in, and most are told to wait', async () => {
  const { hashing, begun, next, open } = held()
  const limits = { ...usualLimits, wrongPasswordsOfAccount: { times: 1_000, seconds: 60 } }
  const { app, db, clock } = await accountsServer({ hashing, limits })
  const { edsger } = await signedUp(db, clock)
  const changes = Array.from({ length: 60 }, (_, n) =>
    app.inject({
      method: 'PUT',
      url: '/v1/me/password',
      headers: { cookie: edsger.cookie },
      payload: { current: `guess ${n}`, next: 'a different horse 43' },
    }),
  )
  await until(() => begun.length === 1)
  const signIn = app.inject({
    method: 'POST',
    url: '/v1/sessions',
    payload: { email: cast.grace.email, password: castPassword },
    remoteAddress: '192.0.2.1',
  })
  await sleep(100)
  assert.equal(begun.length, 1, 'one at a time')
  next()
  await until(() => begun.length === 2)
  next()
  await until(() => begun.length === 3)
  assert.ok(begun.indexOf(castPassword) <= 2, begun.join())
  open()
  assert.equal((await signIn).statusCode, 201)
  const statuses = (await Promise.all(changes)).map((reply) => {
    if (reply.statusCode === 429) assert.ok(Number(reply.headers['retry-after']) >= 1)
    return reply.statusCode
  })
  const refused = statuses.filter((status) => status === 429).length
  assert.ok(refused >= 50 && refused < 60, `${refused} were told to wait`)
  assert.equal(statuses.filter((status) => status === 401).length, 60 - refused)
})

test('whoever is told to come again has not tried, and nobody’s guesses at an open screen keep others out', async () => {
  const { hashing, begun, open } = held()
  const limits = { ...usualLimits, wrongPasswordsFromAddress: { times: 3, seconds: 60 } }
  const { app, db, clock } = await accountsServer({ hashing, limits })
  const { edsger } = await signedUp(db, clock)
  const change = (current: string) =>
    app.inject({
      method: 'PUT',
      url: '/v1/me/password',
      headers: { cookie: edsger.cookie },
      payload: { current, next: 'a different horse 43' },
    })
  let refused = 0
  const changes = Array.from({ length: 30 }, async (_, n) => {
    if ((await change(`guess ${n}`)).statusCode === 429) refused += 1
  })
  await until(() => refused >= 26)
  assert.equal(begun.length, 1)
  open()
  await Promise.all(changes)
  // The right one, from where 30 wrong ones came: some four were looked at, the others have not counted.
  assert.equal((await change(castPassword)).statusCode, 204)
  const reply = await app.inject({
    method: 'POST',
    url: '/v1/sessions',
    payload: { email: cast.grace.email, password: castPassword },
  })
  assert.equal(reply.statusCode, 201, reply.body)
})

test('a hash for somebody who hung up is not made', async () => {
  const { hashing, begun, open } = held()
  const { app, db, clock, log } = await accountsServer({ hashing })
  const { ada } = await signedUp(db, clock)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const busy = app.inject({
    method: 'PUT',
    url: '/v1/me/password',
    headers: { cookie: ada.cookie },
    payload: { current: 'wrong', next: 'a different horse 43' },
  })
  await until(() => begun.length === 1)
  const body = JSON.stringify({ email: cast.grace.email, password: 'of one who leaves' })
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `POST /v1/sessions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  await until(() => app.inFlight.all.requests === 2)
  await sleep(150)
  socket.destroy()
  await until(() => app.inFlight.all.requests === 1)
  open()
  assert.equal((await busy).statusCode, 401)
  await sleep(50)
  assert.deepEqual(begun, ['wrong'])
  assert.ok(!log().includes('"level":50'), 'that somebody left is no error')
})

test('a picture that would be unfolded whole is refused by its head where it is large', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const put = (payload: Buffer, type: string) =>
    server.app.inject({
      method: 'PUT',
      url: '/v1/me/avatar',
      headers: { cookie: grace.cookie, 'content-type': type },
      payload,
    })
  const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: 'teal' } })
  const detail = async (payload: Buffer, type: string) => (await put(payload, type)).json<{ detail: string }>().detail
  const progressive = await plain(5_200, 5_000).jpeg({ progressive: true }).toBuffer()
  assert.equal(await detail(progressive, 'image/jpeg'), 'It has more than 25 million pixels.')
  const interlaced = await plain(5_200, 5_000).png({ progressive: true }).toBuffer()
  assert.equal(await detail(interlaced, 'image/png'), 'It has more than 25 million pixels.')
  // What a camera writes is read line by line.
  assert.equal((await put(await plain(5_200, 5_000).jpeg().toBuffer(), 'image/jpeg')).statusCode, 200)
  assert.equal(
    (await put(await plain(2_000, 2_000).jpeg({ progressive: true }).toBuffer(), 'image/jpeg')).statusCode,
    200,
  )
  assert.equal(sharp.concurrency(), 1)
})
