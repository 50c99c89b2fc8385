import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startPlace } from '../attack/place.ts'
import { setupCode } from '../src/platform/testing/setup-code.ts'

// `npm run check:typed-client`: makes types of the `/openapi.json` of a real place, compiles a client against them, and
// runs it there. TypeScript 5, which the generator needs, lives in this folder's own node_modules.

const here = import.meta.dirname
const tool = (name: string): string => path.join(here, 'node_modules', '.bin', name)
const say = (line: string): void => void process.stderr.write(`${line}\n`)
process.once('SIGTERM', () => process.exit(130))
process.once('SIGINT', () => process.exit(130))

const place = await startPlace()
process.exitCode = (await check(place.origin)) ? 0 : 1
await place.stop()

async function check(origin: string): Promise<boolean> {
  const document = await (await fetch(`${origin}/openapi.json`)).text()
  await mkdir(path.join(here, 'generated'), { recursive: true })
  await writeFile(path.join(here, 'generated', 'openapi.json'), document)
  return (
    passes('types are made of the document', [
      tool('openapi-typescript'),
      'generated/openapi.json',
      '--output',
      'generated/api.ts',
    ]) &&
    passes('a client compiles against them', [tool('tsc'), '--project', 'tsconfig.json']) &&
    passes('the client runs', ['program.ts', origin, setupCode])
  )
}

function passes(what: string, args: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: here, encoding: 'utf8', timeout: 60_000 })
  say(`${status === 0 ? '✔' : '✖'} ${what}`)
  if (status !== 0) say(`${stdout}${stderr}`)
  return status === 0
}
