// `npm run check:infra`: everything about infra/ that can be checked without an AWS account or a cluster.
// Each part is a program of its own: it prints its findings, ends non-zero if there are any, and says what this machine
// did not let it check in lines that begin with "SKIPPED ". `npm run check:infra terraform` runs parts by name.
import { spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'

const here = import.meta.dirname
const tool = (name: string): string => path.join(here, '..', 'node_modules', '.bin', name)

interface Part {
  name: string
  /** What Node.js runs, from infra/. The first is a file that must be there. */
  args: string[]
}

// The slowest first: with two processors the quick ones fill what is left.
const parts: Part[] = [
  { name: 'terraform', args: ['terraform/check/main.ts'] },
  { name: 'kubernetes', args: ['kubernetes/check/main.ts'] },
  { name: 'planted faults', args: ['--test', '--test-timeout=240000', ...testFiles()] },
  { name: 'types', args: [tool('tsc'), '--noEmit'] },
  { name: 'lint', args: [tool('oxlint'), '--type-aware', '--deny-warnings'] },
]

interface Result {
  name: string
  passed: boolean
  output: string
  seconds: number
}

function testFiles(): string[] {
  return globSync('{terraform,kubernetes,images,one-server,monitoring,scripts}/**/*.test.ts', { cwd: here }).sort()
}

async function run({ name, args }: Part): Promise<Result> {
  const began = performance.now()
  const missing = args.filter((arg) => !arg.startsWith('-')).filter((file) => !existsSync(path.resolve(here, file)))
  if (missing.length > 0) return { name, passed: false, output: `Not found: ${missing.join(', ')}`, seconds: 0 }
  const child = spawn(process.execPath, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const seconds = (performance.now() - began) / 1000
  say(`${code === 0 ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)`)
  return { name, passed: code === 0, output, seconds }
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`)

async function runAll(chosen: Part[]): Promise<Result[]> {
  const [waiting, results] = [[...chosen], [] as Result[]]
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift()) results.push(await run(part))
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  return results
}

const words = process.argv.slice(2)
const chosen = words.length === 0 ? parts : parts.filter(({ name }) => words.includes(name.split(' ')[0]!))
if (chosen.length === 0) {
  say(`No part is called ${words.join(', ')}. There are: ${parts.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}

const began = performance.now()
const results = await runAll(chosen)
const failed = results.filter(({ passed }) => !passed)
for (const { name, output } of failed) say(`\n── ${name} ──\n${output.trimEnd()}\n`)
for (const { output } of results)
  for (const line of output.split('\n').filter((each) => each.startsWith('SKIPPED '))) say(`⚠ ${line}`)
const names = failed.map(({ name }) => name).join(', ')
const seconds = ((performance.now() - began) / 1000).toFixed(1)
say(failed.length === 0 ? `All checks of infra/ passed in ${seconds} s.` : `${names} failed (${seconds} s).`)
process.exitCode = failed.length === 0 ? 0 : 1
