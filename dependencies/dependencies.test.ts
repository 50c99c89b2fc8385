import assert from 'node:assert/strict'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type Accepted, judge, type Known } from './judge.ts'
import { locksOf, npmJson } from './npm.ts'
import { refreshed } from './refresh.ts'

// npm itself asks, and writes the reports: the registry is one of our own that speaks its protocol.

const advisories: Record<string, object[]> = {
  'tide-table': [
    {
      id: 1_100_001,
      url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
      title: 'Reads past the end of the month',
      severity: 'high',
      vulnerable_versions: '<1.2.0',
      cwe: ['CWE-125'],
      cvss: { score: 7.5, vectorString: null },
    },
  ],
  '@tidewater/knots': [
    {
      id: 1_100_002,
      url: 'https://registry.example/advisories/1100002',
      title: 'Ties without end',
      severity: 'moderate',
      vulnerable_versions: '>=2.0.0 <2.0.5',
      cwe: [],
      cvss: { score: 0, vectorString: null },
    },
  ],
}
let answers = true
const asked: string[] = []
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const json = (status: number, body: unknown) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (request.method === 'POST' && request.url?.endsWith('/advisories/bulk')) {
    const body = Buffer.concat(await request.toArray())
    if (!answers) return json(405, {})
    const names = Object.keys(JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString()) as object)
    asked.push(...names)
    return json(200, Object.fromEntries(names.flatMap((name) => (advisories[name] ? [[name, advisories[name]]] : []))))
  }
  const name = decodeURIComponent(request.url!.slice(1))
  const versions = name === 'tide-table' ? ['1.1.0', '1.2.0'] : ['2.0.3', '2.0.5']
  const each = versions.map((version) => [version, { name, version, dist: { tarball: 'http://127.0.0.1/none.tgz' } }])
  json(200, { name, 'dist-tags': { latest: versions[1] }, versions: Object.fromEntries(each) })
}
const registry = createServer((request, response) => void answer(request, response))
await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
const root = await mkdtemp(path.join(tmpdir(), 'all-is-whale-dependencies-'))
after(async () => {
  registry.close()
  await rm(root, { recursive: true, force: true })
})
process.env['npm_config_registry'] = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`
process.env['npm_config_cache'] = path.join(root, 'cache')
process.env['npm_config_fetch_retries'] = '0'
process.env['npm_config_audit'] = 'true'

/** Two packages with lock files, one inside the other as `infra/` is inside the product. */
async function lay(tide: string, knots: string): Promise<void> {
  const write = async (folder: string, dependency: string, version: string) => {
    await mkdir(path.join(root, folder), { recursive: true })
    const own = { name: folder || 'product', version: '1.0.0', dependencies: { [dependency]: version } }
    await writeFile(path.join(root, folder, 'package.json'), JSON.stringify(own))
    const packages = {
      '': own,
      [`node_modules/${dependency}`]: { version, resolved: 'http://127.0.0.1/none.tgz', license: 'MIT' },
    }
    const lock = { name: own.name, version: '1.0.0', lockfileVersion: 3, requires: true, packages }
    await writeFile(path.join(root, folder, 'package-lock.json'), JSON.stringify(lock))
  }
  await write('', 'tide-table', tide)
  await write('beside', '@tidewater/knots', knots)
}

const now = new Date('2026-11-30T12:00:00Z')
const reason = (change: Partial<Accepted> = {}): Accepted => ({
  id: 'GHSA-aaaa-bbbb-cccc',
  package: 'tide-table',
  reason: 'It is only asked for months that we write ourselves.',
  on: '2026-11-30',
  until: '2027-02-28',
  ...change,
})

test('every lock file is asked about, and what the registry knows becomes findings that fail the gate', async () => {
  await lay('1.1.0', '2.0.3')
  const known = await refreshed(root, now)
  assert.ok(known)
  assert.deepEqual(new Set(asked), new Set(['tide-table', '@tidewater/knots']))
  assert.deepEqual(
    known.findings.map(({ id, package: name, folder, severity, versions }) => [id, name, folder, severity, versions]),
    [
      ['GHSA-aaaa-bbbb-cccc', 'tide-table', '', 'high', ['1.1.0']],
      ['npm-1100002', '@tidewater/knots', 'beside', 'moderate', ['2.0.3']],
    ],
  )
  const { failures, warnings } = judge(known, [], await locksOf(root), now)
  assert.match(failures[0]!, /tide-table 1\.1\.0 in \.: high, Reads past the end.*Update it, or write a dated reason/)
  assert.match(failures[1]!, /@tidewater\/knots 2\.0\.3 in beside/)
  assert.equal(failures.length, 2)
  assert.deepEqual(warnings, [])
})

test('a finding is over with its version, and nothing is found where nothing is wrong', async () => {
  await lay('1.1.0', '2.0.3')
  const known = (await refreshed(root, now))!
  await lay('1.2.0', '2.0.5')
  assert.deepEqual(judge(known, [], await locksOf(root), now).failures, [], 'the list is the one from before')
  assert.deepEqual((await refreshed(root, now))!.findings, [])
})

test('a dated reason holds until its day, for its own finding', async () => {
  await lay('1.1.0', '2.0.5')
  const known = (await refreshed(root, now))!
  const locks = await locksOf(root)
  const failures = (accepted: Accepted[], at = now) => judge(known, accepted, locks, at).failures
  assert.deepEqual(failures([reason()]), [])
  assert.deepEqual(failures([reason()], new Date('2027-02-28T23:59:59Z')), [])
  assert.match(failures([reason()], new Date('2027-03-01T00:00:00Z'))[0]!, /accepted until 2027-02-28/)
  assert.match(failures([reason({ id: 'GHSA-zzzz-zzzz-zzzz' })])[0]!, /write a dated reason/)
  assert.match(failures([reason({ on: '' })])[0]!, /needs two days/)
  assert.match(failures([reason({ until: '2028-01-01' })])[0]!, /holds 183 at most/)
  assert.match(failures([reason({ reason: 'no' })])[0]!, /needs a reason in words/)
})

test('an old list and a reason that is over are warnings, not failures', async () => {
  await lay('1.2.0', '2.0.5')
  const locks = await locksOf(root)
  const at = (refreshedAt: string | null, accepted: Accepted[] = []) =>
    judge({ refreshedAt, findings: [] } satisfies Known, accepted, locks, now)
  assert.deepEqual(at('2026-10-31T12:00:00Z'), { failures: [], warnings: [] })
  assert.match(at('2026-10-30T11:00:00Z').warnings[0]!, /31 days old/)
  assert.match(at(null).warnings[0]!, /never been refreshed/)
  assert.match(at('2026-11-30T00:00:00Z', [reason()]).warnings[0]!, /no finding any more/)
  for (const verdict of [at('2026-10-30T11:00:00Z'), at(null), at('2026-11-30T00:00:00Z', [reason()])])
    assert.deepEqual(verdict.failures, [])
})

test('a registry that does not answer leaves the list as it was', async () => {
  await lay('1.1.0', '2.0.3')
  answers = false
  try {
    assert.equal(await refreshed(root, now), null)
  } finally {
    answers = true
  }
  assert.ok(await refreshed(root, now))
})

test('npm lists what a lock file holds as CycloneDX', async () => {
  await lay('1.1.0', '2.0.3')
  const bom = (await npmJson(path.join(root, 'beside'), ['sbom', '--sbom-format', 'cyclonedx'])) as {
    bomFormat: string
    components: { purl: string }[]
  }
  assert.equal(bom.bomFormat, 'CycloneDX')
  assert.deepEqual(
    bom.components.map(({ purl }) => purl),
    ['pkg:npm/%40tidewater/knots@2.0.3'],
  )
})
