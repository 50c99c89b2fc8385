import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')
const read = (name: string) => readFile(path.join(root, name), 'utf8')

/** What is wrong with the files and tests that a document names, as sentences. */
async function complaints(text: string): Promise<string[]> {
  const found: string[] = []
  for (const [, name = '', title] of text.matchAll(/`([\w.@-]+(?:\/[\w.@-]+)*\/?[\w.-]*)`(?: “([^”]+)”)?/g)) {
    const isPath = /^[\w.@-]+\//.test(name) || /^[A-Z]+\.md$/.test(name)
    if (!isPath) continue
    if (!existsSync(path.join(root, name))) found.push(`${name} is not there`)
    else if (title !== undefined && !(await read(name)).includes(title)) found.push(`${name} has no test “${title}”`)
  }
  for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g))
    if (!existsSync(path.join(root, 'docs', link)) && !existsSync(path.join(root, link)))
      found.push(`${link} is not there`)
  return found
}

test('every file and test that docs/security.md and SECURITY.md name is there', async () => {
  for (const name of ['docs/security.md', 'SECURITY.md']) assert.deepEqual(await complaints(await read(name)), [], name)
  assert.deepEqual(await complaints('`src/app.ts`, `src/nowhere.ts`, [why](decisions/never.md)'), [
    'src/nowhere.ts is not there',
    'decisions/never.md is not there',
  ])
  assert.match((await complaints('`src/app.ts` “a test of no such name”'))[0]!, /has no test/)
})

/** Requirements of level 1 and 2 in each chapter of ASVS 5.0.0. */
const requirements = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7] as const

test('each requirement of ASVS 5.0 of level 1 and 2 has one row, and each row a place or a reason', async () => {
  const rows = [
    ...(await read('docs/security.md')).matchAll(
      /^\| (\d+)\.(\d+)\.(\d+) \| ([12]) \| (.+) \| (yes|partly|open|n\/a) \| (.+) \|$/gm,
    ),
  ]
  const counts = requirements.map((_, index) => rows.filter(([, chapter]) => Number(chapter) === index + 1).length)
  assert.deepEqual(counts, requirements)
  assert.equal(new Set(rows.map(([, ...number]) => number.slice(0, 3).join('.'))).size, rows.length)
  assert.equal(rows.filter(([, , , , level]) => level === '1').length, 70)
})
