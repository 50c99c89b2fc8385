import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { testDatabase } from '../testing/database.ts'
import { wayTo } from '../testing/way.ts'
import { openPool } from './connection.ts'
import { openDatabase } from './database.ts'
import { Servers } from './servers.ts'

const { url } = await testDatabase()
const { hostname, port } = new URL(url)
const closers: (() => unknown)[] = []
after(async () => {
  for (const close of closers) await close()
})

async function way() {
  const found = await wayTo(url)
  closers.push(() => found.close())
  return found
}

function pool(hosts: string, options: Parameters<typeof openPool>[1] = {}) {
  const opened = openPool(url.replace(`${hostname}:${port}`, hosts), { max: 2, ...options })
  opened.on('error', () => {})
  closers.unshift(() => opened.end())
  return opened
}

test('a connection whose packets vanish is given up after a while, and the next statement gets a new one', async () => {
  const there = await way()
  const db = pool(there.host, { patience: 300 })
  assert.equal((await db.query('select 1')).rowCount, 1)
  there.swallow(true)
  await assert.rejects(db.query('select 1'), /terminated/)
  there.swallow(false)
  assert.equal((await db.query('select 1')).rowCount, 1)
  assert.equal(there.connections(), 2)
})

test('a statement of a transaction that gets no answer ends it, and its connection is not used again', async () => {
  const there = await way()
  const db = pool(there.host, { patience: 300 })
  const client = await db.connect()
  await client.query('begin')
  there.swallow(true)
  await assert.rejects(client.query('select 1'), /terminated/)
  there.swallow(false)
  client.release()
  assert.equal((await db.query('select 1')).rowCount, 1)
  assert.equal(there.connections(), 2)
})

test('of several servers the one that takes writes is found', async () => {
  const [one, two] = [await way(), await way()]
  const admin = pool(`${hostname}:${port}`)
  const place = new URL(url).pathname.slice(1)
  // As a standby says it.
  await admin.query(`alter database ${place} set default_transaction_read_only = on`)
  const db = pool(`${one.host},${two.host}`)
  await assert.rejects(db.query('select 1'), { code: '25006' })
  assert.deepEqual([one.connections(), two.connections()], [1, 0])
  await admin.query(`alter database ${place} reset default_transaction_read_only`)
  assert.equal((await db.query('select 1')).rowCount, 1)
  assert.deepEqual([one.connections(), two.connections()], [1, 1], 'the next one was asked')
})

test('a connection whose server has become one that only reads is hung up', async () => {
  const there = await way()
  const db = pool(there.host, { max: 1 })
  await db.query('set default_transaction_read_only = on')
  await assert.rejects(db.query('create table nothing (id int)'), { code: '25006' })
  await wait(50)
  await db.query('create table something_new (id int)')
  assert.equal(there.connections(), 2)
})

test('for reading alone a standby will do', async () => {
  const there = await way()
  const db = pool(there.host, { anyServer: true, options: '-c default_transaction_read_only=on' })
  assert.equal((await db.query('select 1')).rowCount, 1)
})

test('the servers of an address are taken in turn, and two who find the same out move on once', () => {
  const servers = new Servers('postgres://whale:a,b@one:5432,two,[::1]:5433/place?sslmode=require')
  const first = servers.address
  assert.equal(first, 'postgres://whale:a,b@one:5432/place?sslmode=require')
  servers.leave(first)
  servers.leave(first)
  assert.equal(servers.address, 'postgres://whale:a,b@two/place?sslmode=require')
  servers.leave(servers.address)
  assert.equal(servers.address, 'postgres://whale:a,b@[::1]:5433/place?sslmode=require')
  servers.leave(servers.address)
  assert.equal(servers.address, first)
  assert.equal(new Servers('postgres:///place').address, 'postgres:///place')
})

test('one long piece of work may take as long as it needs, and nothing else may', async () => {
  const limits = async (unhurried: boolean) => {
    const db = openDatabase(url, { poolSize: 1, unhurried })
    closers.unshift(() => db.close())
    const { rows } = await db.pool.query(
      `select current_setting('statement_timeout') statement,
         current_setting('idle_in_transaction_session_timeout') "between"`,
    )
    return { ...rows[0] }
  }
  assert.deepEqual(await limits(false), { statement: '15s', between: '10s' })
  assert.deepEqual(await limits(true), { statement: '0', between: '0' })
})
