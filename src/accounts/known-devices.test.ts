import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Limits, usualLimits } from './attempts.ts'
import { deviceCookie } from './known-devices.ts'
import { type AccountsServer, accountsServer, cast, castPassword, signedUp } from './testing.ts'

// Strangers guess the password of somebody; a browser on which they have signed in before is counted apart from them.

const { ada, grace } = cast
const next = 'a storm in June'
const few: Limits = { ...usualLimits, wrongPasswordsFromDevice: { times: 3, seconds: 60 } }

/** A browser as far as this goes: its cookies with the paths that they are for, and the network that it is in. */
class Browser {
  readonly cookies = new Map<string, { value: string; path: string }>()
  readonly #server: AccountsServer
  readonly #address: string

  constructor(server: AccountsServer, address = '127.0.0.1') {
    this.#server = server
    this.#address = address
  }

  async ask(method: 'POST' | 'PUT' | 'DELETE' | 'GET', url: string, payload?: object) {
    const cookie = [...this.cookies]
      .filter(([, { path }]) => path === '/' || url === path || url.startsWith(`${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const reply = await this.#server.app.inject({
      method,
      url,
      ...(payload ? { payload } : {}),
      headers: cookie ? { cookie } : {},
      remoteAddress: this.#address,
    })
    for (const { name, value, path = '/' } of reply.cookies) {
      if (value) this.cookies.set(name, { value: encodeURIComponent(value), path })
      else this.cookies.delete(name)
    }
    return reply.statusCode < 300 ? reply.statusCode : reply.json<{ code: string }>().code
  }

  signIn(email: string, password = castPassword) {
    return this.ask('POST', '/v1/sessions', { email, password })
  }

  /** Its device cookies by name. */
  get devices(): string[] {
    return [...this.cookies.keys()].filter((name) => name.startsWith('whale.device.'))
  }

  /** Another browser with this one's device cookies: a thief's. */
  stolen(address = '198.51.100.1'): Browser {
    const thief = new Browser(this.#server, address)
    for (const name of this.devices) thief.cookies.set(name, this.cookies.get(name)!)
    return thief
  }
}

/** From 100 networks, until the place says that it is enough. */
async function lockOut(server: AccountsServer, email: string) {
  const codes: Record<string, number> = {}
  for (let n = 0; n < 100; n += 1) {
    const code = await new Browser(server, `198.51.100.${n}`).signIn(email, `guess ${n}`)
    codes[code] = (codes[code] ?? 0) + 1
  }
  return codes
}

test('strangers from a hundred networks lock an address for themselves, and its owner signs in on a known device', async () => {
  const one = await accountsServer()
  const other = await accountsServer({ url: one.url, clock: one.clock })
  await signedUp(one.db, one.clock)
  const laptop = new Browser(one, '203.0.113.1')
  assert.equal(await laptop.signIn(grace.email), 201)
  assert.equal(await laptop.ask('DELETE', '/v1/sessions/current'), 204)

  assert.deepEqual(await lockOut(one, grace.email), { 'wrong-credentials': 50, 'slow-down': 50 })
  assert.deepEqual(await lockOut(other, grace.email), { 'slow-down': 100 }, 'counted for all processes')
  assert.equal(await new Browser(one, '203.0.113.7').signIn(grace.email), 'slow-down', 'with the right password, too')
  assert.equal(await laptop.signIn(grace.email), 201)
  // On another process and from another network.
  const travelling = new Browser(other, '203.0.113.99')
  for (const name of laptop.devices) travelling.cookies.set(name, laptop.cookies.get(name)!)
  assert.equal(await travelling.signIn(grace.email), 201)
})

test('a network whose strangers have tried too much keeps no known device out', async () => {
  const limits: Limits = {
    ...usualLimits,
    wrongPasswordsFromAddress: { times: 4, seconds: 60 },
    wrongPasswordsFromAddressForEmail: { times: 2, seconds: 60 },
  }
  const server = await accountsServer({ limits })
  await signedUp(server.db, server.clock)
  const laptop = new Browser(server)
  assert.equal(await laptop.signIn(grace.email), 201)
  const stranger = new Browser(server)
  for (let n = 0; n < 3; n += 1) await stranger.signIn(grace.email, 'guess')
  for (let n = 0; n < 3; n += 1) await stranger.signIn(ada.email, 'guess')
  assert.equal(await new Browser(server).signIn(ada.email), 'slow-down')
  assert.equal(await laptop.signIn(grace.email), 201)
})

test('a stolen device cookie allows as many guesses as the limit says, from wherever, and keeps only itself out', async () => {
  const server = await accountsServer({ limits: few })
  await signedUp(server.db, server.clock)
  const [laptop, phone] = [new Browser(server), new Browser(server)]
  assert.equal(await laptop.signIn(grace.email), 201)
  assert.equal(await phone.signIn(grace.email), 201)
  const codes = []
  for (let n = 0; n < 8; n += 1) codes.push(await laptop.stolen(`198.51.100.${n}`).signIn(grace.email, `guess ${n}`))
  assert.deepEqual(codes, [...Array<string>(3).fill('wrong-credentials'), ...Array<string>(5).fill('slow-down')])
  assert.equal(await phone.signIn(grace.email), 201)
  assert.equal(usualLimits.wrongPasswordsFromDevice.times, 10)
  assert.equal(usualLimits.wrongPasswordsFromDevice.seconds, 600)
})

test('a thief who tries without end with a stolen device cookie keeps no other device of the account waiting', async () => {
  const server = await accountsServer({ limits: few })
  await signedUp(server.db, server.clock)
  const [laptop, phone] = [new Browser(server), new Browser(server)]
  assert.equal(await laptop.signIn(grace.email), 201)
  assert.equal(await phone.signIn(grace.email), 201)
  const thief = laptop.stolen()
  for (let n = 0; n < 4; n += 1) await thief.signIn(grace.email, 'guess')
  const over = new AbortController()
  const hammering = Array.from({ length: 30 }, async () => {
    while (!over.signal.aborted) assert.equal(await thief.signIn(grace.email, 'guess'), 'slow-down')
  })
  for (let n = 0; n < 10; n += 1) assert.equal(await phone.signIn(grace.email), 201)
  over.abort()
  await Promise.all(hammering)
})

test('guesses at the same instant with one device cookie are counted together', async () => {
  const server = await accountsServer({ limits: few })
  await signedUp(server.db, server.clock)
  const laptop = new Browser(server)
  await laptop.signIn(grace.email)
  const codes = await Promise.all(
    Array.from({ length: 4 }, (_, n) => laptop.stolen().signIn(grace.email, `guess ${n}`)),
  )
  assert.deepEqual(codes.map(String).sort(), ['slow-down', ...Array<string>(3).fill('wrong-credentials')])
})

test('a right password ends the device’s row of wrong ones, and gives it another name', async () => {
  const server = await accountsServer({ limits: few })
  await signedUp(server.db, server.clock)
  const laptop = new Browser(server)
  await laptop.signIn(grace.email)
  const thief = laptop.stolen('198.51.100.1')
  for (let round = 0; round < 3; round += 1) {
    assert.equal(await laptop.signIn(grace.email, 'guess'), 'wrong-credentials')
    assert.equal(await laptop.signIn(grace.email, 'guess'), 'wrong-credentials')
    assert.equal(await laptop.signIn(grace.email), 201)
  }
  for (let n = 0; n < 5; n += 1) await thief.signIn(grace.email, 'guess')
  assert.equal(await thief.signIn(grace.email), 'slow-down')
  assert.equal(await laptop.signIn(grace.email), 201)
})

test('devices of the password before are known still, and may try as often as one of them', async () => {
  const server = await accountsServer({ limits: few })
  await signedUp(server.db, server.clock)
  const laptop = new Browser(server)
  const others = Array.from({ length: 5 }, () => new Browser(server, '198.51.100.1'))
  for (const browser of [laptop, ...others]) assert.equal(await browser.signIn(grace.email), 201)
  server.clock.advance(1_000)
  assert.equal(await laptop.ask('PUT', '/v1/me/password', { current: castPassword, next }), 204)
  await lockOut(server, grace.email)

  assert.equal(await others[0]!.stolen().signIn(grace.email, next), 201)
  const codes = []
  for (const browser of others) codes.push(await browser.signIn(grace.email, castPassword))
  assert.deepEqual(codes, [...Array<string>(3).fill('wrong-credentials'), ...Array<string>(2).fill('slow-down')])
  assert.equal(await laptop.signIn(grace.email, next), 201, 'the one where it was changed is of the new password')
})

test('a reset link makes the browser that uses it a known device', async () => {
  const server = await accountsServer()
  const people = await signedUp(server.db, server.clock)
  const { token } = (
    await server.app.inject({
      method: 'POST',
      url: `/v1/accounts/${people.grace.account.id}/password-reset`,
      headers: { cookie: people.ada.cookie },
    })
  ).json<{ token: string }>()
  const browser = new Browser(server)
  assert.equal(await browser.ask('POST', '/v1/password-resets', { token, password: next }), 204)
  await lockOut(server, grace.email)
  assert.equal(await new Browser(server).signIn(grace.email, next), 'slow-down')
  assert.equal(await browser.signIn(grace.email, next), 201)
})

test('so does signing up, and one browser is the device of several people', async () => {
  const server = await accountsServer()
  const people = await signedUp(server.db, server.clock)
  const invite = await server.app.inject({
    method: 'POST',
    url: '/v1/invitations',
    headers: { cookie: people.ada.cookie },
    payload: {},
  })
  const { token: invitation } = invite.json<{ token: string }>()
  const browser = new Browser(server)
  const emails = ['rosa@tidewater.example', 'max@tidewater.example']
  for (const email of emails) {
    const account = { name: 'Somebody new', email, password: castPassword, invitation }
    assert.equal(await browser.ask('POST', '/v1/accounts', account), 201)
  }
  for (const email of emails) await lockOut(server, email)
  for (const email of [...emails, ...emails]) assert.equal(await browser.signIn(email), 201)
})

test('a device cookie is of one account, sealed here, http-only and for signing in alone', async () => {
  const server = await accountsServer()
  const people = await signedUp(server.db, server.clock)
  const [adas, graces] = [people.ada, people.grace].map(({ account }) => deviceCookie(account.id)) as [string, string]
  const laptop = new Browser(server)
  await laptop.signIn(ada.email)
  for (const who of [ada, grace]) await lockOut(server, who.email)
  const good = laptop.cookies.get(adas)!
  laptop.cookies.set(graces, good)
  assert.equal(await laptop.signIn(grace.email), 'slow-down', 'of Ada is not of Grace')

  const [id, issued, since, seal] = good.value.split('.') as [string, string, string, string]
  const forged = [id, issued, since, 'A'.repeat(43)].join('.')
  const spoilt = [
    '',
    '%',
    [id, issued, since].join('.'),
    forged,
    [id.replace(/^./, (sign) => (sign === 'A' ? 'B' : 'A')), issued, since, seal].join('.'),
    [id, issued, `${since}0`, seal].join('.'),
    [id, `0${issued}`, since, seal].join('.'),
  ]
  for (const value of spoilt) {
    laptop.cookies.set(adas, { ...good, value })
    assert.equal(await laptop.signIn(ada.email), 'slow-down', value)
  }
  // Another host of the domain may plant cookies of the name in front of the good one.
  const odd = Array.from({ length: 20 }, (_, n) => `whale.device.${n}{"ä"=x`).join('; ')
  laptop.cookies.set(adas, { ...good, value: `${forged}; ${odd}; ${adas}=nonsense; ${adas}=${good.value}` })
  assert.equal(await laptop.signIn(ada.email), 201)

  const reply = await server.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    headers: { cookie: `${adas}=${laptop.cookies.get(adas)!.value}` },
    payload: { email: ada.email, password: castPassword },
  })
  const { value: _, ...attributes } = reply.cookies.find(({ name }) => name === adas)!
  assert.deepEqual(attributes, {
    name: adas,
    path: '/v1/sessions',
    httpOnly: true,
    sameSite: 'Lax',
    maxAge: 400 * 86_400,
  })
  // It signs nobody in.
  assert.equal(await laptop.stolen().ask('GET', '/v1/sessions'), 'signed-out')
})

test('a browser is the device of the eight accounts that signed in there last', async () => {
  const server = await accountsServer()
  const { ada: owner } = await signedUp(server.db, server.clock)
  const open = await server.app.inject({
    method: 'PATCH',
    url: '/v1/place',
    headers: { cookie: owner.cookie },
    payload: { signUp: 'open' },
  })
  assert.equal(open.statusCode, 200)
  const kiosk = new Browser(server)
  const people = Array.from({ length: 10 }, (_, n) => `visitor-${n}@tidewater.example`)
  for (const email of people) {
    const account = { name: 'Visitor', email, password: castPassword }
    assert.equal(await new Browser(server).ask('POST', '/v1/accounts', account), 201)
    assert.equal(await kiosk.signIn(email), 201)
    server.clock.advance(1_000)
  }
  assert.equal(kiosk.devices.length, 8)
  for (const email of [people[1]!, people[2]!]) await lockOut(server, email)
  assert.equal(await kiosk.signIn(people[1]!), 'slow-down')
  assert.equal(await kiosk.signIn(people[2]!), 201)
})

test('a device is known for 400 days', async () => {
  const server = await accountsServer()
  await signedUp(server.db, server.clock)
  const laptop = new Browser(server)
  await laptop.signIn(grace.email)
  await lockOut(server, grace.email)
  server.clock.advance(400 * 86_400_000)
  assert.equal(await laptop.stolen().signIn(grace.email), 201)
  server.clock.advance(1_000)
  assert.equal(await laptop.stolen().signIn(grace.email), 'slow-down')
})
