import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { described } from './described.ts'
import { files, specs } from './files.ts'
import { runbooks } from './panels.ts'

// That their metrics exist is asked where those of the rules are: check/names.ts.

const here = import.meta.dirname
const root = path.resolve(here, '../../..')

interface Panel {
  id: number
  type: string
  title: string
  description?: string
  links?: { title: string; url: string }[]
  targets?: { expr: string; refId: string }[]
  fieldConfig?: { defaults: { unit?: string } }
  options?: { yAxis?: { unit?: string } }
  gridPos: { x: number; y: number; w: number; h: number }
}
interface Dashboard {
  uid: string
  title: string
  panels: Panel[]
}

const dashboards = [...files().values()].map((text) => JSON.parse(text) as Dashboard)
const panels = dashboards.flatMap(({ title, panels: own }) =>
  own.filter(({ type }) => type !== 'row').map((panel) => ({ ...panel, where: `${title} › ${panel.title}` })),
)
/** What Grafana puts in place of its variables. */
const filled = (expr: string) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.+')
const expressions = panels.flatMap(({ where, targets = [] }) =>
  targets.map(({ expr }) => [where, filled(expr)] as const),
)

test('what lies in json/ is what the builders make, and kustomize hands out all of it', () => {
  for (const [name, text] of files())
    assert.equal(
      readFileSync(path.join(here, 'json', name), 'utf8'),
      text,
      `${name} is out of date: node infra/monitoring/dashboards/write.ts`,
    )
  assert.equal(readFileSync(path.join(root, 'docs/dashboards.md'), 'utf8'), described(specs))
  const written = globSync('json/*.json', { cwd: here }).sort()
  assert.deepEqual(written, [...files().keys()].map((name) => `json/${name}`).sort())
  const kustomization = parse(readFileSync(path.join(here, 'kustomization.yaml'), 'utf8')) as {
    configMapGenerator: { files: string[] }[]
  }
  assert.deepEqual(kustomization.configMapGenerator.flatMap((each) => each.files).sort(), written)
})

test('there are the five dashboards, and their names are their own', () => {
  assert.deepEqual(
    dashboards.map(({ title }) => title),
    ['Are messages arriving?', 'API', 'Postgres', 'Delivery across nodes', 'Certificates'],
  )
  assert.equal(new Set(dashboards.map(({ uid }) => uid)).size, 5)
})

test('every panel has a unit, a description, and a runbook section that exists', () => {
  assert.ok(panels.length > 50)
  for (const { where, description = '', links = [], fieldConfig, options } of panels) {
    assert.ok(fieldConfig?.defaults.unit ?? options?.yAxis?.unit, `${where} has no unit`)
    assert.ok(description.length > 10 && description.endsWith('.'), `${where} has no description`)
    const [, file, section] = links[0]?.url.match(new RegExp(`^${runbooks}/([\\w-]+\\.md)#([\\w-]+)$`)) ?? []
    assert.ok(file && section, `${where} has no runbook`)
    const runbook = path.join(root, 'docs/runbooks', file)
    assert.ok(existsSync(runbook), `${where}: docs/runbooks/${file} is not there`)
    const headings = readFileSync(runbook, 'utf8').matchAll(/^#+ (.+)$/gm)
    const anchors = [...headings].map(([, words = '']) =>
      words
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    )
    assert.ok(anchors.includes(section), `${where}: docs/runbooks/${file} has no section ${section}`)
  }
})

test('no panel lies on another, and none is wider than the window', () => {
  for (const { title, panels: own } of dashboards) {
    assert.equal(new Set(own.map(({ id }) => id)).size, own.length, `${title}: each panel has an id of its own`)
    for (const [index, { gridPos: one, title: name }] of own.entries()) {
      assert.ok(one.x + one.w <= 24, `${title} › ${name}`)
      for (const { gridPos: other, title: second } of own.slice(index + 1))
        assert.ok(
          one.x + one.w <= other.x ||
            other.x + other.w <= one.x ||
            one.y + one.h <= other.y ||
            other.y + other.h <= one.y,
          `${title}: ${name} and ${second} overlap`,
        )
    }
  }
})

test('Prometheus understands every expression', { skip: lacksPromtool() }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'whale-dashboards-'))
  try {
    const file = path.join(folder, 'rules.json')
    const check = async (all: readonly string[]) => {
      const own = all.map((expr, index) => ({ record: `dashboard:expression:${index}`, expr }))
      await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboards', rules: own }] }))
      return spawnSync('promtool', ['check', 'rules', '--lint=none', file], { encoding: 'utf8' })
    }
    const checked = await check(expressions.map(([, expr]) => expr))
    assert.equal(checked.status, 0, checked.stderr)
    assert.notEqual((await check(['sum(rate(whale_sends_total[5m])'])).status, 0, 'a broken one is noticed')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

function lacksPromtool(): boolean {
  if (!spawnSync('promtool', ['--version']).error) return false
  const words = 'SKIPPED the expressions of the dashboards: promtool is not installed (apt-get install prometheus)'
  if (process.env['CI']) throw new Error(words)
  process.stdout.write(`${words}\n`)
  return true
}
