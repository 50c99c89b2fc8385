import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Inventory } from '../src/acm/inventory.ts'
import { NotLeading, apply } from '../src/apply.ts'
import { read } from '../src/certificate/read.ts'
import { lead } from '../src/kubernetes/lease.ts'
import { Records } from '../src/kubernetes/records.ts'
import { tags } from '../src/names.ts'
import { bodyOf } from './fakes/acm-import.ts'
import { World, namespace } from './world.ts'

const names = ['api.tidewater.example']

test('who does not lead sends nothing to ACM, also when the Lease is lost after the import was written down', async (t) => {
  const world = await World.create(t)
  const { api, clients, clock } = world.surroundings()
  const records = await Records.open(api, 'cert-sync', 'one')
  const issued = await world.issue({ names })
  const own = { [tags.cluster]: 'tidewater-1', [tags.namespace]: namespace, [tags.secret]: 'api-tls' }
  const { arn } = world.acm.plant(bodyOf(issued.leaf, issued.chain), own)
  const reading = read((await world.issue({ names })).data, names, world.now())
  assert.ok(reading.state === 'sound')
  const { facts, material } = reading
  const key = `${namespace}/api-tls` as const
  // How often the Lease is still held when asked for.
  for (const times of [0, 1]) {
    let asked = 0
    const inventory = new Inventory(clients.patient, 'tidewater-1', clock)
    const hands = { cluster: 'tidewater-1', clients, inventory, records, clock, held: () => asked++ < times }
    await assert.rejects(apply(hands, key, { do: 'import', kind: 'first', facts, material, because: '' }), NotLeading)
    asked = 0
    await assert.rejects(
      apply(hands, key, { do: 'import', kind: 'renewal', arn, facts, material, because: '' }),
      NotLeading,
    )
    assert.equal(records.of(key).lastImport?.outcome, times === 0 ? undefined : 'unknown')
  }
  assert.equal(world.acm.calls.includes('ImportCertificate'), false)
  let asked = 0
  const inventory = new Inventory(clients.patient, 'tidewater-1', clock)
  const hands = { cluster: 'tidewater-1', clients, inventory, records, clock, held: () => asked++ < 0 }
  await assert.rejects(apply(hands, key, { do: 'delete', arn, because: '' }), NotLeading)
  assert.equal(world.acm.certificates.has(arn), true)
})

test('a leader that cannot reach the API server stops well before another may begin', async (t) => {
  const world = await World.create(t)
  const { api } = world.surroundings()
  const stop = new AbortController()
  const election = { api, namespace: 'cert-sync', identity: 'one', durationMs: 3000, log: () => {}, alive: () => {} }
  const leadership = (await lead(election, stop.signal))!
  assert.equal(leadership.held(), true)
  const renewals = () =>
    world.kubernetes.calls.filter(({ resource, verb }) => resource === 'leases' && verb === 'update').length
  const before = renewals()
  await world.until('it has renewed twice', () => renewals() >= before + 2)
  assert.equal(leadership.held(), true)
  const cut = performance.now()
  world.kubernetes.partitioned = true
  await world.until('it gives up', () => !leadership.held())
  assert.ok(performance.now() - cut < 2600, 'before the three seconds of the Lease are over')
  await world.until('it says so', () => leadership.lost.aborted)
  world.kubernetes.partitioned = false

  const other = lead({ ...election, identity: 'other' }, stop.signal)
  let leads = false
  void other.then(() => (leads = true))
  await new Promise((resolve) => setTimeout(resolve, 1000))
  assert.equal(leads, false, 'the other waits for as long as the Lease stands')
  const next = await other
  assert.equal(next!.held(), true)
  await next!.release()
  await leadership.release()
})
