import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { wideEnv } from '#platform/testing/wide-limits.ts'

/** A running API process: src/main.ts as it is, with the limits out of the way. */
export interface Api {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/** `BENCH_NODE_OPTIONS` goes to it, `--cpu-prof` for one: the profile is in the working directory once it has stopped. */
export async function startApi(
  databaseUrl: string,
  { env = {}, flags = [] }: { env?: Record<string, string>; flags?: readonly string[] } = {},
): Promise<Api> {
  const own = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? []
  const child = spawn(process.execPath, [...own, ...flags, 'src/main.ts'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      BUS: 'in-process',
      PORT: '0',
      METRICS_PORT: 'off',
      SERVE_UI: 'off',
      LOG_LEVEL: 'error',
      ...wideEnv,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      const [, found] = /All is Whale is at http:\/\/[^:]+:(\d+)/.exec(said) ?? []
      if (found) resolve(Number(found))
    })
    child.once('exit', (code) => reject(new Error(`The API did not start (${code}): ${said}`)))
  })
  // Whatever ends this process must not leave the other.
  const cut = () => child.kill('SIGKILL')
  process.once('exit', cut)
  child.stderr.removeAllListeners('data').on('data', (data: Buffer) => process.stderr.write(data))
  return {
    port,
    pid: child.pid!,
    async stop() {
      if (child.exitCode !== null) return
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
      process.removeListener('exit', cut)
    },
  }
}
