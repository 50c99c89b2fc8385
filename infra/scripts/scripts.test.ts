import assert from 'node:assert/strict'
import { readFileSync, globSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { settingsFromTerraform } from '../kubernetes/check/product.ts'
import { forPlace, settingsForMonitoring } from './monitoring-files.ts'
import { environments, fillIn, parseSettings, settingsFile } from './settings-env.ts'

const infra = path.resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(path.join(infra, file), 'utf8')

// A place unlike the example in every name.
const place = {
  REGION: 'ap-southeast-2',
  CLUSTER: 'harbour',
  UI_ORIGIN: 'https://app.harbour.test',
  API_ORIGIN: 'https://api.harbour.test',
  PAGER_URL: 'https://call.harbour.test/now',
  TICKETS_URL: 'https://queue.harbour.test/',
  DEAD_MAN_URL: 'https://elsewhere.test/beat',
  RUNBOOKS_URL: 'https://wiki.harbour.test/runbooks/',
}

for (const environment of environments)
  test(`what Terraform prints gets into the settings of ${environment}, and nothing else changes`, () => {
    const before = readFileSync(settingsFile(environment), 'utf8')
    const names = settingsFromTerraform(environment)
    assert.ok(names.includes('REGISTRY'), 'the names are found in outputs.tf')
    const printed = names.map((name) => `    ${name}=new=${name}?a=b&c=d`).join('\n')
    const { text, changed } = fillIn(before, `${printed}\n`)
    assert.deepEqual(changed, names)
    const after = parseSettings(text)
    for (const [name, value] of Object.entries(parseSettings(before)))
      assert.equal(after[name], names.includes(name) ? `new=${name}?a=b&c=d` : value)
    const comments = (settings: string): string[] => settings.split('\n').filter((line) => line.startsWith('#'))
    assert.deepEqual(comments(text), comments(before))
    assert.deepEqual(fillIn(text, printed), { text, changed: [] })
  })

test('a setting that the file has no line for is not lost silently', () => {
  assert.deepEqual(fillIn('A=1\n', 'A=2\n').changed, ['A'])
  assert.throws(() => fillIn('A=1\n', 'A=2\nB=3\n'), /no line for B/)
  assert.throws(() => fillIn('A=1\n', 'A=\n'), /printed nothing for A/)
  assert.throws(() => fillIn('A=1\n', ''), /was it applied/)
})

test('nothing of the example is left in what the monitoring installs', () => {
  const files = [
    'values.yaml',
    'values-alertmanager.yaml',
    'kubernetes/*.{yaml,yml}',
    'dashboards/json/*.json',
  ].flatMap((pattern) => globSync(pattern, { cwd: path.join(infra, 'monitoring') }))
  const texts = files.map((file) => read(path.join('monitoring', file)))
  assert.match(texts.join(), /tidewater/)
  assert.match(texts.join(), /eu-central-1/)
  const own = texts.map((text) => forPlace(text, place))
  for (const [index, text] of own.entries()) assert.doesNotMatch(text, /tidewater|eu-central-1/, files[index]!)
  for (const value of Object.values(place))
    assert.ok(own.join().includes(value.replace(/\/$/, '')), `${value} is nowhere`)
})

test('the monitoring is not installed for a place that does not say who is called', () => {
  assert.equal(forPlace('place: tidewater', place), 'place: harbour')
  for (const name of settingsForMonitoring)
    assert.throws(() => forPlace('', { ...place, [name]: '' }), new RegExp(name))
})

test('the class of volumes that the monitoring asks for is made', () => {
  const asked = [...read('monitoring/values.yaml').matchAll(/storageClassName: (\S+)/g)].map(([, name]) => name)
  assert.ok(asked.length > 0)
  const made = /^kind: StorageClass\nmetadata:\n  name: (\S+)$/m.exec(read('kubernetes/addons/gp3.yaml'))?.[1]
  assert.deepEqual([...new Set(asked)], [made])
})
