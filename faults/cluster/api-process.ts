import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setupCode } from '#platform/testing/setup-code.ts'
import { wideEnv } from '#platform/testing/wide-limits.ts'
import type { Link } from './proxy.ts'

const main = path.resolve(import.meta.dirname, '../../src/main.ts')
const preload = path.resolve(import.meta.dirname, 'preload.ts')

/** An API process that is started again whenever it ends, as an orchestrator would. */
export interface ApiProcess {
  readonly number: number
  readonly clients: Link
  readonly url: string
  readonly state: 'up' | 'starting' | 'down'
  /** What it wrote last, to be shown when something is wrong. */
  readonly lastWords: string
  /** Ends it, and has it stay down for so long (ms). */
  end(signal: 'SIGKILL' | 'SIGTERM', downMs: number): void
  /** Ends it with SIGTERM and starts it again at once; resolves with how it ended when it is ready. */
  restart(): Promise<{ code: number | null; endedAt: number; readyAt: number }>
  /** Resolves when what runs now has ended. */
  gone(): Promise<void>
  pause(): void
  resume(): void
  stepClock(ms: number): void
  /** Resolves when it says that it is ready. */
  ready(withinMs: number): Promise<void>
  stop(): Promise<void>
}

export function superviseApi(
  number: number,
  clients: Link,
  /** Asked at each start. */
  env: () => Record<string, string>,
  root: string,
  says: (line: string) => void,
): ApiProcess {
  let child: ChildProcess | null = null
  let state: ApiProcess['state'] = 'down'
  let stopped = false
  let downMs = 0
  let log = ''
  const keepLog = (text: string) => (log = (log + text).slice(-20_000))

  const run = async () => {
    for (;;) {
      const { DATABASE_URL: _, NATS_URL: __, BUS: ___, NODE_TEST_CONTEXT: ____, ...inherited } = process.env
      state = 'starting'
      log = ''
      // With the harness it ends, too, however that ends.
      const started = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, '--import', preload, main], {
        env: {
          ...inherited,
          DATA_DIR: root,
          PORT: '0',
          METRICS_PORT: 'off',
          SERVE_UI: 'off',
          LOG_LEVEL: 'warn',
          SETUP_CODE: setupCode,
          ...wideEnv,
          STREAMS_PER_ACCOUNT: '1000',
          // It is started dozens of times, and the machine's two cores serve the clients too.
          NODE_COMPILE_CACHE: path.join(root, 'compiled'),
          ...env(),
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      child = started
      started.on('error', () => {})
      started.stdout!.setEncoding('utf8').on('data', keepLog)
      started.stderr!.setEncoding('utf8').on('data', (text: string) => {
        keepLog(text)
        const [, port] = /All is Whale is at http:\S+:(\d+)/.exec(text) ?? []
        if (!port) return
        clients.leadTo(Number(port))
        state = 'up'
      })
      const [code, signal] = (await once(started, 'exit')) as [number | null, string | null]
      clients.leadTo(null)
      state = 'down'
      child = null
      if (stopped) return
      // It stops with 1 where PostgreSQL is away while it starts; what it says tells that from a crash.
      if (code !== null && code !== 0) says(`process ${number} ended with code ${code}:\n${log.slice(-1_500).trim()}`)
      else if (signal && signal !== 'SIGKILL') says(`process ${number} ended by ${signal}`)
      await sleep(downMs || 300)
      downMs = 0
    }
  }
  const running = run()
  const tell = (signal: NodeJS.Signals) => child?.kill(signal)
  // One that is paused does not notice that the harness has gone.
  const kill = () => void tell('SIGKILL')
  process.once('exit', kill)

  return {
    number,
    clients,
    url: `http://127.0.0.1:${clients.port}`,
    get state() {
      return state
    },
    get lastWords() {
      return log
    },
    end(signal, ms) {
      downMs = ms
      tell('SIGCONT')
      tell(signal)
    },
    async gone() {
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
    async restart() {
      downMs = 1
      const ending = child
      if (!ending) throw new Error(`Process ${number} is not there.`)
      const exit = once(ending, 'exit') as Promise<[number | null, string | null]>
      ending.kill('SIGTERM')
      const [code] = await exit
      const endedAt = performance.now()
      // Until another one answers: this one's door is closed, and leads nowhere until then.
      await this.ready(60_000)
      return { code, endedAt, readyAt: performance.now() }
    },
    pause: () => void tell('SIGSTOP'),
    resume: () => void tell('SIGCONT'),
    stepClock: (ms) => child?.connected && child.send({ stepMs: ms }, () => {}),
    async ready(withinMs) {
      for (const deadline = Date.now() + withinMs; ; await sleep(50)) {
        const answer = await fetch(`http://127.0.0.1:${clients.port}/readyz`, { signal: AbortSignal.timeout(1_000) })
          .then(async (response) => ({ ok: response.ok, says: `${response.status} ${await response.text()}` }))
          .catch((error: Error) => ({
            ok: false,
            says: `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`,
          }))
        if (answer.ok) return
        if (Date.now() > deadline)
          throw new Error(
            `Process ${number}, ${state}, is not ready after ${withinMs} ms: ${answer.says}\n${log.slice(-2_000)}`,
          )
      }
    },
    async stop() {
      stopped = true
      tell('SIGCONT')
      tell('SIGKILL')
      await running
      process.off('exit', kill)
    },
  }
}
