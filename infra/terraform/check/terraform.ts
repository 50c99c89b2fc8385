// What the real Terraform says, where it is installed: formatting always, and with the AWS provider in a plugin folder
// also `validate` and `test` with mocks. Works on a copy, because `init` writes into the folder that it runs in.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'

export interface Result {
  failures: string[]
  skipped: string[]
  done: string[]
}

const constraint = '"~> 6.0"'

/** `root` is infra/terraform, or a copy of it. */
export function checkForReal(root: string): Result {
  const result: Result = { failures: [], skipped: [], done: [] }
  const version = run(root, ['version', '-json'])
  if (version === undefined) {
    result.skipped.push('terraform fmt, validate and test: there is no terraform on PATH')
    return result
  }
  const unformatted = run(root, ['fmt', '-check', '-recursive', '-no-color'])!
  if (unformatted.code === 0) result.done.push('terraform fmt agrees')
  else
    result.failures.push(`terraform fmt -recursive would change: ${unformatted.output.trim().replaceAll('\n', ', ')}`)

  const plugins = pluginFolder()
  if (!plugins) {
    result.skipped.push(
      'terraform validate and test: no folder with the AWS provider (TF_PLUGIN_DIR, ~/.terraform.d/plugins or /opt/tf-plugins)',
    )
    return result
  }
  const copy = mkdtempSync(path.join(tmpdir(), 'all-is-whale-terraform-'))
  try {
    validateCopy(root, copy, plugins, result)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  return result
}

function validateCopy(root: string, copy: string, plugins: Plugins, result: Result): void {
  // Beside it stands what modules read from elsewhere in the repository.
  const at = path.join(copy, 'infra', 'terraform')
  cpSync(root, at, { recursive: true, filter: (file) => !/[/\\](\.terraform|check)$/.test(file) })
  const beside = path.join(root, '..', '..', 'cert-sync', 'iam.json')
  if (existsSync(beside)) cpSync(beside, path.join(copy, 'cert-sync', 'iam.json'))
  if (!plugins.version.startsWith('6.')) {
    result.skipped.push(
      `terraform validate and test with the provider that the configuration asks for (${constraint}): only ${plugins.version} is here, and that one was asked instead`,
    )
    for (const file of globSync('**/*.tf', { cwd: at })) {
      const name = path.join(at, file)
      writeFileSync(name, readFileSync(name, 'utf8').replaceAll(constraint, '">= 5.0"'))
    }
  }
  for (const folder of ['state', ...globSync('environments/*', { cwd: at })].sort()) {
    const says = checkFolder(path.join(at, folder), plugins.path)
    if (says) result.failures.push(`── terraform in ${folder} ──\n${says}`)
    else result.done.push(`terraform validate${hasTests(path.join(at, folder)) ? ' and test' : ''} of ${folder}`)
  }
}

const hasTests = (folder: string): boolean => globSync('*.tftest.hcl', { cwd: folder }).length > 0

function checkFolder(folder: string, plugins: string): string | undefined {
  const steps = [
    ['init', '-backend=false', '-input=false', '-no-color', `-plugin-dir=${plugins}`],
    ['validate', '-no-color'],
    ...(hasTests(folder) ? [['test', '-no-color']] : []),
  ]
  for (const step of steps) {
    const { code, output } = run(folder, step)!
    if (code !== 0) return output.trim()
  }
  return undefined
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

/** Undefined when there is no such program. */
function run(cwd: string, args: string[]): { code: number | null; output: string } | undefined {
  // Nobody's settings: they could name mirrors or development builds.
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null', TF_IN_AUTOMATION: '1' }
  const { status, stdout, stderr, error } = spawnSync('terraform', args, { cwd, env, encoding: 'utf8' })
  return error ? undefined : { code: status, output: `${stdout}${stderr}` }
}
