import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { testDatabase } from '../testing/database.ts'
import { wayTo } from '../testing/way.ts'
import { Line } from './line.ts'

const { url } = await testDatabase()
const closers: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closers) await close()
})

async function line(options: ConstructorParameters<typeof Line>[1] = {}) {
  const way = await wayTo(url)
  const line = new Line(url.replace(new URL(url).host, way.host), options)
  closers.push(
    () => line.close(),
    () => way.close(),
  )
  const ask = (text: string, values: unknown[] = [], name?: string) =>
    line.rowsOf<{ value: string }>({ text, ...(name && { name }) }, values)
  return { way, ask }
}

test('a statement is on its way before the one ahead of it has its answer, and they are answered in order', async () => {
  const { way, ask } = await line()
  await ask(`select 'open' as value`)
  const answers: string[] = []
  const slow = ask(`select pg_sleep(0.3)::text as value, 'ahead'`).then(() => answers.push('ahead'))
  const quick = ask(`select 'behind' as value`).then(() => answers.push('behind'))
  await wait(100)
  assert.match(way.sent(), /'ahead'[^]*'behind'/)
  assert.deepEqual(answers, [])
  await Promise.all([slow, quick])
  assert.deepEqual(answers, ['ahead', 'behind'])
  assert.equal(way.connections(), 1)
})

test('statements that are asked before there is a connection share the one that is opened', async () => {
  const { way, ask } = await line()
  const all = await Promise.all([1, 2, 3].map((n) => ask('select $1::text as value', [`${n}`], 'echo')))
  assert.deepEqual(
    all.map(([row]) => row!.value),
    ['1', '2', '3'],
  )
  assert.equal(way.connections(), 1)
})

test('each is a transaction of its own: one that fails takes neither its neighbours with it nor the connection', async () => {
  const { way, ask } = await line()
  await ask('create table lines (n int primary key)')
  const insert = (n: number) => ask('insert into lines values ($1) returning n::text as value', [n], 'insert')
  const found = await Promise.allSettled([insert(1), insert(1), insert(2), ask('select 1/0'), insert(3)])
  assert.deepEqual(
    found.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  )
  const [row] = await ask('select count(*)::text as value from lines')
  assert.equal(row!.value, '3')
  assert.equal(way.connections(), 1)
})

test('a connection that breaks fails all that was on it, and the next statement has a new one', async () => {
  const { way, ask } = await line()
  await ask('select 1')
  const lost = [ask('select pg_sleep(0.2)'), ask('select 2')]
  await wait(50)
  way.cut()
  for (const one of lost) await assert.rejects(one, /terminated/)
  const [row] = await ask(`select 'again' as value`)
  assert.equal(row!.value, 'again')
  assert.equal(way.connections(), 2)
  await wait(200) // until the server notices
})

test('a connection that the server ends is left at once', async () => {
  const { way, ask } = await line()
  const [own] = await ask('select pg_backend_pid()::text as value')
  const admin = await line()
  const lost = [ask('select pg_sleep(5)'), ask('select 2')].map((one) => assert.rejects(one))
  await wait(50)
  await admin.ask('select pg_terminate_backend($1::int)', [own!.value])
  await lost[0]
  assert.equal((await ask(`select 'again' as value`))[0]!.value, 'again')
  assert.equal(way.connections(), 2)
  await lost[1]
})

test('a connection that breaks while nothing is on it is nobody’s trouble', async () => {
  const { way, ask } = await line()
  await ask('select 1')
  way.cut()
  await wait(50)
  assert.equal((await ask(`select 'again' as value`))[0]!.value, 'again')
})

test('one whose packets vanish is given up after a while, with all that was on it', async () => {
  const { way, ask } = await line({ patience: 300 })
  await ask('select 1')
  way.swallow(true)
  const lost = [ask('select 2'), ask('select 3')]
  for (const one of lost) await assert.rejects(one, /terminated/)
  way.swallow(false)
  assert.equal((await ask(`select 'again' as value`))[0]!.value, 'again')
  assert.equal(way.connections(), 2)
})

test('a server that has become one that only reads is left', async () => {
  const { way, ask } = await line()
  await ask('set default_transaction_read_only = on')
  await assert.rejects(ask('create table nothing (id int)'), { code: '25006' })
  await wait(50)
  await ask('create table something (id int)')
  assert.equal(way.connections(), 2)
})

test('while there is no server each statement says so, and the first after it is back is answered', async () => {
  const { way, ask } = await line({ connectionTimeoutMillis: 300 })
  way.swallow(true)
  await assert.rejects(ask('select 1'), /timeout/)
  way.swallow(false)
  assert.equal((await ask(`select 'back' as value`))[0]!.value, 'back')
})
