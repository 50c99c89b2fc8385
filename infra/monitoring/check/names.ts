import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { startApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/platform/config.ts'
import { startEmbeddedPostgres } from '../../../src/platform/db/embedded/start.ts'
import { migrate } from '../../../src/platform/db/migrate.ts'
import { freePort } from '../../../src/platform/testing/nats-server.ts'
import { exporters } from './exporters.ts'
import { metricsIn, selectorsIn } from './promql.ts'
import { alerts, here, root, rules } from './rules.ts'

const docs = 'https://docs.tidewater.example/runbooks/'
/** What every section must tell, in this order. */
const parts = ['What it means', 'What people notice', 'How to check', 'How to fix', 'How to be sure']

/** Alerts without a section in docs/runbooks/, or with one that does not say all that it must. */
export function runbookFaults(): string[] {
  return alerts().flatMap(({ alert, annotations }) => {
    const url = annotations?.runbook_url ?? ''
    const [file, anchor] = url.slice(docs.length).split('#')
    if (!url.startsWith(docs) || !file || anchor !== alert.toLowerCase())
      return [`${alert}: runbook_url must be ${docs}<file>#${alert.toLowerCase()}, not “${url}”.`]
    const place = path.join(root, 'docs/runbooks', file)
    const text = existsSync(place) ? readFileSync(place, 'utf8') : ''
    const section = text.split(/^## /m).find((each) => each.startsWith(`${alert}\n`))
    if (!section) return [`${alert}: docs/runbooks/${file} has no section “## ${alert}”.`]
    const places = parts.map((part) => section.indexOf(`**${part}.**`))
    return places.every((at, index) => at > (places[index - 1] ?? 0))
      ? []
      : [`${alert}: its section in docs/runbooks/${file} must tell, in this order: ${parts.join(', ')}.`]
  })
}

/** What a real process shows before anybody has asked it for anything. */
async function scrapeTheApi(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'all-is-whale-names-'))
  const postgres = await startEmbeddedPostgres(folder, { durable: false })
  try {
    await migrate(postgres.url)
    const metricsPort = await freePort()
    const config = { ...readConfig({ SERVE_UI: 'off', PORT: '0' }), metricsPort }
    const logger = pino({ level: 'silent' })
    const app = await startApp({ config, databaseUrl: postgres.url, logger, version: 'check' })
    try {
      return await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    } finally {
      await app.stop()
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The names in a scrape, histograms' parts included. */
const namesIn = (scrape: string): string[] =>
  [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name!],
  )

/** Metric → label → its values, as far as they are there from the start. */
function labelsIn(scrape: string): Map<string, Map<string, Set<string>>> {
  const found = new Map<string, Map<string, Set<string>>>()
  for (const [, name, labels = ''] of scrape.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const own = found.get(name!) ?? new Map<string, Set<string>>()
    found.set(name!, own)
    for (const [, label, value] of labels.matchAll(/(\w+)="([^"]*)"/g))
      own.set(label!, (own.get(label!) ?? new Set()).add(value!))
  }
  return found
}

const ofCertSync = (): string[] =>
  [...readFileSync(path.join(root, 'cert-sync/README.md'), 'utf8').matchAll(/^\| `(whale_cert_sync_\w+)`/gm)].map(
    ([, name]) => name!,
  )

/** Expressions of all panels, wherever in the dashboards they stand. */
function ofDashboards(): { where: string; expr: string }[] {
  const found: { where: string; expr: string }[] = []
  const walk = (where: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, part] of Object.entries(value))
      if (key === 'expr' && typeof part === 'string') found.push({ where, expr: part })
      else walk(where, part)
  }
  for (const file of globSync('dashboards/**/*.json', { cwd: here }))
    walk(file, JSON.parse(readFileSync(path.join(here, file), 'utf8')))
  return found
}

/** Given by Prometheus, or by what is asked of the process. */
const laterLabels = new Set([
  'job',
  'instance',
  'namespace',
  'pod',
  'node',
  'method',
  'route',
  'status',
  'version',
  'standby',
])

/** Metrics in rules and dashboards that nobody exports, and labels and values of ours that do not exist. */
export async function metricFaults(): Promise<string[]> {
  const scrape = await scrapeTheApi()
  const known = new Set([
    ...namesIn(scrape),
    ...ofCertSync(),
    ...exporters.flatMap(({ metrics }) => metrics),
    ...rules().flatMap(({ record }) => record ?? []),
  ])
  const labels = labelsIn(scrape)
  const asked = [
    ...rules().map(({ alert, record, expr }) => ({ where: `rule ${alert ?? record}`, expr })),
    ...ofDashboards(),
  ]
  const faults = asked.flatMap(({ where, expr }) => [
    ...metricsIn(expr)
      .filter((name) => !known.has(name))
      .map((name) => `${where} asks for ${name}, which nobody exports.`),
    ...[...selectorsIn(expr)]
      .filter(({ metric, label, value }) => {
        const own = labels.get(metric)
        return own && !value.includes('$') && !laterLabels.has(label) && !own.get(label)?.has(value)
      })
      .map(({ metric, label, value }) => `${where} asks for ${metric} with ${label}="${value}", which it never has.`),
  ])
  return [...new Set(faults)]
}
