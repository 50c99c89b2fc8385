import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Connections that come in one moment wait to be accepted. Those beyond the usual 511 try again after a second, health
 * checks among them.
 */
const backlog = 4096

/** Sockets that listen at each address, where the system can share one: Linux. */
const listeners = process.platform === 'linux' ? 16 : 1

/**
 * Has the server listen with several sockets at the same address. Node.js accepts one connection from each in a turn of
 * its event loop: with a single one, three hundred readers who came back at once were three hundred turns, and whoever
 * came behind them waited seconds on a busy process. The system spreads connections over the sockets.
 *
 * Throws what `listen` of `node:net` does: `EADDRINUSE` also where a second process of ours has the address, which sharing
 * would allow.
 */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<void> {
  if (listeners === 1) return void (await app.listen({ host, port, backlog }))
  if (port !== 0) await requireFree(host, port)
  const others: Server[] = []
  const closed: Promise<unknown>[] = []
  app.addHook('preClose', async () => {
    for (const other of others) {
      closed.push(once(other, 'close'))
      other.close()
    }
  })
  // Its connections end as those of the first socket do: answered, then told that they close.
  app.addHook('onClose', async () => void (await Promise.all(closed)))
  // Handed on to `node:net`; fastify's types do not have it.
  const shared = { host, port, backlog, reusePort: true }
  await app.listen(shared)
  for (const { address, port: given } of app.addresses() as AddressInfo[])
    for (let n = 1; n < listeners; n += 1) {
      const other = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
        app.server.emit('connection', socket),
      )
      other.listen({ host: address, port: given, backlog, reusePort: true })
      await once(other, 'listening')
      others.push(other)
    }
}

async function requireFree(host: string, port: number): Promise<void> {
  const probe = createServer().listen({ host, port })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}
