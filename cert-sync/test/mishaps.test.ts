// What goes wrong between a Secret and ACM: in every case one certificate per Secret in the end, and no import too many.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { FakeAcm } from './fakes/acm.ts'
import { World, hour, minute, namespace } from './world.ts'

const names = ['api.tidewater.example']
const tls = [{ secretName: 'api-tls', hosts: names }]

async function waiting(t: TestContext): Promise<World> {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  return world
}

const imports = (acm: FakeAcm) => acm.calls.filter((call) => call === 'ImportCertificate').length

test('two replicas: one leads, the other does nothing; when the leader dies it goes on where that one was', async (t) => {
  const world = await waiting(t)
  const [one, other] = [world.start(3000), world.start(3000)]
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const [leader, second] = one.replica.term() ? [one, other] : [other, one]
  assert.equal(second.replica.term(), undefined)
  const arn = world.arnsOf('api')
  await leader.crash()
  world.secret('api-tls', await world.issue({ names }))
  assert.equal(second.replica.term(), undefined, 'not before the Lease ran out')
  await world.until('the second leads', () => second.replica.term() !== undefined)
  await world.until('it renews', () => world.acm.imports.again === 1)
  await world.calm()
  assert.equal(world.arnsOf('api'), arn)
  assert.deepEqual(world.acm.imports, { first: 1, again: 1 })
})

test('a replica that is asked to stop gives the Lease back, and the next one begins at once', async (t) => {
  const world = await waiting(t)
  const first = world.start(60_000)
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await first.stop()
  const second = world.start(60_000)
  await world.until('the second leads', () => second.replica.term() !== undefined)
  await world.calm()
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
})

test('a throttled import was not carried out: it is tried again soon, and counts once', async (t) => {
  const world = await waiting(t)
  for (let times = 0; times < 3; times += 1) world.acm.faults.push({ action: 'ImportCertificate', how: 'throttle' })
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  assert.equal(imports(world.acm), 4)
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
  const map = world.kubernetes.get('configmaps', 'cert-sync', 'cert-sync-records') as unknown as {
    data: { imports: string }
  }
  assert.deepEqual(Object.values(JSON.parse(map.data.imports) as object), [1])
})

test('throttled lists and descriptions are waited out', async (t) => {
  const world = await waiting(t)
  for (const action of ['ListCertificates', 'DescribeCertificate', 'ListTagsForCertificate', 'GetCertificate'])
    world.acm.faults.push({ action, how: 'throttle' })
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
})

for (const how of ['lose', 'hang'] as const)
  test(`a crash between import and annotation (${how}), with a list that lags: the next leader takes up what is there`, async (t) => {
    const world = await waiting(t)
    world.acm.lagMs = 2 * minute
    world.acm.faults.push({ action: 'ImportCertificate', how })
    const first = world.start()
    await world.until('ACM has it', () => world.acm.imports.first === 1)
    await first.crash()
    world.expireLease()
    assert.equal(world.arnsOf('api'), undefined)
    world.start()
    await world.calm()
    await world.advance(minute)
    assert.equal(world.arnsOf('api'), undefined, 'ACM does not show it yet, and nothing is imported again')
    assert.equal(imports(world.acm), 1)
    await world.advance(5 * minute)
    await world.until('the Ingress names it', () => world.arnsOf('api') !== undefined)
    assert.equal(world.arnsOf('api'), world.own('api-tls')[0]!.arn)
    await world.advance(hour)
    assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
  })

test('a crash after the import was written down and before it was sent: sent once, when it can be known', async (t) => {
  const world = await waiting(t)
  world.acm.faults.push({ action: 'ImportCertificate', how: 'fail' })
  const first = world.start()
  await world.until('it was tried', () => imports(world.acm) === 1)
  await first.crash()
  world.expireLease()
  world.start()
  await world.calm()
  await world.advance(4 * minute)
  assert.equal(imports(world.acm), 1, 'an answer of 500 may still have been an import')
  await world.advance(2 * minute)
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
})

test('a lost answer to a key change: the new certificate is taken up, and no third one is made', async (t) => {
  const world = await waiting(t)
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const old = world.arnsOf('api')
  await world.advance(hour)
  world.acm.lagMs = minute
  world.acm.faults.push({ action: 'ImportCertificate', how: 'lose' })
  world.secret('api-tls', await world.issue({ names, algorithm: 'P-384' }))
  await world.until('ACM has both', () => world.own('api-tls').length === 2)
  await world.calm()
  assert.equal(world.arnsOf('api'), old)
  await world.advance(6 * minute)
  await world.until('the Ingress moves', () => world.arnsOf('api') !== old)
  await world.advance(hour)
  await world.advance(25 * hour)
  await world.advance(hour)
  assert.deepEqual(
    world.own('api-tls').map(({ arn }) => arn),
    [world.arnsOf('api')],
  )
  assert.deepEqual(world.acm.imports, { first: 2, again: 0 })
})

test('a leader that lost its Lease in the middle of an import leaves one certificate, and changes nothing after', async (t) => {
  const world = await waiting(t)
  world.acm.faults.push({ action: 'ImportCertificate', how: 'hang' })
  const old = world.start()
  await world.until('ACM has it', () => world.acm.imports.first === 1)
  world.expireLease()
  const next = world.start()
  await world.until('the next one leads', () => next.replica.term() !== undefined)
  await world.until('the Ingress names it', () => world.arnsOf('api') !== undefined)
  // Now the old one hears of its success.
  world.acm.letGo()
  await world.until('the old one steps back', () => old.logged.some((line) => line.includes('Not leading any more')))
  await world.advance(hour)
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
  assert.equal(world.own('api-tls').length, 1)
})

test('a leader that was replaced without noticing cannot import: its written intent is refused', async (t) => {
  const world = await waiting(t)
  const old = world.start(5000)
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  // Another has led meanwhile and signed the records; this one still believes in its Lease.
  world.kubernetes.change('configmaps', 'cert-sync', 'cert-sync-records', (map) => {
    ;(map as unknown as { data: { leader: string } }).data.leader = 'another'
  })
  const before = imports(world.acm)
  world.acm.faults.push({ action: 'ImportCertificate', how: 'throttle' })
  world.secret('api-tls', await world.issue({ names }))
  await world.until('it steps back', () => old.logged.some((line) => line.includes('written the records')))
  assert.equal(imports(world.acm), before)
})

test('changes that a watch missed are found after 410 Gone, in the stream and as a status', async (t) => {
  const world = await waiting(t)
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  for (const round of [1, 2, 3]) {
    await world.calm()
    const listed = world.kubernetes.calls.filter(({ verb }) => verb === 'list').length
    world.kubernetes.partitioned = true
    world.kubernetes.breakWatches()
    world.secret('api-tls', await world.issue({ names }))
    world.kubernetes.compact()
    world.kubernetes.partitioned = false
    await world.until('it is renewed', () => world.acm.imports.again === round)
    assert.ok(world.kubernetes.calls.filter(({ verb }) => verb === 'list').length > listed, 'it listed again')
  }
  await world.calm()
  const lists = world.kubernetes.calls.filter(({ verb }) => verb === 'list').length
  world.kubernetes.bookmark()
  await world.calm()
  world.kubernetes.breakWatches()
  world.secret('api-tls', await world.issue({ names }))
  await world.until('it is renewed', () => world.acm.imports.again === 4)
  assert.equal(
    world.kubernetes.calls.filter(({ verb }) => verb === 'list').length,
    lists,
    'an ordinary break is resumed',
  )
})

test('two certificates of one Secret, whoever made them, become one: the one that is used stays', async (t) => {
  const world = await waiting(t)
  const first = world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const used = world.acm.certificates.get(world.arnsOf('api')!)!
  world.acm.plant(used.body, used.tags)
  await first.stop()
  world.kubernetes.delete('configmaps', 'cert-sync', 'cert-sync-records')
  world.start()
  await world.calm()
  await world.advance(25 * hour)
  await world.advance(hour)
  assert.deepEqual(world.own('api-tls'), [used])
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
})

test('a certificate that somebody deleted in ACM is imported anew', async (t) => {
  const world = await waiting(t)
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const old = world.arnsOf('api')!
  world.acm.certificates.delete(old)
  await world.advance(hour)
  await world.until('the Ingress moves', () => world.arnsOf('api') !== old)
  assert.deepEqual(world.acm.imports, { first: 2, again: 0 })
})

test('somebody takes an unused certificate just before its deletion: it stays', async (t) => {
  const world = await waiting(t)
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  world.kubernetes.delete('ingresses', namespace, 'api')
  await world.calm()
  world.acm.usedUnseen.add(world.own('api-tls')[0]!.arn)
  await world.advance(hour)
  await world.advance(25 * hour)
  assert.equal(world.acm.calls.filter((call) => call === 'DeleteCertificate').length, 1, 'it was tried once')
  assert.equal(world.own('api-tls').length, 1)
})
