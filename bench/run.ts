// `npm run bench -- reading`: runs one measurement by its name. Each prints a table and leaves nothing behind.
import { readdir } from 'node:fs/promises'

const [name = ''] = process.argv.slice(2)
const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3))
if (names.includes(name)) await import(`./${name}.ts`)
else {
  process.stderr.write(`Say what to measure: npm run bench -- ${names.join(' | ')}\n`)
  process.exitCode = 1
}
