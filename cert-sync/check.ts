// `npm run test:cert-sync`: types, lint and every test, whose report shows the imports of each scenario.
// `npm run test:cert-sync -- test/mishaps.test.ts --test-name-pattern=…` runs a part of the tests and nothing else.
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import path from 'node:path'

const cwd = import.meta.dirname
const tool = (name: string): string => path.join(cwd, '..', 'node_modules', '.bin', name)

function run(args: string[], env = process.env): Promise<number> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}

const given = process.argv.slice(2)
const words = given.filter((arg) => !arg.startsWith('-'))
const all = globSync('{src,test}/**/*.test.ts', { cwd }).sort()
const files = all.filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
const options = given.filter((arg) => arg.startsWith('-'))
if (files.length === 0) process.stderr.write(`No test file matches ${words.join(' ')}.\n`)

const checks =
  given.length > 0
    ? []
    : [
        [tool('tsc'), '--noEmit'],
        [tool('oxlint'), '--type-aware', '--deny-warnings'],
      ]
const checked: number[] = await Promise.all(checks.map((args) => run(args)))
// One process: the clients of AWS and Kubernetes take longer to load than most scenarios to run, and side by side on a
// busy machine leaders lose their Leases for want of a processor.
const how = ['--test', '--test-isolation=none', '--test-timeout=120000', '--test-force-exit', '--test-reporter=spec']
const sound = files.length > 0 && checked.every((code: number) => code === 0)
process.exitCode = sound ? await run([...how, ...options, ...files]) : 1
