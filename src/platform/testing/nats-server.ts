import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProgram } from '#platform/db/embedded/program.ts'

/** A NATS server on the loopback address, with a port that stays the same. It ends with this process. */
export interface NatsServer {
  readonly url: string
  /** SIGTERM, or SIGKILL as when the machine is lost; resolves when it has ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Resolves when it takes connections again. */
  start(): Promise<void>
}

/** Debian's package puts it where only root looks for programs. */
const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin']
const binary = places.map((place) => path.join(place, 'nats-server')).find((file) => existsSync(file))

let hasSaid = false

/** Whether tests with NATS can run. Says so once when they cannot; where everything must run, that is a failure. */
export function hasNats(): boolean {
  if (binary) return true
  const what = 'The tests of the NATS bus need nats-server: apt-get install nats-server'
  if (process.env.CI) throw new Error(what)
  if (!hasSaid) process.stderr.write(`\nSKIPPED: ${what}\n\n`)
  hasSaid = true
  return false
}

/** Starts one. Ask `hasNats` first, and stop it in an `after` hook. */
export async function natsServer(flags: readonly string[] = []): Promise<NatsServer> {
  if (!binary) throw new Error('There is no nats-server.')
  const port = await freePort()
  const command = [binary, '--addr', '127.0.0.1', '--port', String(port), ...flags]
  let running: ReturnType<typeof startProgram> | undefined
  const server: NatsServer = {
    url: `nats://127.0.0.1:${port}`,
    async stop(signal = 'SIGTERM') {
      const program = running
      running = undefined
      if (!program || program.process.exitCode !== null) return
      program.keepAlive(true)
      const exit = once(program.process, 'exit')
      program.process.kill(signal)
      await exit
      program.release()
    },
    async start() {
      const program = startProgram({ prefix: [], ids: undefined }, command)
      running = program
      let log = ''
      program.process.stdout?.resume()
      program.process.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text))
      for (const deadline = Date.now() + 10_000; !(await answers(port)); await sleep(20))
        if (Date.now() > deadline || program.process.exitCode !== null) throw new Error(`nats-server failed: ${log}`)
      program.keepAlive(false)
    },
  }
  await server.start()
  return server
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'data')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
