import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import pino from 'pino'
import { setupAtStart } from '#accounts/setup-at-start.ts'
import { readConfig } from '#platform/config.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { startApp } from '#app.ts'

const { url: databaseUrl } = await testDatabase()
const config = readConfig({ SERVE_UI: 'off', METRICS_PORT: 'off', PORT: '0' })
const app = await startApp({ config, databaseUrl, logger: pino({ level: 'silent' }), version: 'test' })
const folder = await mkdtemp(path.join(tmpdir(), 'whale-readme-'))
after(async () => {
  await app.stop()
  await rm(folder, { recursive: true })
})

// As `npm start` does in the checkout that the block is run in.
await setupAtStart(databaseUrl, { dataDir: path.join(folder, 'data'), databaseUrl: null, setupCode: null })

test('the journey in the README does what it says', async () => {
  const readme = await readFile(path.resolve(import.meta.dirname, '../../README.md'), 'utf8')
  const [, script] = /```sh\n(API=[^]*?)```/.exec(readme) ?? []
  assert.ok(script)
  const shell = spawn('bash', ['-eu', '-o', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...process.env, API: app.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  shell.stdout.on('data', (data: Buffer) => (said += data.toString()))
  const code = await new Promise((resolve) => shell.once('exit', resolve))
  assert.equal(code, 0, said)
  const posts = [...said.matchAll(/^(\{.*\}) (\d{3})$/gm)]
  assert.deepEqual(
    posts.map(([, , status]) => status),
    ['201', '200'],
  )
  assert.equal(posts[0]![1], posts[1]![1])
  assert.match(said, /"messages":\[\{[^\]]*Nothing lost, nothing twice\./)
  assert.match(said, /event: conversation\.changed\n/)
  assert.match(said, /id: \S+:3\nevent: message\.posted\ndata: .*Nothing lost/)
  assert.equal(said.match(/event: message\.posted/g)?.length, 1)
})
