import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { testDatabase } from '#platform/testing/database.ts'

// What the processes themselves say of the setup code: to a terminal and to a log.

const root = path.resolve(import.meta.dirname, '..')
const { url } = await testDatabase()
const folder = await mkdtemp(path.join(tmpdir(), 'whale-setup-code-'))
after(() => rm(folder, { recursive: true, force: true }))
const { SETUP_CODE: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env
const env = { ...inherited, DATABASE_URL: url, DATA_DIR: folder, PORT: '0', METRICS_PORT: 'off', SERVE_UI: 'off' }
const kept = async () => (await readFile(path.join(folder, 'setup-code'), 'utf8')).trim()

/** All that a program says until it has said this, or has ended. */
async function says(program: string, args: string[], awaited: RegExp): Promise<string> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...env, LOG_LEVEL: 'trace' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'close')
  for (const deadline = Date.now() + 60_000; !awaited.test(said) && child.exitCode === null; await sleep(50))
    assert.ok(Date.now() < deadline, said)
  await sleep(200)
  child.kill('SIGTERM')
  await ended
  return said
}

/** The same on a terminal of its own, by util-linux. */
const onTerminal = (command: string, awaited: RegExp) => says('script', ['-qec', command, '/dev/null'], awaited)
const hasTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')
if (!hasTerminals)
  process.stdout.write('SKIPPED script of util-linux is not installed: what a terminal is told was not checked.\n')

test('a log gets the address and the name of the file, and never the code', async () => {
  const said = await says(process.execPath, ['src/main.ts'], /setup code/)
  const code = await kept()
  assert.match(said, /All is Whale is at http:\/\/localhost:\d+\n/)
  assert.ok(said.includes(path.join(folder, 'setup-code')))
  assert.ok(!said.includes(code), 'nor at the level that tells most')
})

test('a terminal gets it in the address, so that one click is enough', { skip: !hasTerminals }, async () => {
  const said = await onTerminal(`${process.execPath} src/main.ts`, /#setup=\S+/)
  assert.ok(said.includes(`/#setup=${await kept()}`), said)
})

test('npm run setup-code makes a new one, and shows it on a terminal only', { skip: !hasTerminals }, async () => {
  const before = await kept()
  const said = await says(process.execPath, ['src/setup-code.ts'], /new setup code is in/)
  const next = await kept()
  assert.notEqual(next, before)
  assert.ok(!said.includes(next))
  const shown = await onTerminal(`${process.execPath} src/setup-code.ts`, /new setup code is in/)
  assert.ok(shown.includes(await kept()))
})
