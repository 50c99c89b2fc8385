// base/nats.conf on three real servers, with only its addresses changed, and the API's own client on two of them.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { natsBus } from '../../../src/platform/bus/nats.ts'
import { freePort, hasNats, natsServer } from '../../../src/platform/testing/nats-server.ts'

const conf = readFileSync(path.join(import.meta.dirname, '../base/nats.conf'), 'utf8')
const log = pino({ level: 'silent' })
const password = 'KeinZehnerExponent'
const folder = mkdtempSync(path.join(tmpdir(), 'all-is-whale-nats-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function change(text: string, changes: [from: string, to: string][]): string {
  for (const [from] of changes) assert.ok(text.includes(from), `nats.conf no longer has ${from}`)
  return changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text)
}

async function cluster() {
  const routes = await Promise.all([freePort(), freePort(), freePort()])
  return Promise.all(
    routes.map(async (route, index) => {
      const file = path.join(folder, `${index}.conf`)
      const text = change(conf, [
        ['$SERVER_NAME', `nats-${index}`],
        ['$NATS_PASSWORD', password],
        ['listen: 0.0.0.0:4222\n', ''],
        ['0.0.0.0:8222', `127.0.0.1:${await freePort()}`],
        ['/run/nats/nats.pid', path.join(folder, `${index}.pid`)],
        ['0.0.0.0:6222', `127.0.0.1:${route}`],
        ...routes.map((port, other): [string, string] => [`nats-${other}.nats:6222`, `127.0.0.1:${port}`]),
      ])
      writeFileSync(file, text)
      return natsServer(['--config', file])
    }),
  )
}

const skip = !hasNats()

test('a hint goes from one server of the cluster to the others; nobody else is let in', { skip }, async () => {
  const servers = await cluster()
  after(() => Promise.all(servers.map((server) => server.stop())))
  const open = (url: string, who: string, subject = 'all-is-whale.tidewater') =>
    natsBus<string>({
      servers: [url.replace('//', `//${who}@`)],
      subject,
      secret: 'of the place',
      now: Date.now,
      slim: (hint) => hint,
      log,
    })
  const [one, two] = [open(servers[0]!.url, `api:${password}`), open(servers[2]!.url, `api:${password}`)]
  const [wrong, foreign] = [open(servers[0]!.url, 'api:guessed'), open(servers[0]!.url, `api:${password}`, 'elsewhere')]
  after(() => Promise.all([one, two, wrong, foreign].map((bus) => bus.close())))
  await Promise.all([one.opened, two.opened, wrong.opened, foreign.opened])
  assert.deepEqual([one.state, two.state, wrong.state], ['connected', 'connected', 'disconnected'])

  const heard: string[] = []
  two.subscribe((hint) => heard.push(hint))
  for (const deadline = Date.now() + 10_000; heard.length === 0; await sleep(20)) {
    one.publish('posted')
    if (Date.now() > deadline) throw new Error('The hint did not reach the third server.')
  }
  assert.equal(heard[0], 'posted')

  // A second client under other subjects than the permitted ones: heard by nobody, not even by its like.
  const like = open(servers[0]!.url, `api:${password}`, 'elsewhere')
  after(() => like.close())
  await like.opened
  const astray: string[] = []
  like.subscribe((hint) => astray.push(hint))
  for (let tries = 0; tries < 10; tries += 1, await sleep(20)) foreign.publish('astray')
  assert.deepEqual(astray, [])
})
