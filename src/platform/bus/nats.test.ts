import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, test } from 'node:test'
import { connect } from '@nats-io/transport-node'
import { pino } from 'pino'
import { certificates, hasOpenssl } from '#platform/testing/certificates.ts'
import { freePort, hasNats, natsServer } from '#platform/testing/nats-server.ts'
import type { Bus } from './bus.ts'
import { natsBus, type NatsTls } from './nats.ts'

// What the contract of all buses (`bus.test.ts`) does not say.

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const place = { subject: 'hints', secret: 'of the place', now: Date.now, slim: (hint: string) => hint, log }
const open = (...servers: string[]) => natsBus<string>({ servers, ...place })

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = performance.now() + 10_000; !holds(); await sleep(5))
    if (performance.now() > deadline) throw new Error(`Waited in vain for: ${what}`)
}

async function hear(from: Bus<string>, to: Bus<string>, hint: string): Promise<void> {
  const heard: string[] = []
  const stop = to.subscribe((one) => heard.push(one))
  await until(() => {
    from.publish(hint)
    return heard.includes(hint)
  }, hint)
  stop()
}

test('a process finds its way to the servers of a cluster that are left', { skip: !hasNats() }, async () => {
  const routes = [await freePort(), await freePort()]
  const all = routes.map((port) => `nats://127.0.0.1:${port}`)
  const flags = (own: string) => ['--cluster', own, '--cluster_name', 'tidewater', '--routes', all.join()]
  const [first, second] = [await natsServer(flags(all[0]!)), await natsServer(flags(all[1]!))]
  after(() => Promise.all([first.stop(), second.stop()]))
  // On different servers, so that what they hear goes from one to the other. The second knows one address only, and
  // learns the rest from the cluster.
  const [one, two] = [open(second.url), open(first.url)]
  after(() => Promise.all([one.close(), two.close()]))
  await Promise.all([one.opened, two.opened])
  await hear(one, two, 'both')
  await sleep(200)
  await first.stop('SIGKILL')
  await until(() => two.state === 'disconnected', 'that it is missed')
  await until(() => two.state === 'connected', 'the other server')
  await hear(one, two, 'one left')
  await hear(two, one, 'and back')
})

test(
  'a user and password, or a token, come from the address; without them nobody is let in',
  { skip: !hasNats() },
  async () => {
    const byPassword = await natsServer(['--user', 'whale', '--pass', 's:e/c@r%t'])
    const byToken = await natsServer(['--auth', 'tok:en'])
    after(() => Promise.all([byPassword.stop(), byToken.stop()]))
    const states = async (server: string) => {
      const bus = open(server)
      await bus.opened
      const { state } = bus
      await bus.close()
      return state
    }
    const as = (url: string, who: string) => url.replace('nats://', `nats://${who}@`)
    assert.equal(await states(as(byPassword.url, `whale:${encodeURIComponent('s:e/c@r%t')}`)), 'connected')
    assert.equal(await states(as(byPassword.url, 'whale:wrong')), 'disconnected')
    assert.equal(await states(byPassword.url), 'disconnected')
    assert.equal(await states(as(byToken.url, encodeURIComponent('tok:en'))), 'connected')
    assert.equal(await states(byToken.url), 'disconnected')
  },
)

/** Two processes on one server, with somebody else who may hear and say everything there. */
async function withStranger(url: string) {
  const [one, two, stranger] = [open(url), open(url), await connect({ servers: url })]
  await Promise.all([one.opened, two.opened, two.follow('0193-a')])
  const overheard: { subject: string; data: Uint8Array }[] = []
  stranger.subscribe('>', { callback: (_error, { subject, data }) => void overheard.push({ subject, data }) })
  await stranger.flush()
  const heard: string[] = []
  two.subscribe((hint) => heard.push(hint))
  const leave = () => Promise.all([one.close(), two.close(), stranger.close()])
  return { one, two, stranger, overheard, heard, leave }
}

test(
  'who listens on the servers finds no text of hints, makes none up and repeats none',
  { skip: !hasNats() },
  async () => {
    const server = await natsServer()
    after(() => server.stop())
    const { one, two, stranger, overheard, heard, leave } = await withStranger(server.url)
    after(leave)
    one.publish('Nobody else may know that the tide is turning')
    one.publish('nor that the ballast is in', '0193-a')
    await until(() => heard.length === 2 && overheard.length === 2, 'both hints, heard and overheard')
    for (const { data } of overheard) assert.ok(!/tide|ballast|Nobody/.test(Buffer.from(data).toString('latin1')))
    assert.deepEqual(
      overheard.map(({ subject }) => subject),
      ['hints.all', 'hints.topic.0193-a'],
    )

    const [first, second] = overheard.map(({ data }) => Buffer.from(data)) as [Buffer, Buffer]
    one.publish('third')
    await until(() => heard.length === 3 && overheard.length === 3, 'the third')
    const third = Buffer.from(overheard[2]!.data)
    const changed = Buffer.from(third)
    changed[changed.length - 1]! ^= 1
    const before = two.counts.refused
    const made: [string, Buffer | string][] = [
      ['hints.all', first],
      ['hints.topic.0193-a', second],
      ['hints.all', third],
      ['hints.topic.0193-a', third],
      ['hints.all', changed],
      ['hints.all', third.subarray(0, 20)],
      ['hints.all', ''],
      // As processes of a release before say it during an upgrade.
      ['hints.all', JSON.stringify('as it was said before hints were sealed')],
    ]
    for (const [subject, data] of made) stranger.publish(subject, data)
    await stranger.flush()
    one.publish('fourth')
    await until(() => heard.includes('fourth'), 'the fourth')
    assert.deepEqual(heard.slice(3), ['fourth'])
    assert.equal(two.counts.refused - before, made.length)
    assert.equal(one.counts.received, 0, 'nor does its sender hear it again')
    assert.ok([one, two].every(({ state }) => state === 'connected'))
  },
)

test('what belongs on one subject is nothing on another', { skip: !hasNats() }, async () => {
  const server = await natsServer()
  after(() => server.stop())
  const { one, two, stranger, overheard, heard, leave } = await withStranger(server.url)
  after(leave)
  // The stranger is in the way: what goes to a subject that nobody follows is never heard by a process.
  one.publish('for those who follow it', '0193-b')
  await until(() => overheard.length === 1, 'the hint, overheard')
  stranger.publish('hints.topic.0193-a', overheard[0]!.data)
  await until(() => two.counts.refused === 1, 'that it is refused')
  await two.follow('0193-b')
  stranger.publish('hints.topic.0193-b', overheard[0]!.data)
  await until(() => heard.length === 1, 'the hint, where it belongs')
})

test(
  'a process of the release before is not disturbed by what is sealed, nor another by it',
  { skip: !hasNats() },
  async () => {
    const server = await natsServer()
    after(() => server.stop())
    const bus = open(server.url)
    after(() => bus.close())
    await bus.opened
    // All that such a process did with a message.
    const old = await connect({ servers: server.url })
    after(() => old.close())
    let refused = 0
    old.subscribe('hints.all', {
      callback: (_error, { data }) => {
        try {
          JSON.parse(Buffer.from(data).toString())
        } catch {
          refused += 1
        }
      },
    })
    await old.flush()
    for (let n = 0; n < 100; n += 1) bus.publish(`hint ${n}`)
    await until(() => refused === 100, 'that none is taken for a hint')
    old.publish('hints.all', JSON.stringify({ kind: 'reconnect', accountId: 'everybody' }))
    await until(() => bus.counts.refused === 1, 'that its hint is refused')
    assert.equal(bus.state, 'connected')
  },
)

test(
  'nothing is said or believed as long as the time is not known, and nobody is told that it is connected',
  {
    skip: !hasNats(),
  },
  async () => {
    const server = await natsServer()
    after(() => server.stop())
    let now: number | undefined
    const [one, two] = [natsBus<string>({ servers: [server.url], ...place, now: () => now }), open(server.url)]
    after(() => Promise.all([one.close(), two.close()]))
    const heard: string[] = []
    two.subscribe((hint) => heard.push(hint))
    // As presence asks who else is there.
    one.onConnected(() => one.publish('who is there?'))
    await Promise.all([one.opened, two.opened])
    one.publish('lost')
    two.publish('not believed')
    await until(() => one.counts.refused === 1, 'that it is refused')
    assert.deepEqual([one.state, one.counts.dropped, one.counts.sent], ['disconnected', 1, 0])
    now = Date.now()
    await until(() => heard.includes('who is there?'), 'what is said at once')
    assert.deepEqual([one.state, one.counts.dropped], ['connected', 1])
    await hear(two, one, 'and now')
  },
)

test(
  'over TLS: the server is who it says it is, and so is the process',
  { skip: !hasNats() || !hasOpenssl() },
  async () => {
    const made = await certificates('localhost', 'elsewhere.tidewater.example')
    after(() => made.remove())
    const [own, elsewhere] = made.all as [(typeof made.all)[number], (typeof made.all)[number]]
    const flags = (certFile: string, keyFile: string) => ['--tls', '--tlscert', certFile, '--tlskey', keyFile]
    const encrypted = await natsServer([...flags(own.certFile, own.keyFile), '--user', 'whale', '--pass', 'secret'])
    const mutual = await natsServer([...flags(own.certFile, own.keyFile), '--tlscacert', made.caFile, '--tlsverify'])
    const another = await natsServer(flags(elsewhere.certFile, elsewhere.keyFile))
    const plain = await natsServer()
    after(() => Promise.all([encrypted, mutual, another, plain].map((server) => server.stop())))
    const at = ({ url }: { url: string }, who = '') => url.replace('nats://127.0.0.1', `tls://${who}localhost`)
    const trusting: NatsTls = { caFile: made.caFile, own: null }
    const state = async (server: string, tls?: NatsTls) => {
      const bus = natsBus<string>({ servers: [server], tls, ...place })
      await bus.opened
      const { state: found } = bus
      await bus.close()
      return found
    }
    assert.equal(await state(at(encrypted, 'whale:secret@'), trusting), 'connected')
    assert.equal(await state(at(encrypted, 'whale:wrong@'), trusting), 'disconnected')
    assert.equal(await state(at(encrypted, 'whale:secret@')), 'disconnected', 'signed by nobody that is known')
    assert.equal(await state(at(another), trusting), 'disconnected', 'for another name')
    assert.equal(await state(at(plain), trusting), 'disconnected', 'never in the clear')
    assert.equal(await state(at(mutual), { ...trusting, own }), 'connected')
    assert.equal(await state(at(mutual), trusting), 'disconnected', 'without a certificate of its own')

    const [one, two] = [0, 1].map(() => natsBus<string>({ servers: [at(mutual)], tls: { ...trusting, own }, ...place }))
    after(() => Promise.all([one!.close(), two!.close()]))
    await Promise.all([one!.opened, two!.opened])
    await hear(one!, two!, 'over TLS')
  },
)
