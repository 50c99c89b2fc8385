import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** How a link behaves. `hang`: nothing gets through until it ends, and then all of it does, as after lost packets. */
export type Weather =
  | { kind: 'fair' }
  | { kind: 'slow'; ms: number }
  | { kind: 'hang' }
  | { kind: 'refuse' }
  /** Only connections whose first bytes hold this are refused, and those that are open are reset. */
  | { kind: 'refuse some'; who: string }

/** A link between two parties, on the loopback address, that can be made bad. */
export interface Link {
  readonly name: string
  readonly port: number
  /** Where new connections lead from now on; null: nowhere, they are reset. */
  leadTo(port: number | null): void
  become(weather: Weather): void
  /** Every connection that is open ends at once, without a goodbye. */
  reset(): void
  /**
   * Every connection that is open falls silent for ever: what is said on it is taken and dropped, and nobody is told.
   * The server's end notices after a while, as keep-alive probes of its kernel would; the other end never does.
   */
  vanish(): void
  /** The other end, too, learns of those that fell silent, as its own kernel would tell it in the end. */
  giveUpSilent(): void
  close(): void
}

/** When the kernel of a server has given up a connection on which nothing is answered (ms). */
const noticedAfter = 10_000

interface Pair {
  near: Socket
  far: Socket
  hasVanished: boolean
  /** The first bytes of whoever connected. */
  greeting: string
}

export async function openLink(name: string): Promise<Link> {
  let target: number | null = null
  let weather: Weather = { kind: 'fair' }
  const pairs = new Set<Pair>()

  const isUnwanted = ({ greeting }: Pair) => weather.kind === 'refuse some' && greeting.includes(weather.who)
  const reset = (pair: Pair) => {
    pairs.delete(pair)
    pair.near.resetAndDestroy()
    pair.far.resetAndDestroy()
  }
  const end = (pair: Pair) => {
    if (pair.hasVanished) return
    pairs.delete(pair)
    pair.near.destroy()
    pair.far.destroy()
  }
  const carry = (from: Socket, to: Socket, pair: Pair) => {
    // In order, also when a slow link becomes a fast one: what waits goes first. null: the sender is done.
    const waiting: { due: number; bytes: Buffer | null }[] = []
    let timer: NodeJS.Timeout | undefined
    const send = () => {
      timer = undefined
      const now = performance.now()
      while (!pair.hasVanished && waiting[0] && waiting[0].due <= now) {
        const { bytes } = waiting.shift()!
        if (bytes === null) to.end()
        // Whoever does not read must be felt at the other end, or the link would hold what the server has to bound.
        else if (to.writable && !to.write(bytes)) from.pause()
      }
      if (waiting[0]) timer = setTimeout(send, Math.max(1, waiting[0].due - now))
    }
    const take = (bytes: Buffer | null) => {
      if (pair.hasVanished) return
      const due = performance.now() + (weather.kind === 'slow' ? weather.ms : 0)
      waiting.push({ due: Math.max(due, waiting.at(-1)?.due ?? 0), bytes })
      if (!timer) send()
    }
    from.on('data', take)
    from.on('end', () => take(null))
    to.on('drain', () => {
      if (weather.kind !== 'hang') from.resume()
    })
    from.on('error', () => end(pair))
    from.on('close', () => {
      if (!waiting.length) end(pair)
    })
    to.on('close', () => {
      clearTimeout(timer)
      end(pair)
    })
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.on('error', () => {})
    if (target === null || weather.kind === 'refuse') return void near.resetAndDestroy()
    near.setNoDelay(true)
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const pair: Pair = { near, far, greeting: '', hasVanished: false }
    near.once('data', (bytes: Buffer) => {
      pair.greeting = bytes.toString('latin1')
      if (isUnwanted(pair)) reset(pair)
    })
    pairs.add(pair)
    near.on('close', () => pair.hasVanished && pairs.delete(pair))
    carry(near, far, pair)
    carry(far, near, pair)
    if (weather.kind === 'hang') for (const side of [near, far]) side.pause()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    name,
    port: (server.address() as AddressInfo).port,
    leadTo: (port) => (target = port),
    become(next) {
      weather = next
      for (const pair of pairs) if (isUnwanted(pair)) reset(pair)
      for (const { near, far, hasVanished } of pairs)
        for (const side of [near, far])
          if (next.kind === 'hang' && !hasVanished) side.pause()
          else side.resume()
    },
    reset() {
      for (const pair of pairs) if (!pair.hasVanished) reset(pair)
    },
    vanish() {
      const gone = [...pairs]
      for (const pair of gone) {
        pair.hasVanished = true
        for (const side of [pair.near, pair.far]) side.resume()
      }
      setTimeout(() => {
        for (const { far } of gone) far.resetAndDestroy()
      }, noticedAfter).unref()
    },
    giveUpSilent() {
      for (const pair of pairs) if (pair.hasVanished) reset(pair)
    },
    close() {
      server.close()
      for (const pair of pairs) reset(pair)
    },
  }
}
