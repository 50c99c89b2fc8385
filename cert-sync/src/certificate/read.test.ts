import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Authority, base64, serverAuth, usage } from '../../test/fakes/authority.ts'
import type { Issued } from '../../test/fakes/authority.ts'
import { read } from './read.ts'
import { clientAuth } from './usages.ts'

const names = ['api.tidewater.example', '*.whale.tidewater.example']
const day = 24 * 3600_000
const now = Date.now()
let authority: Authority
let good: Issued

before(async () => {
  authority = await Authority.create()
  good = await authority.issue({ names })
})

const reason = (data: Record<string, string> | undefined, hosts = ['api.tidewater.example'], at = now) => {
  const reading = read(data, hosts, at)
  return reading.state === 'refused' ? reading.reason : reading.state
}

test('a good certificate is taken with its leaf, its chain and its key apart', () => {
  const reading = read(good.data, ['api.tidewater.example'], now)
  assert.equal(reading.state, 'sound')
  if (reading.state !== 'sound') return
  assert.equal(reading.material.leaf.trim(), good.leaf.trim())
  assert.equal(reading.material.chain.trim(), good.chain.trim())
  assert.equal(reading.facts.keyAlgorithm, 'EC_prime256v1')
  assert.deepEqual(reading.facts.names, names.toSorted())
})

test('a Secret that is not there, is empty or holds something else is told apart', () => {
  assert.equal(reason(undefined), 'missing')
  assert.equal(reason({}), 'Unreadable')
  assert.equal(reason({ ...good.data, 'tls.crt': base64('no certificate') }), 'Unreadable')
  assert.equal(reason({ ...good.data, 'tls.crt': base64(good.leaf.replace(/MII..../, 'MIIxxxxx')) }), 'Unreadable')
  assert.equal(reason({ ...good.data, 'tls.key': base64('no key') }), 'Unreadable')
})

test('a key of another certificate is refused', async () => {
  const other = await authority.issue({ names })
  assert.equal(reason({ ...good.data, 'tls.key': other.data['tls.key'] }), 'KeyMismatch')
})

test('the time must be within its validity', async () => {
  const later = await authority.issue({ names, notBefore: now + day })
  assert.equal(reason(later.data), 'NotYetValid')
  assert.equal(reason(later.data, undefined, now + 2 * day), 'sound')
  assert.equal(reason(good.data, undefined, now + 91 * day), 'Expired')
})

test('staging, self-signed and meanwhile certificates are refused', async () => {
  const staging = await Authority.create("(STAGING) Let's Encrypt")
  assert.equal(reason((await staging.issue({ names })).data), 'StagingCertificate')
  const root = authority.root
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', root.keys.privateKey)).toString('base64')
  const data = {
    'tls.crt': base64(root.certificate.toString('pem')),
    'tls.key': base64(`-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`),
  }
  assert.equal(reason(data), 'TemporaryCertificate')
})

test('a chain is put in order and freed of repeats, and refused when something in it does not belong', async () => {
  const root = authority.root.certificate.toString('pem')
  const shuffled = base64([good.leaf, root, good.leaf, good.chain, good.chain].join('\n'))
  const reading = read({ ...good.data, 'tls.crt': shuffled }, [], now)
  assert.equal(reading.state, 'sound')
  if (reading.state === 'sound') assert.equal(reading.material.chain.trim(), `${good.chain.trim()}\n${root.trim()}`)
  assert.equal(reason({ ...good.data, 'tls.crt': base64(good.leaf) }), 'BrokenChain')
  // The same names and other keys: who only compares names takes it.
  const impostor = await Authority.create()
  const forged = base64(`${good.leaf}\n${impostor.intermediate.certificate.toString('pem')}`)
  assert.equal(reason({ ...good.data, 'tls.crt': forged }), 'BrokenChain')
})

test('keys that no load balancer takes are refused, those that it takes are named as ACM does', async () => {
  assert.equal(reason((await authority.issue({ names, algorithm: 'Ed25519' })).data), 'UnsupportedKey')
  for (const [algorithm, called] of [
    ['P-384', 'EC_secp384r1'],
    ['RSA-2048', 'RSA_2048'],
  ] as const) {
    const reading = read((await authority.issue({ names, algorithm })).data, [], now)
    assert.equal(reading.state === 'sound' && reading.facts.keyAlgorithm, called)
  }
})

test('a certificate for none of the hosts is refused', () => {
  assert.equal(reason(good.data, ['other.tidewater.example']), 'HostNotCovered')
  assert.equal(reason(good.data, ['other.tidewater.example', 'api.tidewater.example']), 'sound')
  assert.equal(reason(good.data, ['a.whale.tidewater.example']), 'sound')
  assert.equal(reason(good.data, ['*.whale.tidewater.example']), 'sound')
  assert.equal(reason(good.data, ['*.tidewater.example']), 'HostNotCovered')
})

test('usages are read with their names, the extended ones with their identifiers', async () => {
  const wish = {
    names,
    keyUsages: usage.digitalSignature | usage.keyEncipherment,
    extendedKeyUsages: [serverAuth, clientAuth],
  }
  const reading = read((await authority.issue(wish)).data, [], now)
  assert.equal(reading.state, 'sound')
  if (reading.state === 'sound')
    assert.deepEqual(reading.facts.usages, ['digitalSignature', 'keyEncipherment', serverAuth, clientAuth])
})
