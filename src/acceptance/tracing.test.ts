import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { after, test } from 'node:test'
import { signedUp } from '#accounts/testing.ts'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { freePort, hasNats, natsServer } from '#platform/testing/nats-server.ts'
import { Listener } from './testing.ts'

// Two real processes, a real collector as far as HTTP goes, and each of the buses in between.

interface Recorded {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  links?: { traceId: string; spanId: string }[]
  attributes: { key: string; value: Record<string, unknown> }[]
  process: string
}
type Attributes = Recorded['attributes']

const spans: Recorded[] = []
const collector = createServer((request, response) => {
  void (async () => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as {
      resourceSpans: { resource: { attributes: Attributes }; scopeSpans: { spans: Omit<Recorded, 'process'>[] }[] }[]
    }
    assert.equal(request.url, '/v1/traces')
    for (const { resource, scopeSpans } of body.resourceSpans)
      for (const scope of scopeSpans)
        for (const span of scope.spans)
          spans.push({ ...span, process: String(attribute(resource.attributes, 'service.instance.id')) })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })()
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
const { port } = collector.address() as AddressInfo
const { url: databaseUrl } = await testDatabase()
const db = openDatabase(databaseUrl)
const { ada, grace } = await signedUp(db)
const children: ChildProcess[] = []
const nats = hasNats() ? await natsServer() : undefined
after(async () => {
  for (const child of children) await stop(child)
  await nats?.stop()
  await db.close()
  collector.close()
})

const attribute = (attributes: Attributes, name: string): unknown =>
  Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0]

async function start(env: Record<string, string>): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      PORT: '0',
      METRICS_PORT: 'off',
      SERVE_UI: 'off',
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  children.push(child)
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      const [, found] = /All is Whale is at (\S+)/.exec(said) ?? []
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`It did not start (${code}): ${said}`)))
  })
  return { url, child }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
}

const post = (url: string, at: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}${at}`, {
    method: 'POST',
    headers: { cookie: ada.cookie, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_BSP_SCHEDULE_DELAY: '100' }

const buses: [kind: string, env: Record<string, string>][] = [
  ['notify', { BUS: 'notify' }],
  ['in-process', { BUS: 'in-process' }],
  ...(nats ? [['nats', { BUS: 'nats', NATS_URL: nats.url }] satisfies [string, object]] : []),
]

for (const [kind, own] of buses)
  test(`one trace follows a message from the request to the socket: ${kind}`, async () => {
    const env = { ...traced, ...own }
    const metricsPort = await freePort()
    const first = await start({ ...env, METRICS_PORT: String(metricsPort) })
    const second = kind === 'in-process' ? first : await start(env)
    const channel = await post(first.url, '/v1/conversations', {
      kind: 'channel',
      name: `traced-${kind}`,
      visibility: 'private',
      accountIds: [grace.account.id],
    })
    const { id } = (await channel.json()) as { id: string }
    const listener = await Listener.open(second as never, grace)

    const traceId = crypto.randomUUID().replaceAll('-', '')
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    const sent = await post(
      first.url,
      `/v1/conversations/${id}/messages`,
      { clientId: 'c', body: 'Morning' },
      { traceparent },
    )
    assert.equal(sent.status, 201)
    const { seq } = (await sent.json()) as { seq: number }
    await listener.until(() => listener.seqs(id).includes(seq), 'the message')
    await listener.close()
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    for (const name of ['whale_send_duration_seconds', 'whale_http_request_duration_seconds'])
      assert.match(metrics, new RegExp(`${name}_bucket.* # \\{trace_id="${traceId}"`), `${name} names the trace`)
    assert.match(metrics, /# EOF/)
    await stop(first.child)
    await stop(second.child)

    const called = (name: string) =>
      spans.filter((span) => span.traceId === traceId).filter((span) => span.name === name)
    const [request] = called('POST /v1/conversations/{conversationId}/messages')
    const [kept] = called('keep message')
    assert.equal(request?.parentSpanId, '00f067aa0ba902b7', 'the caller’s span is the parent')
    assert.equal(kept?.parentSpanId, request.spanId)
    assert.equal(attribute(kept.attributes, 'whale.outcome'), 'stored')
    assert.equal(attribute(request.attributes, 'http.response.status_code'), 201)

    // The batch is a trace of its own, which has many causes: each knows the other by a link.
    const commit = spans.find(
      ({ name, links }) => name === 'group commit' && links?.some((link) => link.spanId === kept.spanId),
    )
    assert.ok(commit && commit.traceId !== traceId)
    assert.ok(kept.links?.some((link) => link.spanId === commit.spanId && link.traceId === commit.traceId))

    const delivered = called('deliver').filter((span) => Number(attribute(span.attributes, 'whale.sockets')) === 1)
    assert.equal(delivered.length, 1)
    assert.equal(delivered[0]!.parentSpanId, kept.spanId)
    const [write] = called('socket write')
    assert.equal(write?.parentSpanId, delivered[0]!.spanId)
    assert.equal(write.process === request.process, kind === 'in-process', 'written by the other process')
    const words = JSON.stringify(spans)
    for (const word of ['Morning', ada.account.name, '@tidewater.example']) assert.ok(!words.includes(word), word)
  })

test('what stands behind the interface fits it', () => {
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/.bin/tsc', '--noEmit', '-p', 'tracing'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    encoding: 'utf8',
  })
  assert.equal(status, 0, stdout)
})

test('what somebody decided not to record is not recorded, and a process without the variable sends nothing', async () => {
  const before = spans.length
  const first = await start({ ...traced, BUS: 'in-process' })
  const traceId = crypto.randomUUID().replaceAll('-', '')
  const answer = await fetch(`${first.url}/v1/me`, {
    headers: { cookie: ada.cookie, traceparent: `00-${traceId}-00f067aa0ba902b7-00` },
  })
  assert.equal(answer.status, 200)
  await fetch(`${first.url}/v1/me`, { headers: { cookie: ada.cookie, traceparent: 'nonsense' } })
  await stop(first.child)
  assert.deepEqual(
    spans.slice(before).map(({ name, traceId: of }) => [name, of === traceId]),
    [['GET /v1/me', false]],
  )
  const then = spans.length
  const silent = await start({ BUS: 'in-process' })
  await fetch(`${silent.url}/v1/me`, { headers: { cookie: ada.cookie } })
  await stop(silent.child)
  assert.equal(spans.length, then)
})
