import { Type, type Static } from 'typebox'
import { Count, Exact, Nullable, Time, Uuid } from '#platform/contract/shapes.ts'

const Milliseconds = (description: string) => Type.Number({ minimum: 0, description: `${description} Milliseconds.` })
const Seldom = (of: string) =>
  Nullable(Type.Number({ minimum: 0 }), { description: `${of} Milliseconds. null: there were none.` })

const counts = {
  kept: Count('Sends that were answered with a message which is kept, not counting repeats.'),
  repeats: Count('Sends that had been kept before and were recognised.'),
  failed: Count('Sends answered with a failure of the server. Their senders try again by themselves.'),
  delivered: Count('Messages written to connections: a message counts once for each connection.'),
  repaired: Count('Gaps in what processes tell each other that were filled from the database.'),
}

export const HealthMinute = Exact(
  {
    at: Time('When it began.'),
    ...counts,
    keptMs: Seldom('99 of 100 sends were answered within this.'),
    deliveredMs: Seldom('99 of 100 messages were written to a connection within this, from their commit on.'),
  },
  { title: 'HealthMinute', description: 'One minute of all processes together.' },
)
export type HealthMinute = Static<typeof HealthMinute>

export const ApiProcess = Exact(
  {
    id: Uuid('Made anew with every start.'),
    name: Type.String({ description: 'Of its machine or pod.' }),
    version: Type.String({ description: 'Of the program.' }),
    state: Type.Enum(['serves', 'stopped', 'silent'], {
      description: '`silent`: it should have been heard of, and did not say that it stops.',
    }),
    startedAt: Time('When it began.'),
    heardAt: Time('When it last said something.'),
    streams: Count('Open connections to the stream.'),
    oldestSendMs: Milliseconds('For how long the oldest send has had no answer.'),
    loopDelayMs: Milliseconds('99 of 100 turns of its event loop were late by less.'),
    memoryBytes: Count('Memory that it holds.'),
    pool: Exact(
      {
        most: Count('Connections to the database that it may have.'),
        busy: Count('Of these in use.'),
        waiting: Count('Statements that wait for one.'),
      },
      { description: 'Its connections to the database.' },
    ),
    bus: Exact(
      {
        kind: Type.String({ description: '`in-process`, `notify` or `nats`.' }),
        connected: Type.Boolean({ description: 'Whether it hears the other processes at once.' }),
        sent: Count('Hints sent since it began.'),
        received: Count('Hints received since it began.'),
        dropped: Count('Hints that could not be sent since it began; others find what they were about by themselves.'),
      },
      { description: 'What carries hints between processes.' },
    ),
  },
  { title: 'ApiProcess', description: 'A process of the API, as it described itself.' },
)
export type ApiProcess = Static<typeof ApiProcess>

export const Standby = Exact(
  {
    name: Type.String({ description: 'The name it connects with.' }),
    state: Type.String({ description: '`streaming` when it follows.' }),
    sync: Type.String({ description: '`sync` and `quorum`: commits wait for it. `async`, `potential`: they do not.' }),
    lagMs: Nullable(Type.Number({ minimum: 0 }), {
      description: 'How far it is behind in time. Milliseconds. null: not known, such as after a quiet time.',
    }),
    lagBytes: Nullable(Type.Integer({ minimum: 0 }), {
      description: 'How much of the log it has not applied yet. null: not known.',
    }),
  },
  { title: 'Standby' },
)
export type Standby = Static<typeof Standby>

export const DatabaseHealth = Exact(
  {
    version: Type.String({ description: 'Of PostgreSQL.' }),
    answeredMs: Milliseconds('How long it took to answer a simple question.'),
    writable: Type.Boolean({ description: 'Whether it takes writes.' }),
    sizeBytes: Count('Of this database.'),
    connections: Count('Open connections to this database.'),
    mostConnections: Count('What the server allows, for all its databases.'),
    standbys: Nullable(Type.Array(Standby), {
      description: 'Those that follow this server. null: our user may not see them (pg_read_all_stats).',
    }),
  },
  { title: 'DatabaseHealth' },
)
export type DatabaseHealth = Static<typeof DatabaseHealth>

export const Concern = Exact(
  {
    kind: Type.Enum(
      [
        'database-read-only',
        'sends-hang',
        'sends-fail',
        'keeping-slow',
        'delivery-slow',
        'bus-away',
        'process-silent',
        'process-busy',
        'pool-full',
        'standby-behind',
      ],
      { description: 'What is not as it should be.' },
    ),
    process: Nullable(Uuid('A process.'), { description: 'Which process it is about; null: none in particular.' }),
  },
  { title: 'Concern' },
)
export type Concern = Static<typeof Concern>

export const HealthEvent = Exact(
  {
    at: Time('When.'),
    kind: Type.Enum(['started', 'stopped', 'silent'], { description: 'What a process did.' }),
    process: Uuid('Which.'),
  },
  { title: 'HealthEvent' },
)
export type HealthEvent = Static<typeof HealthEvent>

export const AdminHealth = Exact(
  {
    at: Time('When this was looked at.'),
    verdict: Type.Enum(['arriving', 'late', 'not-arriving', 'quiet'], {
      description: 'Of the last five minutes; `quiet`: nobody sent anything in the last hour, and nothing is wrong.',
    }),
    concerns: Type.Array(Concern, { description: 'Most pressing first; none when all is well.' }),
    promised: Exact(
      {
        keptMs: Milliseconds('Within this 99 of 100 sends shall be answered.'),
        deliveredMs: Milliseconds('Within this 99 of 100 messages shall be on their way to a connection.'),
      },
      { description: 'What the figures are measured against.' },
    ),
    hour: Exact(
      {
        ...counts,
        keptMs: Exact(
          { p50: Seldom('Half of them.'), p99: Seldom('99 of 100.') },
          { description: 'How long sends took to be answered.' },
        ),
        deliveredMs: Exact(
          { p50: Seldom('Half of them.'), p99: Seldom('99 of 100.') },
          { description: 'How long it took from the commit to connections.' },
        ),
      },
      { description: 'The last hour, all processes together.' },
    ),
    minutes: Type.Array(HealthMinute, {
      description: 'Oldest first, without gaps: at most the last 60, fewer while no process is older.',
    }),
    processes: Type.Array(ApiProcess, { description: 'Of the last hour; those that serve first.' }),
    events: Type.Array(HealthEvent, { description: 'Of the last hour, newest first.' }),
    database: DatabaseHealth,
  },
  { title: 'AdminHealth' },
)
export type AdminHealth = Static<typeof AdminHealth>
