// `npm test`: unit and integration tests in two processes, then the browser journeys.
// `npm test -- src/messages resume` takes the files whose path holds one of the words;
// `npm test -- src/messages --test-name-pattern=…` hands options on to Node's test runner,
// and with `e2e…` words only, to Playwright.
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stopping } from './child.mjs'
import { Level, install } from './install.mjs'
import { runOn } from './pinned-node.mjs'
import { Problem, at, root, say } from './place.mjs'
import { buildUi } from './ui.mjs'

const playwrightConfig = at('e2e', 'playwright.config.ts')
const isJourney = (word) => /^(\.\/)?e2e(\/|$)/.test(word)

export async function test(node, args) {
  const words = args.filter((arg) => !arg.startsWith('-'))
  const options = args.filter((arg) => arg.startsWith('-'))
  const everything = args.length === 0
  const journeys = words.filter(isJourney)
  const wanted = words.filter((word) => !isJourney(word))

  const files = journeys.length > 0 && wanted.length === 0 ? [] : testFiles(wanted)
  if (files.length === 0 && journeys.length === 0)
    throw new Problem(`No test file matches ${words.join(' ') || 'src/'}.`)
  if (everything || journeys.length > 0 || files.some((file) => file.startsWith('src/web/'))) await buildUi(node)

  if (files.includes('src/acceptance/tracing.test.ts')) await install(Level.production, 'tracing')
  if (files.length > 0) {
    const result = await runFiles(node, options, files)
    // Stopping here keeps the failure at the end of the output, where it is looked for.
    if (result.code !== 0 && (everything || journeys.length > 0)) say('The browser journeys were not run.')
    if (result.code !== 0 || stopping()) return result
    if (!everything && journeys.length === 0) return result
  }
  if (!existsSync(playwrightConfig)) {
    say('There are no browser journeys yet (e2e/playwright.config.ts).')
    return { code: journeys.length > 0 ? 1 : 0, signal: null }
  }
  const playwright = at('node_modules/@playwright/test/cli.js')
  return runOn(node, [
    playwright,
    'test',
    '-c',
    playwrightConfig,
    ...(files.length > 0 ? [] : options),
    ...journeys.map(asFilter),
  ])
}

/** Fewer files than this take less time in one process than a second process and its database server take to start. */
const worthHalving = 20

/**
 * Runs test files. Many go in two halves side by side, each with a database server of its own: most of their time is
 * waiting. The first half is shown as it runs. The second one is shown when it is done, unless the first failed and it
 * did not: a failure stays at the end, where it is looked for.
 */
async function runFiles(node, options, files) {
  const args = (some) => [...nodeOptions, ...options, ...some]
  if (files.length < worthHalving) return runOn(node, args(files))
  const [odd, even] = [1, 0].map((rest) => files.filter((_, at) => at % 2 === rest))
  const second = runOn(node, args(even), { stdio: ['ignore', 'pipe', 'pipe'] })
  const first = await runOn(node, args(odd))
  const { output, ...result } = await second
  if (first.code === 0 || stopping()) {
    process.stdout.write(output)
    return result.code === 0 ? first : result
  }
  if (result.code !== 0) process.stdout.write(output)
  return first
}

// `e2e` alone means all of them; Playwright would read it as a pattern that nothing need match.
const asFilter = (word) => word.replace(/^\.\//, '').replace(/^e2e\/?/, '')

const nodeOptions = [
  '--test',
  // One process for many files: 40 files took 0.5 s instead of 6.8 s, and they share one database server.
  '--test-isolation=none',
  '--test-timeout=120000',
  '--import',
  pathToFileURL(at('bin', 'left-open.mjs')).href,
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  // Without it a failing after() hook is printed and the run still ends with exit code 0.
  `--test-reporter=${pathToFileURL(at('bin', 'fail-on-failure.mjs')).href}`,
  '--test-reporter-destination=stderr',
]

function testFiles(words) {
  return ['bin', 'dependencies', 'src', 'faults', 'attack']
    .filter((folder) => existsSync(at(folder)))
    .flatMap((folder) => readdirSync(at(folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word.replace(/^\.\//, ''))))
    .sort((one, other) => one.localeCompare(other, 'en'))
}
