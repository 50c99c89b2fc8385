import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, test } from 'node:test'
import type { Person } from '#accounts/testing.ts'
import type { App } from '#app.ts'
import type { Message } from '#messages/shapes.ts'
import { setupCode } from '#platform/testing/setup-code.ts'
import { wideEnv } from '#platform/testing/wide-limits.ts'
import { Listener } from './testing.ts'

// The real process, as `npm start` runs it, with a database of its own: killed, stopped, and kept from starting.
// One place for all tests of the file, because each start costs a second; each test leaves a server running.

const main = path.resolve(import.meta.dirname, '../main.ts')
const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-crash-'))
const started: ChildProcess[] = []
after(async () => {
  for (const child of started) child.kill('SIGKILL')
  await nothingRunsIn(folder)
  await rm(folder, { recursive: true, force: true })
})

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

function launch(dataDir: string, env: Record<string, string> = {}) {
  const { DATABASE_URL: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env
  const child = spawn(process.execPath, [main], {
    env: {
      ...inherited,
      DATA_DIR: dataDir,
      PORT: '0',
      METRICS_PORT: 'off',
      SERVE_UI: 'off',
      LOG_LEVEL: 'silent',
      SETUP_CODE: setupCode,
      ...wideEnv,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended: Promise<Ended> = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  return { child, ended, said: () => said }
}

/** Starts the process and resolves when it serves. */
async function startServer() {
  const { child, ended, said } = launch(path.join(folder, 'data'))
  const address = /All is Whale is at (http:\S+)/
  await Promise.race([ended, once(child.stderr, 'data').then(() => until(() => address.test(said()), said, 20_000))])
  const [, url] = address.exec(said()) ?? []
  assert.ok(url, `It did not start: ${said()}`)
  return { child, ended, url }
}

async function until(holds: () => boolean | Promise<boolean>, what: () => string, withinMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds()); await sleep(20))
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain: ${what()}`)
}

/** Whatever has a path below the folder on its command line: the database server, and what it is started through. */
async function runningIn(dir: string): Promise<string[]> {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' })
    return stdout.split('\n').filter((line) => line.includes(dir))
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.flatMap((line, index) => (line.includes(dir) ? [`${pids[index]} ${line.replaceAll('\0', ' ')}`] : []))
}

const nothingRunsIn = async (dir: string): Promise<void> => {
  let left: string[] = []
  await until(
    async () => (left = await runningIn(dir)).length === 0,
    () => `still running: ${left.join('\n')}`,
  )
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the reply is
async function ask<T>(url: string, method: string, where: string, content?: object, cookie = '') {
  const response = await fetch(url + where, {
    method,
    headers: { cookie, ...(content && { 'content-type': 'application/json' }) },
    ...(content && { body: JSON.stringify(content) }),
  })
  return {
    status: response.status,
    body: (await response.json()) as T,
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
  }
}

let server = await startServer()
const { cookie } = await ask<object>(server.url, 'POST', '/v1/accounts', {
  name: 'Ada Lindqvist',
  email: 'ada@tidewater.example',
  password: 'correct horse 42',
  placeName: 'Tidewater',
  setupCode,
})
const ada = { cookie } as Person

async function newChannel(name: string): Promise<string> {
  const content = { kind: 'channel', name }
  const { body } = await ask<{ id: string }>(server.url, 'POST', '/v1/conversations', content, cookie)
  return body.id
}

const send = (conversationId: string, clientId: string) =>
  ask<Message>(
    server.url,
    'POST',
    `/v1/conversations/${conversationId}/messages`,
    { clientId, body: `Text of ${clientId}` },
    cookie,
  )

async function history(conversationId: string): Promise<Message[]> {
  const messages: Message[] = []
  for (;;) {
    const position = messages.at(-1)?.ordinal ?? 0
    const where = `/v1/conversations/${conversationId}/messages?limit=200&after=${position}`
    const { body } = await ask<{ messages: Message[] }>(server.url, 'GET', where, undefined, cookie)
    messages.push(...body.messages)
    if (body.messages.length < 200) return messages
  }
}

/** 24 senders that never rest, until the server is gone or refuses. What they tried, and what was acknowledged. */
function stream(conversationId: string) {
  const tried: string[] = []
  const kept = new Map<string, Message>()
  const sender = async (): Promise<void> => {
    for (;;) {
      const clientId = `c${tried.length}`
      tried.push(clientId)
      const answer = await send(conversationId, clientId).catch(() => undefined)
      if (!answer || answer.status >= 300) return
      assert.equal(answer.status, 201)
      kept.set(clientId, answer.body)
    }
  }
  return { tried, kept, over: Promise.all(Array.from({ length: 24 }, sender)) }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

test('after kill -9 in a stream of posts every acknowledged message is there once, with its number', async () => {
  const id = await newChannel('killed')
  const { tried, kept, over } = stream(id)
  await until(
    () => kept.size > 300,
    () => `${kept.size} messages acknowledged`,
  )
  server.child.kill('SIGKILL')
  assert.deepEqual(await server.ended, { code: null, signal: 'SIGKILL' })
  await over
  assert.ok(tried.length > kept.size, 'some were on their way when it died')

  // At once, while the old database server is still on its way out.
  server = await startServer()
  const found = await history(id)
  assert.deepEqual(
    found.map(({ ordinal }) => ordinal),
    numbers(found.length),
  )
  const byClient = new Map(found.map((message) => [message.clientId, message]))
  assert.equal(byClient.size, found.length)
  for (const [clientId, message] of kept) assert.deepEqual(byClient.get(clientId), message)

  // What was not acknowledged may be there or not; sending all of it again settles it, and nothing comes twice.
  await Promise.all(
    tried.map(async (clientId) => {
      const { status, body } = await send(id, clientId)
      assert.equal(status, byClient.has(clientId) ? 200 : 201)
      if (byClient.has(clientId)) assert.deepEqual(body, byClient.get(clientId))
    }),
  )
  const settled = await history(id)
  assert.deepEqual(
    settled.map(({ ordinal }) => ordinal),
    numbers(tried.length),
  )
  assert.deepEqual(settled.map(({ clientId }) => clientId).sort(), tried.toSorted())
})

test('a second server on the same data, and one on a taken port, say what to do and leave nothing running', async () => {
  const other = path.join(folder, 'other')
  const occupied = createServer().listen(0, '127.0.0.1')
  await once(occupied, 'listening')
  const { port } = occupied.address() as AddressInfo
  const before = await runningIn(path.join(folder, 'data'))
  assert.ok(before.length > 0)

  const [second, taken] = [launch(path.join(folder, 'data')), launch(other, { PORT: String(port) })]
  assert.deepEqual(await second.ended, { code: 1, signal: null })
  assert.match(second.said(), /^The data folder \S+ is in use by another All is Whale \(process \d+ .*DATA_DIR=….\n$/)
  assert.deepEqual(await taken.ended, { code: 1, signal: null })
  assert.match(taken.said(), new RegExp(`Port ${port} is taken by another program\\. .*PORT=8090 npm start`))
  occupied.close()

  assert.deepEqual(await runningIn(other), [])
  assert.deepEqual(await runningIn(path.join(folder, 'data')), before)
  assert.equal((await ask(server.url, 'GET', '/v1/place')).status, 200)
})

test('SIGTERM in a stream of posts: all that was accepted is answered, sockets are told to resume, and it ends with 0', async () => {
  const id = await newChannel('stopped')
  const listener = await Listener.open({ url: server.url } as App, ada)
  const { kept, over } = stream(id)
  await until(
    () => kept.size > 200,
    () => `${kept.size} messages acknowledged`,
  )
  server.child.kill('SIGTERM')
  await over
  assert.deepEqual(await server.ended, { code: 0, signal: null })
  await listener.until(() => listener.closed !== null, 'the close')
  const last = listener.frames.at(-1)
  assert.ok(last?.type === 'closing')
  assert.deepEqual([last.reason, last.resume], ['server-stopping', true])
  assert.equal(listener.closed!.code, 1012)
  // Asked at once and not after a while: a server that has ended has ended its database too.
  assert.deepEqual(await runningIn(folder), [])

  server = await startServer()
  const found = await history(id)
  assert.deepEqual(
    found,
    [...kept.values()].toSorted((a, b) => a.ordinal! - b.ordinal!),
  )
  assert.deepEqual(
    found.map(({ ordinal }) => ordinal),
    numbers(found.length),
  )
})

test('after kill -9 nothing is left running', async () => {
  assert.ok((await runningIn(folder)).length > 0)
  server.child.kill('SIGKILL')
  await server.ended
  await nothingRunsIn(folder)
})
