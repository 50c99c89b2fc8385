import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { sealToken } from '#accounts/session-cookie.ts'
import { startEmbeddedPostgres } from '#platform/db/embedded/start.ts'
import { migrate } from '#platform/db/migrate.ts'

/** A place of its own for one measurement: a durable PostgreSQL with the settings of every day, people, conversations. */
export interface Place {
  readonly databaseUrl: string
  readonly folder: string
  /** Without the time-outs of the product, for what only the bench does. */
  readonly sql: pg.Client
  readonly people: readonly Person[]
  /** By their number; person `p` is in those of `memberships`. */
  readonly conversations: readonly string[]
  close(): Promise<void>
}

export interface Person {
  readonly id: string
  /** Of a session that the API looks up as it does any other. */
  readonly cookie: string
  readonly conversations: readonly string[]
}

interface Size {
  people: number
  conversations: number
  /** Conversations that each person is in, spread evenly. */
  each: number
}

/**
 * Signing up thousands would take minutes, of which the passwords take most, so people, sessions and memberships are
 * written by SQL as the product would have kept them: their log included.
 */
export async function openPlace(size: Size): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
  const sql = new pg.Client(postgres.url)
  const close = async () => {
    await sql.end()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
    process.removeListener('exit', remove)
  }
  try {
    await migrate(postgres.url)
    await sql.connect()
    return { databaseUrl: postgres.url, folder, sql, close, ...(await settle(sql, size)) }
  } catch (error) {
    await close()
    throw error
  }
}

async function settle(sql: pg.Client, { people, conversations, each }: Size) {
  await sql.query('create temporary table person as select n, uuidv7() as id from generate_series(0, $1::int - 1) n', [
    people,
  ])
  await sql.query('create temporary table room as select n, uuidv7() as id from generate_series(0, $1::int - 1) n', [
    conversations,
  ])
  await sql.query(`insert into accounts (id, name, email, role)
    select id, 'Member ' || n, 'member-' || n || '@tidewater.example', case n when 0 then 'owner' else 'member' end from person`)
  await sql.query(
    "create temporary table token as select id, replace(uuidv4()::text || uuidv4(), '-', '') as text from person",
  )
  await sql.query(`insert into sessions (id, account_id, token_hash, expires_at)
    select uuidv7(), id, sha256(text::bytea), now() + interval '30 days' from token`)
  await sql.query(`insert into conversations (id, kind, visibility, name, created_by)
    select id, 'channel', 'public', 'room-' || n, (select id from person where n = 0) from room`)
  await sql.query(`insert into events (conversation_id, seq, type, account_id, data)
    select id, 1, 'conversation.changed', (select id from person where n = 0), '{"change": "created"}' from room`)
  await sql.query(
    // An hour ago: each process looks every second at who has just joined, and here that is everybody.
    `insert into members (conversation_id, account_id, role, joined_at_seq, joined_at)
      select room.id, person.id, case row_number() over w when 1 then 'owner' else 'member' end, 1 + row_number() over w,
        now() - interval '1 hour'
      from person cross join generate_series(0, $1::int - 1) j
      join room on room.n = (person.n * 7 + j * ($2::int / $1::int)) % $2::int
      window w as (partition by room.id order by person.n)`,
    [each, conversations],
  )
  await sql.query(`insert into events (conversation_id, seq, type, account_id, data)
    select conversation_id, joined_at_seq, 'member.added', account_id, json_build_object('role', role, 'by', account_id) from members`)
  await sql.query(`update conversations c
    set last_seq = (select max(seq) from events where conversation_id = c.id)`)
  await sql.query('vacuum analyze')
  const { rows: place } = await sql.query<{ secret: string }>('select secret from place')
  const { rows } = await sql.query<{ id: string; token: string; conversations: string[] }>(
    `select p.id, (select text from token where token.id = p.id) as token,
      array(select conversation_id from members where account_id = p.id) as conversations from person p order by n`,
  )
  const { rows: rooms } = await sql.query<{ id: string }>('select id from room order by n')
  return {
    conversations: rooms.map(({ id }) => id),
    people: rows.map((row): Person => {
      const sealed = sealToken(place[0]!.secret, row.token)
      return { id: row.id, cookie: `whale.session=${encodeURIComponent(sealed)}`, conversations: row.conversations }
    }),
  }
}

/** How many conversations have a hole in their numbers, or a head that is not that of their rows: 0, or it is a fault. */
export async function gaps(sql: pg.Client): Promise<number> {
  const { rows } = await sql.query<{ gaps: string }>(`
    with logged as (select conversation_id, count(*) as events, max(seq) as last from events group by 1),
      said as (select conversation_id, count(ordinal) as messages, max(ordinal) as last from messages group by 1)
    select count(*) as gaps from conversations c
    left join logged on logged.conversation_id = c.id left join said on said.conversation_id = c.id
    where (c.last_seq, c.last_seq) is distinct from (logged.events, logged.last)
      or (c.last_ordinal, c.last_ordinal) is distinct from (coalesce(said.messages, 0), coalesce(said.last, 0))`)
  return Number(rows[0]!.gaps)
}
