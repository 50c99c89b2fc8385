import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPostgres } from '../../../faults/cluster/postgres.ts'
import { openLink } from '../../../faults/cluster/proxy.ts'
import { userName } from '../../../src/platform/db/embedded/data-folder.ts'
import { freePort, natsServer } from '../../../src/platform/testing/nats-server.ts'
import { setupCode } from '../../../src/platform/testing/setup-code.ts'
import { answers, run, type Running } from './programs.ts'

const main = path.resolve(import.meta.dirname, '../../../src/main.ts')

export type Place = Awaited<ReturnType<typeof openPlace>>
export type Node = Place['nodes'][number]

/** PostgreSQL, NATS and API processes, each a process of its own, with links between them that can be made bad. */
export async function openPlace(folder: string, count: number) {
  const postgres = await openPostgres(path.join(folder, 'postgres'))
  await postgres.start()
  const nats = await natsServer()
  const toDatabase = await openLink('to the database')
  toDatabase.leadTo(postgres.port)
  const toBus = await openLink('to the bus')
  toBus.leadTo(Number(new URL(nats.url).port))

  const openNode = async (number: number) => {
    const [port, metricsPort] = [await freePort(), await freePort()]
    const start = () =>
      run(process.execPath, [main], {
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        SERVE_UI: 'off',
        LOG_LEVEL: 'warn',
        SETUP_CODE: setupCode,
        DATA_DIR: folder,
        DATABASE_URL: `postgres://${userName}:${postgres.password}@127.0.0.1:${toDatabase.port}/postgres`,
        BUS: 'nats',
        NATS_URL: `nats://127.0.0.1:${toBus.port}`,
        REQUESTS_PER_MINUTE: '1000000',
        REQUESTS_PER_MINUTE_OF_ADDRESS: '1000000',
        SENDS_PER_MINUTE: '1000000',
      })
    let running: Running = start()
    const url = `http://127.0.0.1:${port}`
    const ready = () => answers(`${url}/readyz`, running, 30_000)
    await ready()
    return {
      number,
      url,
      metrics: `127.0.0.1:${metricsPort}`,
      hang: () => void running.process.kill('SIGSTOP'),
      kill: () => running.end('SIGKILL'),
      words: () => running.words(),
      async start() {
        running = start()
        await ready()
      },
    }
  }
  // One after the other: the first brings the schema up to date.
  const nodes: Awaited<ReturnType<typeof openNode>>[] = []
  for (let number = 1; number <= count; number += 1) nodes.push(await openNode(number))
  return {
    postgres,
    nats,
    toDatabase,
    toBus,
    nodes,
    async close() {
      for (const node of nodes) await node.kill()
      await nats.stop()
      toDatabase.close()
      toBus.close()
      await postgres.end('SIGINT')
      await sleep(50)
    },
  }
}
