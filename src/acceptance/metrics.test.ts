import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { startApp } from '#app.ts'
import { quickHashing, signedUp } from '#accounts/testing.ts'
import { readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { freePort } from '#platform/testing/nats-server.ts'
import { ask, channel, Listener, say } from './testing.ts'

// What a scrape shows after people have really sent and received: two composed apps with the bus between them.

const { url: databaseUrl } = await testDatabase()
const db = openDatabase(databaseUrl)
const start = async () => {
  const metricsPort = await freePort()
  const app = await startApp({
    config: { ...readConfig({ SERVE_UI: 'off', PORT: '0', BUS: 'notify' }), metricsPort },
    databaseUrl,
    logger: pino({ level: 'silent' }),
    version: '1.2.3-test',
    accounts: { hashing: quickHashing },
  })
  return { app, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` }
}
const [one, two] = [await start(), await start()]
const { ada, grace } = await signedUp(db)
after(async () => {
  await one.app.stop()
  await two.app.stop()
  await db.close()
})

const scrape = async ({ metricsUrl }: typeof one) => (await fetch(metricsUrl)).text()
/** The value of a series as it stands in the text, or undefined. */
const valueIn = (text: string, series: string) => {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}
const value = async (node: typeof one, series: string) => valueIn(await scrape(node), series)
const until = async (holds: () => Promise<boolean>, what: string) => {
  for (const deadline = Date.now() + 10_000; !(await holds()); await new Promise((wake) => setTimeout(wake, 50)))
    if (Date.now() > deadline) assert.fail(`waited in vain for ${what}`)
}
await until(async () => (await value(two, 'whale_db_up')) === 1, 'a look at the database')

test('sends are counted by what became of them, and timed until their commit', async () => {
  const id = await channel(one, ada, 'counted', [grace])
  for (let n = 0; n < 5; n += 1) await say(one, ada, id, `message ${n}`, { clientId: `counted-${n}` })
  const again = await ask(one, ada, 'POST', `/v1/conversations/${id}/messages`, {
    clientId: 'counted-0',
    body: 'again',
  })
  assert.equal(again.status, 200)
  const nowhere = await ask(one, ada, 'POST', `/v1/conversations/${ada.account.id}/messages`, {
    clientId: 'nowhere',
    body: 'x',
  })
  assert.equal(nowhere.status, 404)
  const text = await scrape(one)
  assert.equal(valueIn(text, 'whale_sends_total{outcome="stored"}'), 5)
  assert.equal(valueIn(text, 'whale_sends_total{outcome="repeated"}'), 1)
  assert.equal(valueIn(text, 'whale_sends_total{outcome="refused"}'), 1)
  assert.equal(valueIn(text, 'whale_sends_total{outcome="failed"}'), 0)
  assert.equal(valueIn(text, 'whale_send_duration_seconds_count'), 6)
  assert.equal(valueIn(text, 'whale_group_commit_size_messages_sum'), 7)
  assert.equal(valueIn(text, 'whale_send_oldest_unanswered_seconds'), 0)
  const route = 'method="POST",route="/v1/conversations/{conversationId}/messages"'
  assert.equal(valueIn(text, `whale_http_request_duration_seconds_count{${route},status="201"}`), 5)
})

test('an event’s delay is measured on each process that hands it to a reader, on the database’s clock', async () => {
  const id = await channel(one, ada, 'delayed', [grace])
  const [here, there] = [await Listener.open(one.app, ada), await Listener.open(two.app, grace)]
  const count = 'whale_delivery_delay_seconds_count'
  const before = [await value(one, count), await value(two, count)] as [number, number]
  for (let n = 0; n < 10; n += 1) await say(one, ada, id, `message ${n}`)
  for (const listener of [here, there]) await listener.until(() => listener.of(id).length === 10, 'ten events')
  await until(async () => (await value(one, count)) === before[0] + 10, 'ten delays here')
  await until(async () => (await value(two, count)) === before[1] + 10, 'ten delays there')
  // The database's clock is known within half a round trip, and looked at every 5 s: on a busy machine events may seem
  // to come before they were written, which counts as no delay, until it is known better.
  let said = 10
  for (; !(await value(two, 'whale_delivery_delay_seconds_sum')) && said < 30; said += 1) {
    await sleep(500)
    await say(one, ada, id, 'one more')
    await there.until(() => there.of(id).length === said + 1, 'one more event')
  }
  const text = await scrape(two)
  const sum = valueIn(text, 'whale_delivery_delay_seconds_sum')!
  assert.ok(sum > 0 && sum < said * 2, `${sum} s for ${said} events`)
  assert.ok(valueIn(text, 'whale_delivery_events_total{by="hint"}')! > 0, 'over NOTIFY hints bring their events')
  assert.equal(valueIn(text, 'whale_streams_open'), 1)
  assert.ok(Math.abs(valueIn(text, 'whale_db_clock_offset_seconds')!) < 1, 'the same machine’s clock')

  await there.close()
  await until(async () => (await value(two, 'whale_streams_open')) === 0, 'the stream’s end')
  assert.equal(await value(two, 'whale_streams_closed_total{reason="silent"}'), 1)
  for (let n = 0; n < 3; n += 1) await say(one, ada, id, `missed ${n}`)
  const back = await Listener.open(two.app, grace, { [id]: there.seqs(id).at(-1)! })
  assert.equal(back.of(id).length, 3)
  await until(async () => (await value(two, 'whale_resume_depth_events_sum')) === 3, 'the resume')
  await here.close()
  await back.close()
})

test('tries to sign in are counted by outcome', async () => {
  const signIn = (password: string) => ask(one, null, 'POST', '/v1/sessions', { email: ada.email, password })
  assert.equal((await signIn('correct horse 42')).status, 201)
  assert.equal((await signIn('wrong')).status, 401)
  const text = await scrape(one)
  assert.equal(valueIn(text, 'whale_sign_ins_total{outcome="succeeded"}'), 1)
  assert.equal(valueIn(text, 'whale_sign_ins_total{outcome="wrong-credentials"}'), 1)
  assert.equal(valueIn(text, 'whale_sign_ins_total{outcome="failed"}'), 0)
})

test('a database that does not keep what it acknowledges is told apart, and the sweeps are seen to run', async () => {
  assert.equal(await value(one, 'whale_db_durable'), 0, 'the database of the tests has fsync off')
  await until(async () => (await value(one, 'whale_sweep_duration_seconds_count{sweep="heads"}'))! > 0, 'a sweep')
  assert.ok((await value(one, 'whale_sweep_age_seconds{sweep="heads"}'))! < 5)
  assert.equal(await value(one, 'whale_build_info{version="1.2.3-test"}'), 1)
})

test('a scrape has nothing about a person, no address with an id in it, and few series', async () => {
  const id = await channel(one, ada, 'private', [grace])
  await say(one, ada, id, 'A secret')
  await ask(one, ada, 'GET', `/v1/conversations/${id}/messages`)
  await ask(one, null, 'GET', '/v1/anything/made-up')
  const text = await scrape(one)
  assert.ok(text.includes('/v1/conversations/{conversationId}/messages'), 'routes are there')
  for (const personal of [id, ada.account.id, ada.email, ada.account.name, 'A secret', 'made-up'])
    assert.ok(!text.includes(personal), personal)
  const series = text.split('\n').filter((line) => line && !line.startsWith('#'))
  assert.ok(series.length < 1_000, `${series.length} series`)
})

test('promtool finds nothing to say about the names and types', async (t) => {
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(one), encoding: 'utf8' })
  if (checked.error && 'code' in checked.error && checked.error.code === 'ENOENT') {
    if (process.env.CI) assert.fail('promtool is missing: apt-get install prometheus')
    process.stderr.write('\nSKIPPED: the names of metrics are checked by promtool: apt-get install prometheus\n\n')
    return t.skip('no promtool')
  }
  assert.equal(checked.stderr + checked.stdout, '')
  assert.equal(checked.status, 0)
})
