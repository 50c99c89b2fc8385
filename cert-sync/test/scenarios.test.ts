import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usage } from './fakes/authority.ts'
import { World, hour, minute, namespace } from './world.ts'

const names = ['api.tidewater.example']
const tls = [{ secretName: 'api-tls', hosts: names }]

test('the first certificate of a Secret is imported once, with our tags, and its Ingress names it', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  const [own, ...others] = world.own('api-tls')
  assert.equal(world.arnsOf('api'), own!.arn)
  assert.equal(others.length, 0)
  await world.advance(2 * hour)
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 }, 'further rounds import nothing')
  assert.deepEqual(world.reasons('api'), ['CertificateImported', 'CertificateAnnotated'])
  const managers = world.kubernetes.managersOf('ingresses', namespace, 'api')
  assert.deepEqual(
    Object.entries(managers)
      .filter(([, owners]) => owners.includes('cert-sync'))
      .map(([path]) => path.split('\u0000').at(-1)),
    ['alb.ingress.kubernetes.io/certificate-arn'],
    'it owns that one field of the Ingress and no other',
  )
})

test('a renewal keeps the ARN, and waits for a stale ACM instead of importing again', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  const arn = world.arnsOf('api')
  world.acm.lagMs = 2 * minute
  await world.advance(60 * 24 * hour)
  const renewed = await world.issue({ names })
  world.secret('api-tls', renewed)
  await world.until('it is renewed', () => world.acm.imports.again === 1)
  await world.advance(minute)
  await world.advance(30 * minute)
  assert.equal(world.acm.certificates.get(arn!)!.body.leaf.trim(), renewed.leaf.trim())
  assert.deepEqual(world.acm.imports, { first: 1, again: 1 })
  assert.equal(world.arnsOf('api'), arn)
})

test('another type of key: imported anew, the Ingress moves, and the old one goes when nothing uses it', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const old = world.arnsOf('api')!
  world.loadBalancers = false
  world.secret('api-tls', await world.issue({ names, algorithm: 'RSA-2048' }))
  await world.until('the Ingress moves', () => world.arnsOf('api') !== old)
  await world.advance(100 * hour)
  assert.equal(world.own('api-tls').length, 2, 'the load balancer still has the old one, so it stays')
  world.loadBalancers = true
  await world.advance(hour)
  await world.advance(20 * hour)
  assert.equal(world.own('api-tls').length, 2, 'the grace period is not over')
  await world.advance(6 * hour)
  assert.deepEqual(
    world.own('api-tls').map(({ arn }) => arn),
    [world.arnsOf('api')],
  )
  assert.deepEqual(world.acm.imports, { first: 2, again: 0 })
})

test('a usage that a renewal drops means a new certificate, unless it is the one that ACM lets go', async (t) => {
  const world = await World.create(t)
  const serverAuth = '1.3.6.1.5.5.7.3.1'
  const wide = {
    keyUsages: usage.digitalSignature | usage.keyAgreement,
    extendedKeyUsages: [serverAuth, '1.3.6.1.5.5.7.3.2'],
  }
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names, ...wide }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  const old = world.arnsOf('api')
  world.secret('api-tls', await world.issue({ names, keyUsages: wide.keyUsages }))
  await world.until('it is renewed', () => world.acm.imports.again === 1)
  await world.calm()
  assert.equal(world.arnsOf('api'), old, 'without client authentication the ARN is kept')
  world.secret('api-tls', await world.issue({ names }))
  await world.until('the Ingress moves', () => world.arnsOf('api') !== old)
  assert.deepEqual(world.acm.imports, { first: 2, again: 1 })
})

test('a re-import that ACM refuses for a reason of its own becomes a new certificate', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const old = world.arnsOf('api')!
  // A rule that cert-sync does not know of: as if the old one had a usage that only ACM sees.
  world.acm.certificates.get(old)!.body.extendedKeyUsages.push('1.3.6.1.5.5.7.3.17')
  world.secret('api-tls', await world.issue({ names }))
  await world.until('the Ingress moves', () => world.arnsOf('api') !== old)
  assert.deepEqual(world.acm.imports, { first: 2, again: 0 })
})

test('an Ingress that goes takes its certificate along after the grace period, and one that returns gets it back', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const arn = world.arnsOf('api')
  world.kubernetes.delete('ingresses', namespace, 'api')
  await world.calm()
  await world.advance(23 * hour)
  assert.equal(world.own('api-tls').length, 1)
  world.ingress('api', tls)
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  assert.equal(world.arnsOf('api'), arn, 'within the grace period it is the same')
  await world.advance(48 * hour)
  assert.equal(world.own('api-tls').length, 1, 'the grace period did not go on counting')
  world.kubernetes.delete('ingresses', namespace, 'api')
  await world.calm()
  await world.advance(hour)
  await world.advance(24 * hour)
  assert.equal(world.own('api-tls').length, 0)
  assert.deepEqual(world.acm.imports, { first: 1, again: 0 })
  const records = world.kubernetes.get('configmaps', 'cert-sync', 'cert-sync-records') as unknown as {
    data: { secrets: string }
  }
  await world.advance(25 * hour)
  assert.doesNotMatch(records.data.secrets, /unusedSince/)
})

test('a Secret that goes, or an opt-in that goes, takes nothing away from what is served', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  const arn = world.arnsOf('api')
  world.kubernetes.delete('secrets', namespace, 'api-tls')
  await world.advance(100 * hour)
  assert.equal(world.arnsOf('api'), arn)
  assert.equal(world.own('api-tls').length, 1)
  assert.ok(world.reasons('api').includes('SecretMissing'))
  world.kubernetes.change(
    'ingresses',
    namespace,
    'api',
    ({ metadata }) => delete metadata.annotations!['all-is-whale/cert-sync'],
  )
  await world.advance(100 * hour)
  await world.advance(100 * hour)
  assert.equal(world.arnsOf('api'), arn)
  assert.equal(world.own('api-tls').length, 1)
})

test('two Secrets of one Ingress stand in its order, and one Secret of two Ingresses is imported once', async (t) => {
  const world = await World.create(t)
  const both = [{ secretName: 'ui-tls', hosts: ['tidewater.example'] }, ...tls]
  world.ingress('api', tls)
  world.ingress('ui', both)
  world.secret('api-tls', await world.issue({ names }))
  world.secret('ui-tls', await world.issue({ names: ['tidewater.example'] }))
  world.start()
  await world.until('the UI has two', () => world.arnsOf('ui')?.split(',').length === 2)
  await world.calm()
  const [ui] = world.own('ui-tls')
  const [api] = world.own('api-tls')
  assert.equal(world.arnsOf('ui'), `${ui!.arn},${api!.arn}`)
  assert.equal(world.arnsOf('api'), api!.arn)
  assert.deepEqual(world.acm.imports, { first: 2, again: 0 })
})
