// Commits alone, and bare statements: what the database takes for them when nobody stands between.
import pg from 'pg'
import { expose, now } from './rpc.ts'

let pool: pg.Pool

/** A table without anything that a message needs, on a pool as large as the product's. */
async function prepare(databaseUrl: string): Promise<void> {
  pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
  await pool.query(
    'create table if not exists plain (id uuid primary key, conversation int, sender int, body text, at timestamptz default now())',
  )
}

const insert = {
  name: 'plain',
  text: 'insert into plain (id, conversation, sender, body) values (gen_random_uuid(), $1, 1, $2)',
}
const words = 'A message of a usual length, with some words in it.'

/** So many inserts a second, each its own commit, whether or not the last is done; milliseconds each. */
async function atRate({ perSecond, seconds }: { perSecond: number; seconds: number }): Promise<Float64Array> {
  const took: number[] = []
  const all: Promise<void>[] = []
  const began = now()
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const early = began + (n * 1_000) / perSecond - now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const one = async () => {
      const at = now()
      await pool.query({ ...insert, values: [n % 1_000, words] })
      took.push(now() - at)
    }
    all.push(one())
  }
  await Promise.all(all)
  return Float64Array.from(took)
}

/** Statements one after the other on one connection, prepared; milliseconds each. */
async function oneByOne({ text, values }: { text: string; values: unknown[][] }): Promise<Float64Array> {
  const took: number[] = []
  const client = await pool.connect()
  const name = `bare-${text.length}`
  for (const own of values) {
    const at = now()
    await client.query({ name, text, values: own })
    took.push(now() - at)
  }
  client.release()
  return Float64Array.from(took)
}

/** As many closed loops, each on a connection of its own: what stands in for pgbench where that is missing. */
async function closedLoop({ clients, seconds }: { clients: number; seconds: number }): Promise<number> {
  const own = new pg.Pool({ ...pool.options, max: clients })
  const began = now()
  let done = 0
  await Promise.all(
    Array.from({ length: clients }, async (_, index) => {
      const client = await own.connect()
      while (now() - began < seconds * 1_000) {
        await client.query({ ...insert, values: [index, words] })
        done += 1
      }
      client.release()
    }),
  )
  const perSecond = done / ((now() - began) / 1_000)
  await own.end()
  return perSecond
}

const deeds = { prepare, atRate, oneByOne, closedLoop }
export type Commits = typeof deeds
expose(deeds)
