// `npm run check:deps`: lists what we are made of (CycloneDX, in dist/sbom/, not committed), and fails on a known
// vulnerability without a dated reason. It asks nobody: a gate does not turn red by itself overnight.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Accepted, judge, type Known } from './judge.ts'
import { locksOf, npmJson } from './npm.ts'

const root = path.resolve(import.meta.dirname, '..')
const say = (line: string) => process.stdout.write(`${line}\n`)
const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(path.join(import.meta.dirname, name), 'utf8'))

const locks = await locksOf(root)
const { failures, warnings } = judge(
  (await read('known.json')) as Known,
  (await read('accepted.json')) as Accepted[],
  locks,
  new Date(),
)

const out = path.join(root, 'dist', 'sbom')
await mkdir(out, { recursive: true })
for (const folder of locks.keys()) {
  const bom = (await npmJson(path.join(root, folder), ['sbom', '--sbom-format', 'cyclonedx'])) as {
    components?: unknown[]
  } | null
  if (!bom?.components?.length) {
    failures.push(`npm makes no SBOM of ${folder || 'the product'}.`)
    continue
  }
  const file = path.join(out, `${folder || 'all-is-whale'}.cdx.json`)
  await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`)
  say(`${path.relative(root, file)}: ${bom.components.length} packages`)
}
for (const line of warnings) say(`WARNING: ${line}`)
for (const line of failures) say(`✖ ${line}`)
if (failures.length) process.exitCode = 1
else say('No known vulnerability without a reason.')
