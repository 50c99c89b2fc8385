import type pg from 'pg'

interface Stored {
  table: string
  name: string
  /** How it is made again: of a constraint its definition, of an index its statement. */
  definition: string
  constraint: boolean
}

/**
 * Adds top-level messages, `each` to every conversation, as the product would have kept them: numbers without gaps, an
 * event for each, heads, read positions, ids and times that go up, and the conversations mixed on disk as people mix
 * them. By members in turn. Everybody has read everything. 10 million take some minutes: indexes are made afterwards.
 */
export async function generate(sql: pg.Client, each: number): Promise<void> {
  const indexes = await indexesOf(sql)
  await sql.query('begin')
  await sql.query(
    "set local maintenance_work_mem = '1GB'; set local work_mem = '256MB'; set local synchronous_commit = off",
  )
  for (const { table, name, constraint } of indexes)
    await sql.query(constraint ? `alter table ${table} drop constraint ${name}` : `drop index ${name}`)
  await sql.query(
    `insert into messages (conversation_id, id, seq, changed_seq, ordinal, account_id, client_id, body, created_at)
      select room.id, uuidv7(pause.shift), room.last_seq + n, room.last_seq + n, room.last_ordinal + n,
        room.people[1 + n % cardinality(room.people)], uuidv7()::text,
        'A message of a usual length, with some words in it, the ' || n || 'th here.',
        date_trunc('milliseconds', now() + pause.shift)
      from generate_series(1, $1::int) n
      cross join lateral (select (n - $1::int) * interval '1 second' - interval '1 minute' as shift) pause
      cross join (
        select id, last_seq, last_ordinal,
          array(select account_id from members where conversation_id = c.id order by joined_at_seq) as people
        from conversations c
      ) room`,
    [each],
  )
  await sql.query(`insert into events (conversation_id, seq, type, message_id, account_id, created_at)
    select m.conversation_id, m.seq, 'message.posted', m.id, m.account_id, m.created_at
    from messages m join conversations c on c.id = m.conversation_id where m.ordinal > c.last_ordinal`)
  await sql.query(
    'update conversations set last_seq = last_seq + $1, last_ordinal = last_ordinal + $1, active_at = now()',
    [each],
  )
  await sql.query(
    `update members m set read_ordinal = c.last_ordinal from conversations c where c.id = m.conversation_id`,
  )
  for (const { table, name, constraint, definition } of indexes)
    await sql.query(constraint ? `alter table ${table} add constraint ${name} ${definition}` : definition)
  await sql.query('commit')
  await sql.query('vacuum (analyze) messages, events, conversations, members')
  await sql.query('checkpoint')
}

async function indexesOf(sql: pg.Client): Promise<Stored[]> {
  const { rows } = await sql.query<Stored>(`
    select i.indrelid::regclass::text as table, coalesce(k.conname, i.indexrelid::regclass::text) as name,
      coalesce(pg_get_constraintdef(k.oid), pg_get_indexdef(i.indexrelid)) as definition, k.oid is not null as constraint
    from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
    where i.indrelid in ('messages'::regclass, 'events'::regclass)`)
  return rows
}
