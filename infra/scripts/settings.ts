// Writes what Terraform made into the environment's one settings file:
//   node bin/run.mjs infra/scripts/settings.ts production
// Running it again changes only what changed. VERSION, ACME_* and who is called are an operator's own.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { chosenEnvironment, fillIn, settingsFile } from './settings-env.ts'

const environment = chosenEnvironment('infra/scripts/settings.ts')
const folder = path.resolve(import.meta.dirname, '../terraform/environments', environment)
const terraform = process.env.TERRAFORM ?? 'terraform'
const { status, stdout, error } = spawnSync(terraform, [`-chdir=${folder}`, 'output', '-raw', 'settings_env'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  encoding: 'utf8',
})
if (error) throw new Error(`${terraform} could not be run: ${error.message}.`)
if (status !== 0) process.exit(status ?? 1)

const file = settingsFile(environment)
const { text, changed } = fillIn(readFileSync(file, 'utf8'), stdout)
writeFileSync(file, text)
const shown = path.relative(process.cwd(), file)
process.stdout.write(
  changed.length === 0 ? `${shown} was up to date.\n` : `${shown}: ${changed.join(', ')} changed. Commit it.\n`,
)
