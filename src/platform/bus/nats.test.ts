import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { freePort, hasNats, natsServer } from '#platform/testing/nats-server.ts'
import type { Bus } from './bus.ts'
import { natsBus } from './nats.ts'

// What the contract of all buses (`bus.test.ts`) does not say.

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const open = (...servers: string[]) => natsBus<string>({ servers, subject: 'hints', slim: (hint) => hint, log })

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
