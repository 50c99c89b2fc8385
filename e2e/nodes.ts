import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../src/platform/db/embedded/start.ts'
import { natsServer } from '../src/platform/testing/nats-server.ts'
import { start, stop } from './place.ts'

// A place of several API processes, as in production: one database, a bus, and a balancer that people come through.

export type BusKind = 'notify' | 'nats' | 'in-process'

export interface Nodes {
  /** A balancer for each process: its connections go there, and to the next while it is gone. */
  readonly origins: readonly string[]
  /** The process that this origin leads to first is lost, and nothing takes its place until `revive`. */
  kill(index: number): Promise<void>
  revive(index: number): Promise<void>
  stop(): Promise<void>
}

export async function startNodes(bus: BusKind, count = 3): Promise<Nodes> {
  const folder = await mkdtemp(path.join(tmpdir(), 'whale-e2e-nodes-'))
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
  const nats = bus === 'nats' ? await natsServer() : null
  const env = { DATABASE_URL: postgres.url, BUS: bus, ...(nats && { NATS_URL: nats.url }) }
  const nodes: { port: number; process: ChildProcess }[] = []
  const begin = async () => {
    const { origin, process } = await start(folder, env)
    return { port: Number(new URL(origin).port), process }
  }
  // One after the other: the first makes the schema.
  for (let n = 0; n < count; n += 1) nodes.push(await begin())

  const isUp = ({ process }: (typeof nodes)[number]) => process.exitCode === null && process.signalCode === null
  const balancers = await Promise.all(
    nodes.map((_, index) =>
      balancer(() => [...nodes.slice(index), ...nodes.slice(0, index)].find(isUp)?.port ?? nodes[index]!.port),
    ),
  )
  return {
    origins: balancers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async kill(index) {
      const { process } = nodes[index]!
      const ended = once(process, 'exit')
      process.kill('SIGKILL')
      await ended
    },
    async revive(index) {
      nodes[index] = await begin()
    },
    async stop() {
      for (const server of balancers) server.close()
      for (const { process } of nodes) await stop(process)
      await nats?.stop()
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Takes every new connection to the port that `target` names at that moment. */
async function balancer(target: () => number): Promise<Server> {
  const server = createServer((client) => {
    const node = connect(target(), '127.0.0.1')
    for (const [from, to] of [
      [client, node],
      [node, client],
    ] as [Socket, Socket][]) {
      from.on('error', () => {})
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
