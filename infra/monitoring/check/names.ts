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
import { metricsIn } from './promql.ts'
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

/** Names that a real scrape of a real process holds, its histograms' parts included. */
async function ofTheApi(): Promise<Set<string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'all-is-whale-names-'))
  const postgres = await startEmbeddedPostgres(folder, { durable: false })
  try {
    await migrate(postgres.url)
    const metricsPort = await freePort()
    const config = { ...readConfig({ SERVE_UI: 'off', PORT: '0' }), metricsPort }
    const app = await startApp({
      config,
      databaseUrl: postgres.url,
      logger: pino({ level: 'silent' }),
      version: 'check',
    })
    try {
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
      return new Set(
        [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
          type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name!],
        ),
      )
    } finally {
      await app.stop()
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
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

/** Metrics in rules and dashboards that nobody exports. */
export async function metricFaults(): Promise<string[]> {
  const known = new Set([
    ...(await ofTheApi()),
    ...ofCertSync(),
    ...exporters.flatMap(({ metrics }) => metrics),
    ...rules().flatMap(({ record }) => record ?? []),
  ])
  const asked = [
    ...rules().map(({ alert, record, expr }) => ({ where: `rule ${alert ?? record}`, expr })),
    ...ofDashboards(),
  ]
  const faults = asked.flatMap(({ where, expr }) =>
    metricsIn(expr)
      .filter((name) => !known.has(name))
      .map((name) => `${where} asks for ${name}, which nobody exports.`),
  )
  return [...new Set(faults)]
}
