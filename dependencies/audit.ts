// `npm run audit:deps`: asks the registry what is known about the packages in our lock files, and keeps the answer in
// known.json, which is committed. A registry that does not answer changes nothing and fails nothing.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { refreshed } from './refresh.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const known = await refreshed(path.resolve(import.meta.dirname, '..'), new Date())
if (known) {
  await writeFile(path.join(import.meta.dirname, 'known.json'), `${JSON.stringify(known, null, 2)}\n`)
  for (const { package: name, id, severity, title } of known.findings) say(`${name}: ${severity}, ${title} (${id})`)
  say(`${known.findings.length} findings, written to dependencies/known.json. npm run check:deps judges them.`)
} else say('WARNING: this registry does not answer about vulnerabilities. The list stays as it was.')
