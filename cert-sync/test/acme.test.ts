import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pebbleIsInstalled, startPebble } from './fakes/pebble.ts'
import { World, hour } from './world.ts'

const missing = !pebbleIsInstalled() && process.env.CI !== 'true'
if (missing) process.stderr.write('SKIPPED certificates from a real ACME flow: install the Debian package pebble.\n')

test(
  'certificates from an ACME server, by DNS-01: issued, renewed, and with another type of key',
  { skip: missing },
  async (t) => {
    assert.ok(pebbleIsInstalled(), 'the Debian package pebble is installed')
    const pebble = await startPebble()
    t.after(() => pebble.stop())
    const world = await World.create(t)
    const names = ['api.tidewater.example', 'www.tidewater.example']
    world.ingress('api', [{ secretName: 'api-tls', hosts: names }])
    world.secret('api-tls', await pebble.issue(names, 'P-256'))
    world.start()
    await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
    await world.calm()
    const arn = world.arnsOf('api')!

    const renewed = await pebble.issue(names, 'P-256')
    world.secret('api-tls', renewed)
    await world.until('it is renewed', () => world.acm.imports.again === 1)
    await world.calm()
    assert.equal(world.arnsOf('api'), arn)
    assert.equal(world.acm.certificates.get(arn)!.body.leaf.trim(), renewed.leaf.trim())

    world.secret('api-tls', await pebble.issue(names, 'RSA-2048'))
    await world.until('the Ingress moves', () => world.arnsOf('api') !== arn)
    await world.advance(hour)
    await world.advance(25 * hour)
    await world.advance(hour)
    assert.deepEqual(
      world.own('api-tls').map((one) => one.arn),
      [world.arnsOf('api')],
    )
    assert.deepEqual(world.acm.imports, { first: 2, again: 1 })
  },
)
