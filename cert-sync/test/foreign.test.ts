// Whose certificates are left alone, by the code and, were the code wrong, by the policy of its role.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { AddTagsToCertificateCommand, DeleteCertificateCommand, ImportCertificateCommand } from '@aws-sdk/client-acm'
import { tags } from '../src/names.ts'
import { bodyOf } from './fakes/acm-import.ts'
import { allows, policyFor } from './fakes/iam.ts'
import { World, hour, namespace } from './world.ts'

const names = ['api.tidewater.example']
const tls = [{ secretName: 'api-tls', hosts: names }]
const ours = { [tags.cluster]: 'tidewater-1', [tags.namespace]: namespace, [tags.secret]: 'api-tls' }

test('foreign certificates stay as they are, however similar: same host, other cluster, half the tags, ACM’s own', async (t) => {
  const world = await World.create(t)
  const issued = await world.issue({ names })
  const body = bodyOf(issued.leaf, issued.chain)
  const foreign = [
    world.acm.plant(body),
    world.acm.plant(body, { ...ours, [tags.cluster]: 'tidewater-2' }),
    world.acm.plant(body, { [tags.namespace]: namespace, [tags.secret]: 'api-tls' }),
    world.acm.plant(body, { [tags.cluster]: 'tidewater-1', Name: 'api-tls' }),
    world.acm.plant(body, { Name: 'api.tidewater.example', 'kubernetes.io/cluster/tidewater-1': 'owned' }),
    world.acm.plant(body, {}, 'AMAZON_ISSUED'),
  ]
  const before = structuredClone(foreign)
  world.ingress('api', tls)
  world.secret('api-tls', issued)
  world.start()
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.calm()
  assert.equal(
    foreign.some(({ arn }) => arn === world.arnsOf('api')),
    false,
    'none of them was taken up',
  )
  world.secret('api-tls', await world.issue({ names }))
  await world.until('it is renewed', () => world.acm.imports.again === 1)
  world.kubernetes.delete('ingresses', namespace, 'api')
  await world.calm()
  await world.advance(hour)
  await world.advance(25 * hour)
  assert.equal(world.own('api-tls').length, 0, 'its own is gone')
  assert.deepEqual([...world.acm.certificates.values()], before)
})

test('records that name a foreign certificate do not make it ours', async (t) => {
  const world = await World.create(t)
  const issued = await world.issue({ names })
  const foreign = world.acm.plant(bodyOf(issued.leaf, issued.chain), { Name: 'theirs' })
  const record = {
    arn: foreign.arn,
    unusedSince: { [foreign.arn]: '2020-01-01T00:00:00.000Z' },
    deleting: [foreign.arn],
    lastImport: { kind: 'renewal', fingerprint: 'x', at: new Date().toISOString(), outcome: 'done', arn: foreign.arn },
  }
  const data = { secrets: JSON.stringify({ [`${namespace}/api-tls`]: record }) }
  world.kubernetes.put('configmaps', { metadata: { name: 'cert-sync-records', namespace: 'cert-sync' }, data })
  const before = structuredClone(foreign)
  world.ingress('api', tls)
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.calm()
  await world.advance(6 * 60_000)
  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.advance(48 * hour)
  assert.notEqual(world.arnsOf('api'), foreign.arn)
  assert.deepEqual(foreign, before)
})

test('an annotation that somebody else has set is left alone, with an Event', async (t) => {
  const world = await World.create(t)
  const arn = 'arn:aws:acm:eu-central-1:111122223333:certificate/theirs'
  world.ingress('api', tls, { 'alb.ingress.kubernetes.io/certificate-arn': arn })
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.until('it says so', () => world.reasons('api').includes('AnnotationConflict'))
  await world.advance(hour)
  assert.equal(world.arnsOf('api'), arn)
})

test('an Ingress that did not opt in is left alone, and so is its Secret', async (t) => {
  const world = await World.create(t)
  world.ingress('api', tls, { 'all-is-whale/cert-sync': 'disabled' })
  world.secret('api-tls', await world.issue({ names }))
  world.start()
  await world.calm()
  await world.advance(hour)
  assert.equal(world.arnsOf('api'), undefined)
  assert.equal(world.acm.calls.includes('ImportCertificate'), false)
  assert.equal(
    world.kubernetes.calls.some(({ resource }) => resource === 'secrets'),
    false,
    'it was not even read',
  )
})

test('with the role alone, without the code, foreign certificates of other clusters cannot be had', async (t) => {
  const world = await World.create(t)
  const issued = await world.issue({ names })
  const body = bodyOf(issued.leaf, issued.chain)
  const other = world.acm.plant(body, { ...ours, [tags.cluster]: 'tidewater-2' })
  const untagged = world.acm.plant(body, { Name: 'theirs' })
  const own = world.acm.plant(body, ours)
  const { patient } = world.surroundings().clients
  const Tags = Object.entries(ours).map(([Key, Value]) => ({ Key, Value }))
  const material = {
    Certificate: Buffer.from(issued.leaf),
    PrivateKey: Buffer.from(Buffer.from(issued.data['tls.key'], 'base64')),
  }
  for (const { arn } of [other, untagged]) {
    const denied = { name: 'AccessDeniedException' }
    await assert.rejects(patient.send(new DeleteCertificateCommand({ CertificateArn: arn })), denied)
    await assert.rejects(patient.send(new ImportCertificateCommand({ CertificateArn: arn, ...material })), denied)
  }
  await assert.rejects(
    patient.send(new ImportCertificateCommand(material)),
    { name: 'AccessDeniedException' },
    'untagged',
  )
  const more = [...Tags, { Key: 'Name', Value: 'x' }]
  await assert.rejects(patient.send(new ImportCertificateCommand({ ...material, Tags: more })), {
    name: 'AccessDeniedException',
  })
  await assert.rejects(patient.send(new AddTagsToCertificateCommand({ CertificateArn: other.arn, Tags })), {
    name: 'AccessDeniedException',
  })
  await patient.send(
    new ImportCertificateCommand({ CertificateArn: own.arn, ...material, CertificateChain: Buffer.from(issued.chain) }),
  )
  await patient.send(new DeleteCertificateCommand({ CertificateArn: own.arn }))
  world.acm.denied.length = 0
})

test('what the policy cannot stop is known: an untagged certificate can be tagged, a fenced one cannot', () => {
  const policy = policyFor({
    partition: 'aws',
    region: 'eu-central-1',
    account: '111122223333',
    cluster: 'tidewater-1',
  })
  const resource = 'arn:aws:acm:eu-central-1:111122223333:certificate/1'
  const request = Object.fromEntries(Object.entries(ours).map(([name, value]) => [`aws:RequestTag/${name}`, value]))
  const context = { ...request, 'aws:TagKeys': Object.keys(ours) }
  assert.equal(allows(policy, { action: 'acm:AddTagsToCertificate', resource, context }), true)
  const fenced = { ...context, [`aws:ResourceTag/${tags.cluster}`]: 'none' }
  assert.equal(allows(policy, { action: 'acm:AddTagsToCertificate', resource, context: fenced }), false)
})

test('no right is there that no code needs', () => {
  const text = readFileSync(new URL('../iam.json', import.meta.url), 'utf8')
  const actions = [...text.matchAll(/acm:(\w+)"/g)].map(([, action]) => action)
  assert.deepEqual(
    [...new Set(actions)].toSorted((one, other) => one!.localeCompare(other!)),
    [
      'AddTagsToCertificate',
      'DeleteCertificate',
      'DescribeCertificate',
      'GetCertificate',
      'ImportCertificate',
      'ListCertificates',
      'ListTagsForCertificate',
    ],
  )
})
