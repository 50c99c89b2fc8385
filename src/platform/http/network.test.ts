import assert from 'node:assert/strict'
import { test } from 'node:test'
import { network } from './network.ts'

test('an address counts as itself in IPv4, and as its subscriber’s network in IPv6', () => {
  for (const [address, counted] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unix socket', 'unix socket'],
  ] as const)
    assert.equal(network(address), counted, address)
})
