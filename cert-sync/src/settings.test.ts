import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from './settings.ts'

const least = { CLUSTER: 'tidewater-1', WATCH_NAMESPACES: 'all-is-whale, tools', AWS_REGION: 'eu-central-1' }

test('three settings are enough, and the rest is as the README says', () => {
  const settings = readSettings({ ...least, POD_NAME: 'cert-sync-0' })
  assert.deepEqual(settings, {
    cluster: 'tidewater-1',
    namespaces: ['all-is-whale', 'tools'],
    region: 'eu-central-1',
    ownNamespace: 'default',
    identity: 'cert-sync-0',
    host: '0.0.0.0',
    port: 8080,
    graceMs: 24 * 3600_000,
    settleMs: 300_000,
    resyncMs: 30 * 60_000,
    importsPerYear: 2000,
    importsPerSecretPerDay: 6,
    checkHosts: true,
  })
})

test('everything that is wrong is said at once', () => {
  const env = {
    ...least,
    CLUSTER: '',
    WATCH_NAMESPACES: 'All Of Them',
    GRACE_HOURS: 'long',
    SETTLE_SECONDS: '1',
    CHECK_HOSTS: 'no',
  }
  assert.throws(
    () => readSettings(env),
    (error: Error) => {
      for (const name of ['CLUSTER', 'WATCH_NAMESPACES', 'GRACE_HOURS', 'SETTLE_SECONDS', 'CHECK_HOSTS'])
        assert.match(error.message, new RegExp(`^${name} is`, 'm'))
      assert.doesNotMatch(error.message, /AWS_REGION/)
      return true
    },
  )
})
