// `npm run check:monitoring`: rules, their tests, configurations, routes, names, and what is generated from them.
// Prometheus' and Alertmanager's own programs judge; elsewhere than in CI their absence is one loud line.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { kubernetesFaults } from './check/kubernetes.ts'
import { metricFaults, runbookFaults } from './check/names.ts'
import { ruleTests, untested } from './check/rule-tests.ts'
import { alerts, here, ruleFiles } from './check/rules.ts'
import { missingTools } from './check/tools.ts'
import { generated } from './generate.ts'

const say = (line: string): boolean => process.stdout.write(`${line}\n`)
const folder = mkdtempSync(path.join(tmpdir(), 'all-is-whale-rules-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Runs a program; its words are the faults where it fails. */
async function ask(command: string, args: string[]): Promise<{ faults: string[]; output: string }> {
  const child = spawn(command, args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  return { faults: code === 0 ? [] : [`${command} ${args.join(' ')}\n${output}${errors}`.trim()], output }
}

const promtool = async (...args: string[]) => (await ask('promtool', args)).faults

async function testRules(): Promise<string[]> {
  const results = await Promise.all(
    ruleTests().map((test, index) => {
      const file = path.join(folder, `test-${index}.json`)
      writeFileSync(file, JSON.stringify(test))
      return promtool('test', 'rules', file)
    }),
  )
  return results.flat()
}

/** Where each alert ends up: by what its labels say, and the Watchdog outside. */
async function routes(): Promise<string[]> {
  const receivers: Record<string, string> = { page: 'pager', ticket: 'tickets', none: 'dead-man' }
  const combinations = new Map(
    alerts().map(({ alert, labels }) => {
      const all = { alertname: alert, ...labels }
      return [
        Object.entries(all)
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
        labels!.severity!,
      ]
    }),
  )
  // Of every severity one, and every alert where its name is part of a route.
  const asked = [...combinations].filter(
    ([words, severity], index, all) =>
      words.includes('Watchdog') || all.findIndex(([, other]) => other === severity) === index,
  )
  const faults = [...combinations].flatMap(([words, severity]) =>
    receivers[severity] ? [] : [`${words} goes nowhere.`],
  )
  for (const [words, severity] of [...asked, ['alertname=SomebodyElses', 'ticket'] as const]) {
    const args = [
      'config',
      'routes',
      'test',
      '--config.file=alertmanager.yml',
      `--verify.receivers=${receivers[severity]}`,
    ]
    faults.push(...(await ask('amtool', [...args, ...words.split(' ')])).faults)
  }
  return faults
}

const stale = (): string[] =>
  generated().flatMap(({ file, text }) => {
    let there = ''
    try {
      there = readFileSync(path.join(here, file), 'utf8')
    } catch {
      return [`${file} is missing: node bin/run.mjs infra/monitoring/generate.ts`]
    }
    return there === text ? [] : [`${file} is older than its source: node bin/run.mjs infra/monitoring/generate.ts`]
  })

const withTools: Record<string, () => Promise<string[]>> = {
  'tests of the rules': testRules,
  rules: () => promtool('check', 'rules', ...ruleFiles()),
  'prometheus.yml': () => promtool('check', 'config', 'prometheus.yml'),
  'alertmanager.yml': async () => (await ask('amtool', ['check-config', 'alertmanager.yml'])).faults,
  routes,
}
const always: Record<string, () => string[] | Promise<string[]>> = {
  'a case for each alert': untested,
  'a runbook for each alert': runbookFaults,
  'metrics that are asked for': metricFaults,
  'what is generated': stale,
  dashboards: async () => (await ask(process.execPath, ['--test', 'dashboards/dashboards.test.ts'])).faults,
  'Kubernetes and the values of the chart': kubernetesFaults,
}

const began = performance.now()
const missing = missingTools()
if (missing.length) {
  const what = `the rules and configurations, because ${missing.join(', ')} is not here: apt-get install prometheus prometheus-alertmanager`
  if (process.env.CI) {
    say(`✖ Could not check ${what}`)
    process.exit(1)
  }
  say(`⚠ SKIPPED ${what}`)
}
const parts = Object.entries({ ...(missing.length ? {} : withTools), ...always })
const results = await Promise.all(
  parts.map(async ([name, check]) => {
    const started = performance.now()
    const faults = await check()
    say(`${faults.length ? '✖' : '✔'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    return { name, faults }
  }),
)
for (const { name, faults } of results) if (faults.length) say(`\n── ${name} ──\n${faults.join('\n')}`)
const bad = results.filter(({ faults }) => faults.length)
const seconds = ((performance.now() - began) / 1000).toFixed(1)
say(
  bad.length
    ? `\n${bad.map(({ name }) => name).join(', ')} failed (${seconds} s).`
    : `The monitoring is sound (${seconds} s).`,
)
process.exit(bad.length ? 1 : 0)
