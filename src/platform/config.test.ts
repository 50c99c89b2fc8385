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
    PUBLIC_URL: 'https://chat.tidewater.example/',
    HOSTS: 'Api.Internal., büro.example,api-1,10.0.0.1,[::1]',
  })
  assert.deepEqual([config.port, config.metricsPort], [9000, null])
  assert.deepEqual(config.uiOrigins, ['https://a.example', 'https://b.example'])
  assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', 'loopback', '::1'])
  assert.equal(config.publicUrl, 'https://chat.tidewater.example')
  assert.deepEqual(config.hosts, ['api.internal', 'xn--bro-hoa.example', 'api-1', '10.0.0.1', '[::1]'])
})

test('a name with a scheme, a port, a star or a path is no host', () => {
  for (const wrong of ['https://a.example', 'a.example:8080', '*.a.example', 'a.example/x', 'u@a.example', 'a b', '.'])
    assert.throws(
      () => readConfig({ HOSTS: wrong }),
      (error) => error instanceof ConfigError && error.message.includes('HOSTS'),
      wrong,
    )
})

test('metrics are for this machine alone, whatever HOST is, unless it is said', () => {
  const listener = (env: NodeJS.ProcessEnv) => {
    const { metricsHost, metricsTls } = readConfig(env)
    return { metricsHost, metricsTls }
  }
  assert.deepEqual(listener({ HOST: '0.0.0.0' }), { metricsHost: '127.0.0.1', metricsTls: null })
  const files = { METRICS_CERT_FILE: '/tls/own.pem', METRICS_KEY_FILE: '/tls/own.key' }
  assert.deepEqual(listener({ METRICS_HOST: '::', ...files, METRICS_CLIENT_CA_FILE: '/tls/ca.pem' }), {
    metricsHost: '::',
    metricsTls: { certFile: '/tls/own.pem', keyFile: '/tls/own.key', clientCaFile: '/tls/ca.pem' },
  })
  assert.throws(() => readConfig({ METRICS_CERT_FILE: '/tls/own.pem' }), /METRICS_KEY_FILE belong together/)
  assert.throws(() => readConfig({ METRICS_CLIENT_CA_FILE: '/tls/ca.pem' }), /needs METRICS_CERT_FILE/)
})

test('a role of its own for migrations needs one for the API', () => {
  const owner = { DATABASE_OWNER_URL: 'postgres://whale@db.tidewater.example/whale' }
  const api = { DATABASE_URL: 'postgres://whale_api@db.tidewater.example/whale' }
  assert.equal(readConfig({ ...owner, ...api }).databaseOwnerUrl, owner.DATABASE_OWNER_URL)
  assert.equal(readConfig(api).databaseOwnerUrl, null)
  assert.throws(() => readConfig(owner), /needs DATABASE_URL/)
  assert.throws(
    () => readConfig({ ...owner, DATABASE_URL: 'postgres://db.tidewater.example/whale' }),
    /its own role|own role/,
  )
})

test('certificates for NATS need tls://, and tls:// a name', () => {
  const files = { NATS_CA_FILE: '/tls/ca.pem', NATS_CERT_FILE: '/tls/own.pem', NATS_KEY_FILE: '/tls/own.key' }
  assert.deepEqual(readConfig({ NATS_URL: 'tls://n1.tidewater.example', ...files }).bus, {
    kind: 'nats',
    servers: ['tls://n1.tidewater.example'],
    tls: { caFile: '/tls/ca.pem', own: { certFile: '/tls/own.pem', keyFile: '/tls/own.key' } },
  })
  assert.throws(() => readConfig({ NATS_URL: 'nats://n1.tidewater.example', ...files }), /need tls:\/\//)
  assert.throws(
    () => readConfig({ NATS_URL: 'tls://n1.tidewater.example', NATS_CERT_FILE: '/tls/own.pem' }),
    /NATS_KEY_FILE belong together/,
  )
  for (const address of ['10.0.0.4:4222', '[::1]:4222'])
    assert.throws(() => readConfig({ NATS_URL: `nats://n1.tidewater.example,tls://${address}` }), /address in numbers/)
})

test('what cannot be meant is refused by name', () => {
  for (const [name, value] of Object.entries({
    PORT: 'http',
    METRICS_PORT: '70000',
    DATABASE_URL: 'mysql://x',
    DATABASE_OWNER_URL: 'mysql://x',
    UI_ORIGIN: 'chat.example',
    PUBLIC_URL: 'https://chat.example/place',
    HOSTS: 'chat.example:443',
    SETUP_CODE: 'a-------------',
    API_ORIGIN: 'https://api.example/v1',
    LOG_LEVEL: 'loud',
    SERVE_UI: 'yes',
    MIGRATE: 'later',
    TRUSTED_PROXIES: 'everybody',
    SENDS_PER_MINUTE: '0',
    DATABASE_POOL_SIZE: '1.5',
    BUS: 'rabbits',
    NATS_URL: 'https://nats.tidewater.example',
  }))
    assert.throws(
      () => readConfig({ [name]: value }),
      (error) => error instanceof ConfigError && error.message.includes(name),
      name,
    )
})

test('the bus is what the place needs: NATS where it is, else the database that processes share, else none', () => {
  const shared = { DATABASE_URL: 'postgres://db.tidewater.example/whale' }
  const nats = { NATS_URL: 'nats://whale:secret@n1.tidewater.example:4222, n2.tidewater.example,nats://[::1]:5222' }
  assert.deepEqual(readConfig({}).bus, { kind: 'in-process' })
  assert.deepEqual(readConfig(shared).bus, { kind: 'notify' })
  assert.deepEqual(readConfig({ ...shared, ...nats }).bus, {
    kind: 'nats',
    servers: ['nats://whale:secret@n1.tidewater.example:4222', 'nats://n2.tidewater.example', 'nats://[::1]:5222'],
  })
  assert.deepEqual(readConfig({ ...shared, ...nats, BUS: 'notify' }).bus, { kind: 'notify' })
  assert.deepEqual(readConfig({ ...shared, BUS: 'in-process' }).bus, { kind: 'in-process' })
  assert.throws(() => readConfig({ BUS: 'nats' }), /NATS_URL must be set/)
  for (const wrong of ['nats://', 'nats://a/path', 'nats://u:secret@:1', 'nats://a b', 'http://u:secret@a'])
    assert.throws(
      () => readConfig({ NATS_URL: wrong }),
      (error) => error instanceof ConfigError && /NATS_URL/.test(error.message) && !error.message.includes('secret'),
    )
})
