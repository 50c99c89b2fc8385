import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { World, namespace } from './world.ts'

const names = ['api.tidewater.example']
const script = path.join(import.meta.dirname, '..', 'scripts', 'configure-tls-resources')

function run(
  t: TestContext,
  world: World,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cert-sync-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const kubeconfig = path.join(folder, 'config')
  writeFileSync(kubeconfig, world.kubeconfig())
  const env = {
    PATH: process.env.PATH,
    KUBECONFIG: kubeconfig,
    AWS_ENDPOINT_URL_ACM: world.urls.acm,
    AWS_ACCESS_KEY_ID: 'fake',
    AWS_SECRET_ACCESS_KEY: 'fake',
    AWS_REGION: world.acm.region,
    CLUSTER: world.settings.cluster,
    WATCH_NAMESPACES: namespace,
    POD_NAMESPACE: 'cert-sync',
  }
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

test('--once --dry-run shows the plan and changes nothing; --once does it; then there is nothing to do', async (t) => {
  const world = await World.create(t)
  world.ingress('api', [{ secretName: 'api-tls', hosts: names }])
  world.ingress('ui', [{ secretName: 'ui-tls', hosts: ['tidewater.example'] }])
  world.secret('api-tls', await world.issue({ names }))
  const expired = await world.issue({ names: ['tidewater.example'], notBefore: 0, notAfter: world.now() - 1000 })
  world.secret('ui-tls', expired)

  const dry = await run(t, world, '--once', '--dry-run')
  assert.equal(dry.code, 0, dry.err)
  t.diagnostic(dry.out.replaceAll('\n', '\n  '))
  assert.match(
    dry.out,
    /Secret tidewater\/api-tls\n {2}holds {3}api\.tidewater\.example until .*\n {2}→ import as new: ACM has none for this Secret/,
  )
  assert.match(dry.out, /Secret tidewater\/ui-tls\n {2}WARNING Expired: /)
  assert.match(dry.out, /Ingress tidewater\/api\n {2}→ annotate once ACM has its certificate/)
  assert.match(dry.out, /Nothing was changed/)
  assert.doesNotMatch(dry.out, /PRIVATE KEY/)
  assert.equal(
    world.kubernetes.calls.every(({ verb }) => ['get', 'list'].includes(verb)),
    true,
  )
  assert.equal(world.acm.certificates.size, 0)

  const done = await run(t, world, '--once')
  assert.equal(done.code, 1, 'one Secret is refused, and the exit code says so')
  assert.equal(world.arnsOf('api'), world.own('api-tls')[0]!.arn)
  assert.match(done.out, /Ingress tidewater\/api\n {2}in sync {2}arn:aws:acm:/)

  world.secret('ui-tls', await world.issue({ names: ['tidewater.example'] }))
  const again = await run(t, world, '--once')
  assert.equal(again.code, 0, again.err)
  assert.deepEqual(world.acm.imports, { first: 2, again: 0 })
})

test('wrong arguments and missing settings are told in words', async (t) => {
  const world = await World.create(t)
  assert.match((await run(t, world, '--twice')).err, /configure-tls-resources --once \[--dry-run\]/)
  world.settings.cluster = ''
  const { code, err } = await run(t, world, '--once')
  assert.equal(code, 1)
  assert.match(err, /CLUSTER is not set/)
})
