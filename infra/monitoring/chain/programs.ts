import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../src/platform/testing/nats-server.ts'
import { here, ruleFiles } from '../check/rules.ts'
import { quicker } from './quicker.ts'

/** A program that was started here, and ends with this process. */
export interface Running {
  process: ChildProcess
  words(): string
  end(signal?: NodeJS.Signals): Promise<void>
}

export function run(command: string, args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-20_000)))
  child.on('error', (error) => (words += String(error)))
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit').catch(() => {})
  return {
    process: child,
    words: () => words,
    async end(signal = 'SIGKILL') {
      child.kill(signal)
      await ended
      process.off('exit', kill)
    },
  }
}

export async function answers(url: string, running: Running, withinMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; ; await sleep(100)) {
    if ((await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => null))?.ok) return
    if (Date.now() > deadline || running.process.exitCode !== null)
      throw new Error(`${url} does not answer:\n${running.words().slice(-3_000)}`)
  }
}

/** The real Prometheus and Alertmanager, on the files of infra/monitoring/ with their durations divided by `by`. */
export async function startMonitoring(folder: string, targets: string[], receiverPort: number, by: number) {
  const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()]
  mkdirSync(path.join(folder, 'rules'), { recursive: true })
  mkdirSync(path.join(folder, 'targets'), { recursive: true })
  for (const file of ruleFiles())
    writeFileSync(path.join(folder, 'rules', path.basename(file)), quicker(readFileSync(file, 'utf8'), by))
  const empty = ['cert-sync', 'cloudwatch', 'probes']
  for (const name of empty) writeFileSync(path.join(folder, 'targets', `${name}.json`), '[]')
  writeFileSync(path.join(folder, 'targets', 'api.json'), JSON.stringify([{ targets }]))
  writeFileSync(
    path.join(folder, 'prometheus.yml'),
    quicker(readFileSync(path.join(here, 'prometheus.yml'), 'utf8'), by)
      .replaceAll('localhost:9090', `127.0.0.1:${prometheusPort}`)
      .replaceAll('localhost:9093', `127.0.0.1:${alertmanagerPort}`),
  )
  writeFileSync(
    path.join(folder, 'alertmanager.yml'),
    quicker(readFileSync(path.join(here, 'alertmanager.yml'), 'utf8'), by)
      .replace(/https:\/\/([a-z-]+)\.tidewater\.example\/all-is-whale/g, `http://127.0.0.1:${receiverPort}/$1`)
      // Nothing on the loopback address asks for a proof.
      .replace(/^ *http_config:\n *authorization:\n *credentials_file:.*\n/gm, ''),
  )
  const alertmanager = run('prometheus-alertmanager', [
    `--config.file=${path.join(folder, 'alertmanager.yml')}`,
    `--storage.path=${path.join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    '--cluster.listen-address=',
  ])
  const prometheus = run('prometheus', [
    `--config.file=${path.join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${path.join(folder, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
    // The defaults of 5 m, 1 m, 1 h and 10 m, divided too.
    `--query.lookback-delta=${Math.round(300_000 / by)}ms`,
    `--rules.alert.resend-delay=${Math.round(60_000 / by)}ms`,
  ])
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`
  await answers(`http://127.0.0.1:${alertmanagerPort}/-/ready`, alertmanager)
  await answers(`${prometheusUrl}/-/ready`, prometheus)
  return {
    prometheus,
    alertmanager,
    prometheusUrl,
    /** Names of alerts that sound now, whoever hears of them. */
    async sounding(): Promise<string[]> {
      const answer = await fetch(`${prometheusUrl}/api/v1/alerts`)
      const { data } = (await answer.json()) as {
        data: { alerts: { state: string; labels: Record<string, string> }[] }
      }
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname!)
    },
    async end() {
      await prometheus.end()
      await alertmanager.end()
    },
  }
}
