import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { World, namespace } from './world.ts'

const names = ['api.tidewater.example']

test('the process tells how it is, in words that Kubernetes and Prometheus read, and gives the Lease back at the end', async (t) => {
  const world = await World.create(t)
  world.ingress('api', [{ secretName: 'api-tls', hosts: names }])
  world.ingress('ui', [{ secretName: 'ui-tls', hosts: ['tidewater.example'] }])
  const issued = await world.issue({ names })
  world.secret('api-tls', issued)
  world.secret('ui-tls', await world.issue({ names: ['other.example'] }))
  const folder = mkdtempSync(path.join(tmpdir(), 'cert-sync-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(path.join(folder, 'config'), world.kubeconfig())
  const env = {
    PATH: process.env.PATH,
    KUBECONFIG: path.join(folder, 'config'),
    AWS_ENDPOINT_URL_ACM: world.urls.acm,
    AWS_ACCESS_KEY_ID: 'fake',
    AWS_SECRET_ACCESS_KEY: 'fake',
    AWS_REGION: world.acm.region,
    CLUSTER: world.settings.cluster,
    WATCH_NAMESPACES: namespace,
    POD_NAMESPACE: 'cert-sync',
    HOST: '127.0.0.1',
    PORT: '0',
    CHECK_HOSTS: 'off',
  }
  const main = path.join(import.meta.dirname, '..', 'src', 'main.ts')
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const lines: Record<string, unknown>[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>))
  await world.until('it listens', () => lines.some(({ port }) => port))
  const url = `http://127.0.0.1:${String(lines.find(({ port }) => port)!.port)}`

  await world.until('the Ingress names a certificate', () => world.arnsOf('api') !== undefined)
  await world.until('the other is refused', () => world.reasons('ui').includes('HostNotCovered'))
  assert.equal((await fetch(`${url}/livez`)).status, 200)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  const scrape = async () => (await fetch(`${url}/metrics`)).text()
  let metrics = await scrape()
  for (
    let tries = 0;
    !metrics.includes('out_of_sync{namespace="tidewater",secret="api-tls"} 0') && tries < 50;
    tries += 1
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    metrics = await scrape()
  }
  for (const line of [
    'whale_cert_sync_out_of_sync{namespace="tidewater",secret="api-tls"} 0',
    'whale_cert_sync_out_of_sync{namespace="tidewater",secret="ui-tls"} 1',
    /whale_cert_sync_not_after\{namespace="tidewater",secret="api-tls",where="secret"\} 1[89]\d{8}\n/,
    /whale_cert_sync_not_after\{namespace="tidewater",secret="api-tls",where="acm"\} 1[89]\d{8}\n/,
    'whale_cert_sync_imports_total{kind="first"} 1',
    /whale_cert_sync_errors_total\{reason="HostNotCovered"\} [1-9]/,
    'whale_cert_sync_leader 1',
    'whale_cert_sync_import_budget_left 1999',
  ])
    if (typeof line === 'string') assert.ok(metrics.includes(`${line}\n`), `${line}\n\n${metrics}`)
    else assert.match(metrics, line)
  assert.doesNotMatch(JSON.stringify(lines), /PRIVATE|BEGIN/)

  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number]
  assert.equal(code, 0)
  const lease = world.kubernetes.get('leases', 'cert-sync', 'cert-sync') as unknown as {
    spec: { holderIdentity: string }
  }
  assert.equal(lease.spec.holderIdentity, '')
})
