import assert from 'node:assert/strict'
import { createServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Authority } from '../test/fakes/authority.ts'
import type { Issued } from '../test/fakes/authority.ts'
import { factsOf } from './certificate/facts.ts'
import { certificatesIn } from './certificate/pem.ts'
import { Hosts } from './hosts.ts'
import { createMetrics } from './metrics.ts'

const host = 'api.tidewater.example'
const serial = ({ leaf }: Issued) => factsOf(certificatesIn(leaf)[0]!, []).serial

/** A host that serves one certificate to those who ask for its name, and another to the rest. */
async function serve(t: TestContext, named: () => Issued, other: Issued) {
  const context = ({ leaf, key }: Issued) => ({ cert: leaf, key })
  const server = createServer(context(other))
  server.on('connection', () => server.addContext(host, context(named())))
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

test('a host is asked by its name until it serves the synced certificate', async (t) => {
  const authority = await Authority.create()
  const [old, synced] = [await authority.issue({ names: [host] }), await authority.issue({ names: [host] })]
  let served = old
  const port = await serve(t, () => served, await authority.issue({ names: ['other.example'] }))
  const metrics = createMetrics()
  const doors = { port, timeoutMs: 2000, addressOf: () => '127.0.0.1' }
  const hosts = new Hosts(doors, { now: () => 1000 }, metrics)
  const gauge = async () => (await metrics.served.get()).values[0]?.value

  assert.equal(hosts.expect(host, serial(synced)), 31_000)
  assert.equal(hosts.expect(host, serial(synced)), undefined, 'it is being asked for already')
  assert.deepEqual(await hosts.ask(host), { again: 61_000 })
  assert.equal(await gauge(), 0)
  served = synced
  const answer = await hosts.ask(host)
  assert.equal(answer.notice?.reason, 'CertificateServed')
  assert.equal(await gauge(), 1)
  assert.deepEqual(await hosts.ask(host), {}, 'it is not asked for ever')
})

test('a host that goes on serving another, or does not answer, is told of once', async (t) => {
  const authority = await Authority.create()
  const [old, synced] = [await authority.issue({ names: [host] }), await authority.issue({ names: [host] })]
  const port = await serve(t, () => old, old)
  const silent = await serve(t, () => old, old)
  for (const [doors, reason] of [
    [{ port, timeoutMs: 2000, addressOf: () => '127.0.0.1' }, 'OtherCertificateServed'],
    [{ port: silent, timeoutMs: 200, addressOf: () => '127.0.0.2' }, 'HostNotAsked'],
  ] as const) {
    const hosts = new Hosts(doors, { now: () => 0 }, createMetrics())
    hosts.expect(host, serial(synced))
    const reasons: (string | undefined)[] = []
    for (let asked = 0; asked < 8; asked += 1) reasons.push((await hosts.ask(host)).notice?.reason)
    assert.deepEqual(reasons, [...Array.from({ length: 4 }, () => undefined), reason, undefined, undefined, undefined])
  }
})

test('a wildcard is no host to ask', () => {
  const hosts = new Hosts({ port: 1, timeoutMs: 1 }, { now: () => 0 }, createMetrics())
  assert.equal(hosts.expect('*.tidewater.example', '01'), undefined)
})
