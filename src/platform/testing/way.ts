import { connect, createServer, type Socket } from 'node:net'

/** A way to the database of the tests, in between which one can listen, and keep back. */
export interface Way {
  /** Its name and port. */
  readonly host: string
  /** From now on it lets nothing through, and tells nobody; or again everything. */
  swallow(yes: boolean): void
  /** Ends what is open, without a word. */
  cut(): void
  /** Connections so far. */
  connections(): number
  /** Everything that clients have sent so far. */
  sent(): string
  close(): Promise<void>
}

export async function wayTo(url: string): Promise<Way> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const sent: Buffer[] = []
  let silent = false
  let connections = 0
  const server = createServer((client) => {
    connections += 1
    const database = connect(Number(port), hostname)
    client.on('data', (data: Buffer) => sent.push(data))
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {}).on('close', () => to.destroy())
      from.on('data', (data) => silent || to.write(data))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    host: `127.0.0.1:${(server.address() as { port: number }).port}`,
    swallow: (yes) => {
      silent = yes
    },
    cut,
    connections: () => connections,
    sent: () => Buffer.concat(sent).toString('latin1'),
    close: () => {
      cut()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
