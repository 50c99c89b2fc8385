import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

test('with nothing set, everything has its default', () => {
  const config = readConfig({})
  assert.deepEqual(
    [config.host, config.port, config.metricsPort, config.databaseUrl, config.uiOrigins, config.trustedProxies],
    ['127.0.0.1', 8080, 9464, null, [], []],
  )
})

test('what is set is read, with blanks around it', () => {
  const config = readConfig({
    PORT: ' 9000 ',
    METRICS_PORT: 'off',
    UI_ORIGIN: 'https://a.example, https://b.example/',
    TRUSTED_PROXIES: '10.0.0.0/8,loopback,::1',
  })
  assert.deepEqual([config.port, config.metricsPort], [9000, null])
  assert.deepEqual(config.uiOrigins, ['https://a.example', 'https://b.example'])
  assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', 'loopback', '::1'])
})

test('what cannot be meant is refused by name', () => {
  for (const [name, value] of Object.entries({
    PORT: 'http',
    METRICS_PORT: '70000',
    DATABASE_URL: 'mysql://x',
    UI_ORIGIN: 'chat.example',
    API_ORIGIN: 'https://api.example/v1',
    LOG_LEVEL: 'loud',
    SERVE_UI: 'yes',
    TRUSTED_PROXIES: 'everybody',
    SENDS_PER_MINUTE: '0',
    DATABASE_POOL_SIZE: '1.5',
  }))
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => error instanceof ConfigError && error.message.includes(name),
      name,
    )
})
