// What the real Terraform says, where it is installed: formatting always, and with the AWS provider in a plugin folder
// also `validate` and `test`, and with a moto server `plan`. Works on a copy, because `init` writes into the folder that it runs in.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { type Moto, planAgainstMoto, startMoto, stopMoto } from './moto.ts'

export interface Result {
  failures: string[]
  skipped: string[]
  done: string[]
}

/** Runs it in a folder; undefined when there is no such program. */
export type Terraform = (
  cwd: string,
  args: string[],
  env?: Record<string, string>,
) => Promise<{ code: number | null; output: string } | undefined>

const constraint = '"~> 6.0"'

/** `root` is infra/terraform, or a copy of it. */
export async function checkForReal(root: string): Promise<Result> {
  const result: Result = { failures: [], skipped: [], done: [] }
  const version = await run(root, ['version', '-json'])
  if (version === undefined) {
    result.skipped.push('terraform fmt, validate, test and plan: there is no terraform on PATH')
    return result
  }
  const unformatted = (await run(root, ['fmt', '-check', '-recursive', '-no-color']))!
  if (unformatted.code === 0) result.done.push('terraform fmt agrees')
  else
    result.failures.push(`terraform fmt -recursive would change: ${unformatted.output.trim().replaceAll('\n', ', ')}`)

  const plugins = pluginFolder()
  if (!plugins) {
    result.skipped.push(
      'terraform validate, test and plan: no folder with the AWS provider (TF_PLUGIN_DIR, ~/.terraform.d/plugins or /opt/tf-plugins)',
    )
    return result
  }
  const copy = mkdtempSync(path.join(tmpdir(), 'all-is-whale-terraform-'))
  try {
    await validateCopy(root, copy, plugins, result)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  return result
}

async function validateCopy(root: string, copy: string, plugins: Plugins, result: Result): Promise<void> {
  // Beside it stands what modules read from elsewhere in the repository.
  const at = path.join(copy, 'infra', 'terraform')
  // An operator's own settings, state and locked provider are not what is tested.
  const own = /[/\\](\.terraform(\.lock\.hcl)?|check)$|\.auto\.tfvars(\.json)?$|\.tfstate/
  cpSync(root, at, { recursive: true, filter: (file) => !own.test(file) })
  const beside = path.join(root, '..', '..', 'cert-sync', 'iam.json')
  if (existsSync(beside)) cpSync(beside, path.join(copy, 'cert-sync', 'iam.json'))
  if (!plugins.version.startsWith('6.')) {
    result.skipped.push(
      `terraform validate, test and plan with the provider that the configuration asks for (${constraint}): only ${plugins.version} is here, and that one was asked instead`,
    )
    for (const file of globSync('**/*.tf', { cwd: at })) {
      const name = path.join(at, file)
      writeFileSync(name, readFileSync(name, 'utf8').replaceAll(constraint, '">= 5.0"'))
    }
  }
  const folders = ['state', ...globSync('environments/*', { cwd: at })].sort()
  // The state's bucket belongs to an account.
  for (const folder of folders)
    writeFileSync(path.join(at, folder, 'state_override.tf'), 'terraform {\n  backend "local" {}\n}\n')
  const moto = startMoto()
  try {
    const waiting = [...folders]
    // Each takes a processor.
    const worker = async (): Promise<void> => {
      for (let folder = waiting.shift(); folder; folder = waiting.shift())
        await checkFolder(at, folder, plugins.path, moto, result)
    }
    await Promise.all([worker(), worker()])
  } finally {
    await stopMoto(moto, result)
  }
}

const hasTests = (folder: string): boolean => globSync('*.tftest.hcl', { cwd: folder }).length > 0

async function checkFolder(
  root: string,
  folder: string,
  plugins: string,
  moto: Promise<Moto | undefined>,
  result: Result,
): Promise<void> {
  const at = path.join(root, folder)
  const names = ['validate', ...(hasTests(at) ? ['test'] : [])]
  const steps = [
    ['init', '-input=false', '-no-color', `-plugin-dir=${plugins}`],
    ...names.map((name) => [name, '-no-color']),
  ]
  for (const step of steps) {
    const { code, output } = (await run(at, step))!
    if (code !== 0) {
      result.failures.push(`── terraform ${step[0]} in ${folder} ──\n${output.trim()}`)
      return
    }
  }
  result.done.push(`terraform ${names.join(' and ')} of ${folder}`)
  const server = await moto
  if (server) await planAgainstMoto(at, folder, server, run, result)
}

interface Plugins {
  path: string
  version: string
}

function pluginFolder(): Plugins | undefined {
  const places = [process.env.TF_PLUGIN_DIR, path.join(homedir(), '.terraform.d', 'plugins'), '/opt/tf-plugins']
  for (const place of places.filter((each) => each !== undefined && existsSync(each)) as string[]) {
    const versions = globSync('*/hashicorp/aws/*', { cwd: place }).map((each) => path.basename(each))
    const newest = versions.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1)
    if (newest) return { path: place, version: newest }
  }
  return undefined
}

const run: Terraform = (cwd, args, more = {}) => {
  // Nobody's settings: they could name mirrors or development builds.
  const own = { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null', TF_IN_AUTOMATION: '1' }
  const child = spawn('terraform', args, {
    cwd,
    env: { ...process.env, ...own, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => resolve({ code, output }))
  })
}
