import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries } from './binaries.ts'
import {
  BinariesMissing,
  DataFolderBroken,
  DataFolderForbidden,
  DataFolderForeign,
  DataFolderInUse,
  DataFolderVersion,
  EmbeddedPostgresProblem,
  ServerStopped,
} from './problems.ts'
import { sharedBuffers } from './memory.ts'
import { startEmbeddedPostgres } from './start.ts'

const isRoot = process.getuid?.() === 0
const place = await mkdtemp(path.join(tmpdir(), 'all-is-whale-embedded-'))
after(() => rm(place, { recursive: true, force: true }))

// Setting a folder up takes most of a second, so one serves all tests that leave it as they found it.
const folder = path.join(place, 'data')
const cluster = path.join(folder, 'cluster')
const began = await startEmbeddedPostgres(folder, { durable: false })
await ask(began.url, 'create table kept (line text)')
await began.stop()

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

async function lines(folder: string): Promise<unknown[]> {
  const server = await startEmbeddedPostgres(folder, { durable: false })
  const rows = await ask(server.url, 'select line from kept order by line')
  await server.stop()
  return rows.map((row) => row.line)
}

const isAlive = (pid: number): boolean =>
  spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .replace(/^Z.*/, '') !== ''

/** A process of its own that starts the server and prints its URL and process id, or the problem. */
function holder(folder: string, { wrapper = [] as string[] } = {}): ChildProcess {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(path.join(import.meta.dirname, 'start.ts'))}
    try {
      const server = await startEmbeddedPostgres(${JSON.stringify(folder)})
      process.stdout.write(JSON.stringify({ url: server.url, pid: server.pid }))
      setInterval(() => {}, 1000)
    } catch (error) {
      process.stdout.write(JSON.stringify({ name: error.name, message: error.message }))
    }`
  const [program, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', script]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  after(() => child.kill('SIGKILL'))
  return child
}

interface Said {
  url: string
  pid: number
  name: string
  message: string
}
const said = async (child: ChildProcess): Promise<Said> =>
  JSON.parse(String((await once(child.stdout!.setEncoding('utf8'), 'data'))[0])) as Said

async function refusal(folder: string, kind: new (message: string) => Error, says: RegExp): Promise<void> {
  const before = await readdir(folder).catch(() => [])
  await assert.rejects(startEmbeddedPostgres(folder), (error) => {
    assert.ok(error instanceof kind, String(error))
    assert.ok(error instanceof EmbeddedPostgresProblem)
    assert.match(error.message, says)
    assert.doesNotMatch(error.message, /\n/)
    return true
  })
  const left = (await readdir(folder).catch(() => [])).filter((name) => name !== 'lock')
  assert.deepEqual(
    left,
    before.filter((name) => name !== 'lock'),
    'nothing is added or taken away',
  )
}

test('a server is there for this machine alone, for those who have the password', async () => {
  const server = await startEmbeddedPostgres(folder)
  const [settings] = await ask(
    server.url,
    `select current_setting('listen_addresses') listen, current_setting('fsync') fsync,
       current_setting('server_version') version, (select datlocale from pg_database where datname = 'postgres') locale`,
  )
  assert.match(String(settings?.version), /^18\./)
  assert.deepEqual({ ...settings, version: '' }, { listen: '127.0.0.1', fsync: 'on', version: '', locale: 'C.UTF-8' })
  const stranger = new URL(server.url)
  stranger.password = 'guess'
  await assert.rejects(ask(stranger.href, 'select 1'), { code: '28P01' })
  const password = path.join(cluster, 'all-is-whale.password')
  assert.equal((await stat(password)).mode & 0o777, 0o600)
  await server.stop()
  await server.stop()
  assert.equal(isAlive(server.pid), false)
})

test('a server keeps as much in memory as the machine can spare', () => {
  assert.equal(sharedBuffers(512 * 2 ** 20), '128MB')
  assert.equal(sharedBuffers(16 * 2 ** 30), '2048MB')
  assert.equal(sharedBuffers(256 * 2 ** 30), '4096MB')
})

test('what was acknowledged outlives kill -9 of the process, and the server does not', async () => {
  const child = holder(folder)
  const { url, pid } = await said(child)
  await ask(url, "insert into kept values ('before the kill')")
  assert.equal(isAlive(pid), true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.deepEqual(await lines(folder), ['before the kill'])
  assert.equal(isAlive(pid), false)
})

test('a slow start is called what it is: a recovery only after an interruption', async () => {
  const told: string[] = []
  const options = { durable: false, patienceMs: 0, onProgress: (line: string) => void told.push(line) }
  const first = await startEmbeddedPostgres(path.join(place, 'slow'), options)
  assert.deepEqual(told, ['Setting up the database (once)…', 'The database is taking longer than usual to start…'])
  // Ended in good order, and then by kill -9.
  await first.stop()
  told.length = 0
  const second = await startEmbeddedPostgres(path.join(place, 'slow'), options)
  assert.deepEqual(told, ['The database is taking longer than usual to start…'])
  await ask(second.url, 'create table changed ()')
  process.kill(second.pid, 'SIGKILL')
  told.length = 0
  let third: Awaited<ReturnType<typeof startEmbeddedPostgres>> | undefined
  while (!third)
    third = await startEmbeddedPostgres(path.join(place, 'slow'), options).catch((error: unknown) => {
      // Until its end was seen, the server that was killed counts as running.
      assert.ok(error instanceof DataFolderInUse, String(error))
      return undefined
    })
  assert.equal(told.at(-1), 'The database is recovering from an interruption…')
  await third.stop()
})

test('a second instance on the same folder is refused by name until the first has stopped', async () => {
  const first = await startEmbeddedPostgres(folder)
  const second = await said(holder(folder))
  assert.equal(second.name, 'DataFolderInUse')
  assert.match(second.message, new RegExp(`in use by another All is Whale \\(process ${process.pid} on .*DATA_DIR=`))
  await first.stop()
  await lines(folder)
})

test('of several that start at once on an empty folder one wins', async () => {
  const folder = path.join(place, 'new', 'deep')
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => startEmbeddedPostgres(folder, { durable: false })))
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  assert.equal(servers.length, 1)
  assert.ok(
    refusals.every((reason) => reason instanceof DataFolderInUse),
    String(refusals),
  )
  await servers[0]!.stop()
})

test('a set-up that is killed in the middle leaves nothing half-made', async () => {
  const folder = path.join(place, 'interrupted')
  const child = holder(folder)
  const names = async (): Promise<string[]> => readdir(folder).catch(() => [])
  while (!(await names()).some((name) => /^unfinished-\d+$/.test(name))) await sleep(5)
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(!(await names()).includes('cluster'))
  const server = await startEmbeddedPostgres(folder, { durable: false })
  await server.stop()
  assert.deepEqual((await names()).toSorted(), ['cluster', 'lock'])
})

test('a stale postmaster.pid does not keep the server from starting, even if a stranger has its number', async () => {
  for (const pid of [process.pid, 1, 4_000_000]) {
    await writeFile(path.join(cluster, 'postmaster.pid'), `${pid}\n${cluster}\n`)
    await lines(folder)
  }
})

test('a server that dies by itself is reported, and the folder is free again', async () => {
  const stopped = Promise.withResolvers<Error>()
  const server = await startEmbeddedPostgres(folder, { onStopped: stopped.resolve })
  const alive = setInterval(() => {}, 1000) // the server alone keeps no process alive
  process.kill(server.pid, 'SIGKILL')
  assert.ok((await stopped.promise) instanceof ServerStopped)
  clearInterval(alive)
  await lines(folder)
})

test('a folder that is not ours is left alone', async () => {
  const pictures = path.join(place, 'pictures')
  await mkdir(pictures)
  await writeFile(path.join(pictures, 'whale.jpg'), '')
  await refusal(
    pictures,
    DataFolderForeign,
    /pictures holds files that are not All is Whale's \(whale\.jpg\).*DATA_DIR=/,
  )
  await refusal(path.join(pictures, 'whale.jpg'), DataFolderForeign, /a file is in its place.*DATA_DIR=/)
})

/** Changes a file of the cluster while `work` runs. */
async function without(name: string, replacement: string | undefined, work: () => Promise<void>): Promise<void> {
  const file = path.join(cluster, name)
  await rename(file, path.join(place, 'aside'))
  if (replacement !== undefined) await writeFile(file, replacement)
  await work()
  await rename(path.join(place, 'aside'), file)
}

test('data of another major version are left alone', async () => {
  await without('PG_VERSION', '17\n', () =>
    refusal(folder, DataFolderVersion, /written by PostgreSQL 17, and this is PostgreSQL 18.*pg_dump/),
  )
  await lines(folder)
})

test('broken data are named and left alone', async () => {
  for (const name of ['PG_VERSION', 'all-is-whale.password', 'global/pg_control']) {
    const says = new RegExp(`${path.basename(name)}.*Put a backup in its place`)
    await without(name, undefined, () => refusal(folder, DataFolderBroken, says))
  }
  await lines(folder)
})

test('a folder copied without its modes is put right', async () => {
  await chmod(cluster, 0o755)
  await lines(folder)
  assert.equal((await stat(cluster)).mode & 0o777, 0o700)
})

test('a folder that this user may not write is named', async () => {
  // Root may write everywhere, so it is turned into somebody who owns the files and has no special rights.
  const wrapper = isRoot ? ['unshare', '--user', '--map-user=1', '--map-group=1', '--'] : []
  const closed = path.join(place, 'closed')
  await mkdir(closed, { mode: 0o500 })
  for (const folder of [closed, path.join(closed, 'postgres')]) {
    const { name, message } = await said(holder(folder, { wrapper }))
    assert.equal(name, DataFolderForbidden.name, message)
    assert.match(message, /cannot be used by this user .*chown.*DATA_DIR=/)
  }
})

test('a full disk is named, at the set-up and later', async (t) => {
  const disk = path.join(place, 'disk')
  await mkdir(disk)
  // A mount in a namespace of its own needs no rights and goes away with its process.
  const withDisk = (megabytes: number, then: string): string[] => {
    const mount = `mount -t tmpfs -o size=${megabytes}m tmpfs '${disk}' && ${then} && exec "$@"`
    return ['unshare', '--user', '--map-root-user', '--mount', '--', 'sh', '-c', mount, 'sh']
  }
  const [program, ...args] = withDisk(1, 'true')
  if (spawnSync(program!, [...args, 'true']).status !== 0) {
    t.skip('this machine does not allow mounts in user namespaces')
    return
  }
  const full = path.join(disk, 'postgres')
  const fill = `{ cp -r '${folder}' '${full}'; cat /dev/zero > '${disk}/filler' || true; } 2>/dev/null`
  for (const wrapper of [withDisk(12, 'true'), withDisk(60, fill)]) {
    const { name, message } = await said(holder(full, { wrapper }))
    assert.equal(name, 'DiskFull', message)
    assert.match(message, /no space left for the database in .*disk\/postgres \(\d+ MB free\).*DATA_DIR=/)
  }
})

test('a platform without a package is told to bring its own server', async () => {
  assert.match((await findBinaries()).postgres, /postgres$/)
  await assert.rejects(findBinaries('plan9-mips'), (error) => {
    assert.ok(error instanceof BinariesMissing)
    assert.match(error.message, /no embedded PostgreSQL for plan9-mips.*DATABASE_URL/)
    return true
  })
})

test('root without user namespaces runs the server as nobody, and as the owner of the data ever after', async (t) => {
  const { postgres } = await findBinaries()
  const reach = spawnSync('test', ['-x', postgres], isRoot ? { uid: 65534, gid: 65534 } : {})
  if (!isRoot || reach.status !== 0) {
    t.skip('only for root, in a place that others may enter')
    return
  }
  await chmod(place, 0o711)
  const folder = path.join(place, 'of nobody')
  const first = await startEmbeddedPostgres(folder, { durable: false, namespaces: false })
  await ask(first.url, 'create table kept (line text)')
  await first.stop()
  for (const name of ['', 'cluster']) assert.equal((await stat(path.join(folder, name))).uid, 65534)
  assert.equal(await readFile(path.join(folder, 'cluster', 'PG_VERSION'), 'utf8'), '18\n')
  assert.deepEqual(await lines(folder), [])
  assert.equal((await stat(path.join(folder, 'lock'))).uid, 65534)
})
