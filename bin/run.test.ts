import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

// A small project with the real bin/ and nothing to download.
const project = await mkdtemp(path.join(tmpdir(), 'all is whale run '))
after(() => rm(project, { recursive: true, force: true }))
const at = (...parts: string[]): string => path.join(project, ...parts)
const packageJson = { name: 'small', version: '1.0.0', optionalDependencies: {} }
const lockFile = { ...packageJson, lockfileVersion: 3, requires: true, packages: { '': packageJson } }
await cp(import.meta.dirname, at('bin'), { recursive: true })
await writeFile(at('package.json'), JSON.stringify(packageJson))
await writeFile(at('package-lock.json'), JSON.stringify(lockFile))
await mkdir(at('node_modules', '.bin'), { recursive: true })

await writeFile(
  at('wait.mjs'),
  `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
     process.stdout.write(signal + '\\n')
     setTimeout(() => process.exit(7), 200)
   })
   process.stdout.write('ready ' + process.pid + '\\n')
   setInterval(() => {}, 1000)`,
)

interface Run {
  child: ChildProcess
  out: () => string
  err: () => string
  /** Exit code, or the name of the signal. */
  end: Promise<number | string>
  says(words: RegExp): Promise<string>
}

function run(...args: string[]): Run {
  const { npm_lifecycle_event: _, ...env } = process.env
  const child = spawn(process.execPath, [at('bin', 'run.mjs'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  after(() => child.kill('SIGKILL'))
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return {
    child,
    out: () => out,
    err: () => err,
    end: once(child, 'close').then(([code, signal]: (number | string)[]) => signal ?? code ?? 'nothing'),
    async says(words) {
      while (!words.test(out)) {
        assert.equal(child.exitCode ?? child.signalCode, null, err)
        await sleep(10)
      }
      return words.exec(out)![1] ?? ''
    },
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 300; i++) {
    const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
    if (state === '' || state.startsWith('Z')) return true
    await sleep(10)
  }
  return false
}

test('two commands on a fresh clone install once, and a later one not at all', async () => {
  const both = [run('-p', '1'), run('-p', '2')]
  assert.deepEqual(await Promise.all(both.map(({ end }) => end)), [0, 0])
  assert.deepEqual(both.map(({ out }) => out()).toSorted(), ['1\n', '2\n'])
  assert.equal(both.filter(({ err }) => err().includes('Installing')).length, 1)
  const later = run('-p', '3')
  assert.equal(await later.end, 0)
  assert.doesNotMatch(later.err(), /Installing/)
})

test('a lock whose owner was killed does not hold anybody up', async () => {
  await rm(at('node_modules', '.installed.json'))
  await writeFile(at('dist', 'install.lock'), '4000000')
  const next = run('-p', '1')
  assert.equal(await next.end, 0, next.err())
  await assert.rejects(readFile(at('dist', 'install.lock')), { code: 'ENOENT' })
})

test('a failed installation says what to do and is tried again next time', async () => {
  const dependencies = { 'not-in-the-lock-file': '1.0.0' }
  await writeFile(at('package.json'), JSON.stringify({ ...packageJson, dependencies }))
  const first = run('-p', '1')
  assert.equal(await first.end, 1)
  assert.match(first.err(), /Installing failed \(npm ended with 1.*run the command again/)
  assert.equal(first.out(), '')
  await writeFile(at('package.json'), JSON.stringify(packageJson))
  assert.equal(await run('-p', '1').end, 0)
})

test('a package of its own is installed when a file of it is run, and by nothing else', async () => {
  await mkdir(at('own'))
  await writeFile(at('own', 'package.json'), JSON.stringify(packageJson))
  await writeFile(at('own', 'package-lock.json'), JSON.stringify(lockFile))
  await writeFile(at('own', 'say.mjs'), 'process.stdout.write("said")')
  assert.equal(await run('-p', '1').end, 0)
  await assert.rejects(readFile(at('own', 'node_modules', '.installed.json')), { code: 'ENOENT' })
  const first = run('own/say.mjs')
  assert.equal(await first.end, 0, first.err())
  assert.equal(first.out(), 'said')
  assert.match(first.err(), /Installing what own\/ needs/)
  assert.ok(await readFile(at('own', 'node_modules', '.installed.json')))
  const later = run('own/say.mjs')
  assert.equal(await later.end, 0)
  assert.doesNotMatch(later.err(), /Installing/)
})

test('exit codes and signals are passed on, both ways', async () => {
  assert.equal(await run('-e', 'process.exit(5)').end, 5)
  assert.equal(await run('-e', 'process.kill(process.pid, "SIGKILL")').end, 'SIGKILL')
  const asked = run('wait.mjs')
  await asked.says(/ready (\d+)/)
  // The terminal and npm each send one.
  asked.child.kill('SIGINT')
  asked.child.kill('SIGINT')
  assert.equal(await asked.end, 7)
  assert.match(asked.out(), /^ready \d+\nSIGINT\n$/)
})

test('a killed command takes its child with it', async () => {
  const doomed = run('wait.mjs')
  const pid = Number(await doomed.says(/ready (\d+)/))
  doomed.child.kill('SIGKILL')
  assert.equal(await doomed.end, 'SIGKILL')
  assert.ok(await isGone(pid))
})
