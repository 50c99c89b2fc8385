// Senders in a process of their own.
import { Connection } from './http.ts'
import { expose, now } from './rpc.ts'

const words = 'A message of a usual length, with some words in it.'

interface Sender {
  port: number
  cookie: string
  /** Where it sends to, one after the other by chance. */
  conversations: readonly string[]
}

let refused = 0

const anyOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!

async function send(connection: Connection, { cookie, conversations }: Sender, clientId: string): Promise<number> {
  const at = now()
  const url = `/v1/conversations/${anyOf(conversations)}/messages`
  for (;;) {
    const { status, head, body } = await connection.ask('POST', url, { clientId, body: words }, cookie)
    if (status === 201 || status === 200) return now() - at
    if (status !== 503) throw new Error(`A send was answered with ${status}: ${body}`)
    // As a client does: the same message again, when it was told to. The time goes on.
    refused += 1
    await new Promise((resolve) => setTimeout(resolve, Number(/retry-after: (\d+)/i.exec(head)?.[1] ?? 1) * 1_000))
  }
}

/** Every sender has a connection of its own and sends the next message when the last one is acknowledged. */
async function closedLoop({ senders, seconds }: { senders: Sender[]; seconds: number }) {
  const took: number[] = []
  const began = now()
  await Promise.all(
    senders.map(async (sender, index) => {
      const connection = new Connection(sender.port)
      for (let n = 0; now() - began < seconds * 1_000; n += 1)
        took.push(await send(connection, sender, `${began}-${index}-${n}`))
      connection.close()
    }),
  )
  return { perSecond: took.length / ((now() - began) / 1_000), took: Float64Array.from(took) }
}

const pace = { going: false }
let ended: Promise<Float64Array> | undefined

/**
 * So many a second, whether or not the last one was answered; each `clientId` begins with when it was sent and the
 * sender's number. Goes on until `stopSending`.
 */
function startSending({ senders, perSecond }: { senders: Sender[]; perSecond: number }): void {
  pace.going = true
  refused = 0
  ended = (async () => {
    const free: Connection[][] = senders.map(() => [])
    const took: number[] = []
    const underWay = new Set<Promise<void>>()
    const began = now()
    for (let n = 0; pace.going; n += 1) {
      const early = began + (n * 1_000) / perSecond - now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      const index = n % senders.length
      const sender = senders[index]!
      const one = async () => {
        const connection = free[index]!.pop() ?? new Connection(sender.port)
        took.push(await send(connection, sender, `t${Math.round(now() * 1_000)}-${index}-${n}`))
        free[index]!.push(connection)
      }
      const run = one().finally(() => underWay.delete(run))
      run.catch(() => {}) // heard below, or the process would end here
      underWay.add(run)
      if (underWay.size > 5_000) throw new Error('5,000 sends wait for their answers.')
    }
    await Promise.all(underWay)
    for (const connection of free.flat()) connection.close()
    return Float64Array.from(took)
  })()
  ended.catch(() => {})
}

/** Milliseconds until each acknowledgement, and how often one was told to come again. */
async function stopSending(): Promise<{ took: Float64Array; refused: number }> {
  pace.going = false
  return { took: await ended!, refused }
}

const deeds = { closedLoop, startSending, stopSending }
export type Senders = typeof deeds
expose(deeds)
