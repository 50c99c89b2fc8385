// Requests for pages, one after the other, in a process of its own.
import { Connection } from './http.ts'
import { expose, now } from './rpc.ts'

/** Milliseconds each. */
async function get({ port, cookie, urls }: { port: number; cookie: string; urls: string[] }): Promise<Float64Array> {
  const connection = new Connection(port)
  const took: number[] = []
  for (const url of urls) {
    const at = now()
    const { status, body } = await connection.ask('GET', url, undefined, cookie)
    took.push(now() - at)
    if (status !== 200) throw new Error(`${url}: ${status} ${body}`)
  }
  connection.close()
  return Float64Array.from(took)
}

const deeds = { get }
export type Readers = typeof deeds
expose(deeds)
