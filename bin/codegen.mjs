// Writes src/platform/db/schema.ts, the types of the tables, from a database that has all migrations.
// `node bin/run.mjs bin/codegen.mjs` after a change of migrations/; a test notices when it was forgotten.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { at } from './place.mjs'

const out = process.argv[2] ?? at('src/platform/db/schema.ts')
const options = [
  '--dialect=postgres',
  '--numeric-parser=number',
  `--type-mapping=${JSON.stringify({ int8: 'number' })}`,
  '--exclude-pattern=migrations',
  '--log-level=error',
]
const folder = mkdtempSync(join(tmpdir(), 'whale-codegen-'))
const { startEmbeddedPostgres } = await import(pathToFileURL(at('src/platform/db/embedded/start.ts')).href)
const { migrate } = await import(pathToFileURL(at('src/platform/db/migrate.ts')).href)
const postgres = await startEmbeddedPostgres(join(folder, 'postgres'), { durable: false })
try {
  await migrate(postgres.url)
  const { status } = spawnSync(
    process.execPath,
    [at('node_modules/kysely-codegen/dist/cli/bin.js'), '--url', postgres.url, '--out-file', out, ...options],
    { stdio: 'inherit' },
  )
  process.exitCode = status ?? 1
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
