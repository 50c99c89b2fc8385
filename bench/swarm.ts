// Thousands of sockets in one process, of the API or of the bare server. What arrives is not parsed: a marker is looked
// for, so that the machine's time goes to the server that is measured.
import { Connection } from './http.ts'
import { expose, now } from './rpc.ts'
import { Wire } from './wire.ts'

/** A client: of the API with its positions (`null` for those that it does not name), or of the bare server. */
export interface Seat {
  port: number
  cookie: string
  hello: { positions: Record<string, number> } | null
}

const seats: Wire[] = []
const live = Buffer.from('{"type":"live"}')
const isLive = (text: Buffer): boolean => text.length === live.length && text.equals(live)

let onText: (text: Buffer, seat: number) => void = () => {}
let loss: Error | null = null
let onLost: (error: Error) => void = (error) => (loss = error)

/** A connection that was lost unasked would make figures better than they are. */
function requireAll(): void {
  if (loss) throw loss
}
let closing = false

/**
 * Opens all, `atOnce` at a time; resolves when each is live, with how long each took in milliseconds and how often one
 * was turned away and came again.
 */
async function open({ all, atOnce, comeAgain }: { all: Seat[]; atOnce: number; comeAgain?: boolean }) {
  closing = false
  let again = 0
  const began = now()
  const took: number[] = []
  let next = 0
  const one = async () => {
    while (next < all.length) {
      const seat = next++
      const at = now()
      const number = seats.length++
      // As a client does that is turned away: within a second, by chance.
      while (
        !(await sit(all[seat]!, number).then(
          () => true,
          (error: unknown) => {
            if (!comeAgain) throw error
            return false
          },
        ))
      ) {
        again += 1
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 500))
      }
      took.push(now() - at)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, one))
  return { took, ms: now() - began, again }
}

function sit({ port, cookie, hello }: Seat, number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOpen = false
    const wire = new Wire(
      { port, cookie, path: '/v1/stream' },
      {
        open: () => {
          if (!hello) {
            isOpen = true
            return resolve()
          }
          wire.send(JSON.stringify({ type: 'hello', protocol: 1, positions: hello.positions }))
        },
        text: (text) => {
          if (isOpen) return onText(text, number)
          if (!isLive(text)) return onText(text, number)
          isOpen = true
          resolve()
        },
        end: (why) => {
          const error = new Error(`A socket was lost: ${why}`)
          reject(error)
          if (isOpen && !closing) onLost(error)
        },
      },
    )
    seats[number] = wire
  })
}

function close(): void {
  requireAll()
  closing = true
  for (const wire of seats.splice(0)) wire.close()
}

export interface Broadcast {
  port: number
  url: string
  cookie: string
  /** What is sent, in order: bodies of requests. Each has `marker`, and what every socket receives of it has it too. */
  bodies: { body: string; marker: string }[]
  perSecond: number
}

/** Sends, and waits until each socket has received the last; milliseconds from the first request. */
async function broadcast({ port, url, cookie, bodies, perSecond }: Broadcast) {
  const connection = new Connection(port)
  const last = Buffer.from(bodies.at(-1)!.marker)
  const waiting = new Uint8Array(seats.length).fill(1)
  let left = seats.length
  const received = new Promise<number>((resolve, reject) => {
    onLost = (error) => {
      loss = error
      reject(error)
    }
    onText = (text, seat) => {
      if (!waiting[seat] || !text.includes(last)) return
      waiting[seat] = 0
      left -= 1
      if (!left) resolve(now())
    }
  })
  const began = now()
  let answered = 0
  for (const [index, { body }] of bodies.entries()) {
    const early = began + (index * 1_000) / perSecond - now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const { status, body: said } = await connection.ask('POST', url, body, cookie)
    if (status !== 201) throw new Error(`A send was answered with ${status}: ${said}`)
    answered = now()
  }
  const until = await received
  connection.close()
  return { last: until - began, answered: answered - began }
}

const stamp = Buffer.from('"clientId":"t')
let arrivals: number[] = []

/** From now on notes how long each message took that carries its time in its `clientId`, but for its own sender. */
function listen(): void {
  arrivals = []
  onText = (text, seat) => {
    const at = now()
    for (let from = text.indexOf(stamp); from >= 0; from = text.indexOf(stamp, from + 1)) {
      const [sent, sender] = text.toString('latin1', from + stamp.length, from + stamp.length + 40).split('-')
      if (Number(sender) !== seat) arrivals.push(at - Number(sent) / 1_000)
    }
  }
}

/** Waits until so many have arrived, and gives them. */
async function heard({ count, withinMs }: { count: number; withinMs: number }): Promise<Float64Array> {
  for (const until = now() + withinMs; arrivals.length < count;) {
    if (now() > until) throw new Error(`${arrivals.length} of ${count} messages arrived within ${withinMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  requireAll()
  return Float64Array.from(arrivals)
}

const posted = Buffer.from('"type":"message.posted"')
let messages = 0

/** From now on counts the messages that arrive. */
function count(): void {
  messages = 0
  onText = (text) => {
    for (let from = text.indexOf(posted); from >= 0; from = text.indexOf(posted, from + 1)) messages += 1
  }
}

function counted(): number {
  requireAll()
  return messages
}

const deeds = { open, close, broadcast, listen, heard, count, counted }
export type Swarm = typeof deeds
expose(deeds)
