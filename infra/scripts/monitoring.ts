// Installs or upgrades the monitoring in an environment's cluster:
//   node bin/run.mjs infra/scripts/monitoring.ts production
// Further words go to helm (`--values infra/monitoring/values-remote-amp.yaml`). Running it again changes only what
// changed. Nothing is edited by hand: names, region and receivers come from the environment's settings.env.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { forPlace, settingsForMonitoring } from './monitoring-files.ts'
import { chosenEnvironment, readSettings } from './settings-env.ts'

const chart = ['kube-prometheus-stack', '--repo', 'https://prometheus-community.github.io/helm-charts']
const version = '88.5.0'

const kubectl = process.env.KUBECTL ?? 'kubectl'
const helm = process.env.HELM ?? 'helm'
const infra = path.resolve(import.meta.dirname, '..')

/** Runs a program to its end, and ends this one with it if it fails. Its output is shown, or handed back. */
function run(program: string, args: string[], { input, quiet = false }: { input?: string; quiet?: boolean } = {}) {
  const output = quiet ? 'pipe' : 'inherit'
  const stdio = [input === undefined ? 'inherit' : 'pipe', output, 'inherit'] as const
  const { status, stdout, error } = spawnSync(program, args, { stdio: [...stdio], input, encoding: 'utf8' })
  if (error) end(`${program} could not be run: ${error.message}.`)
  if (status !== 0) process.exit(status ?? 1)
  return stdout
}

function end(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

const environment = chosenEnvironment('infra/scripts/monitoring.ts')
const settings = readSettings(environment)
const lacking = settingsForMonitoring.filter((name) => !settings[name])
if (lacking.length > 0) end(`${environment}/settings.env says nothing for ${lacking.join(', ')}.`)
const at = (...parts: string[]): string => path.join(infra, ...parts)

// An alert about the wrong cluster is worse than none.
const speaksTo = run(kubectl, ['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].name}'], { quiet: true })
if (!speaksTo.endsWith(`/${settings['CLUSTER']}`))
  end(`kubectl speaks to ${speaksTo}, not to ${settings['CLUSTER']}: aws eks update-kubeconfig changes that.`)

run(kubectl, ['apply', '-f', at('monitoring/kubernetes/namespace.yaml'), '-f', at('kubernetes/addons/gp3.yaml')])
const receivers = ['-n', 'monitoring', 'get', 'secret', 'receivers', '--ignore-not-found', '-o', 'name']
if (run(kubectl, receivers, { quiet: true }) === '')
  end('The Secret "receivers" is not there yet: infra/monitoring/README.md says what it holds.')

const folder = mkdtempSync(path.join(tmpdir(), 'all-is-whale-'))
try {
  const values = ['values.yaml', 'values-alertmanager.yaml'].flatMap((name) => {
    const file = path.join(folder, name)
    writeFileSync(file, forPlace(readFileSync(at('monitoring', name), 'utf8'), settings))
    return ['--values', file]
  })
  const release = ['upgrade', 'kube-prometheus-stack', ...chart, '--install', '--namespace', 'monitoring']
  run(helm, [...release, '--version', version, '--wait', '--timeout', '15m', ...values, ...process.argv.slice(3)])
} finally {
  rmSync(folder, { recursive: true, force: true })
}

// After the chart, which brings the kinds that these are of. Server-side, because dashboards are longer than what
// kubectl would else write down beside them.
for (const part of ['kubernetes', 'dashboards']) {
  const objects = forPlace(run(kubectl, ['kustomize', at('monitoring', part)], { quiet: true }), settings)
  run(kubectl, ['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: objects })
}
