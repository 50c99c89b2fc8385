import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { after } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Value } from 'typebox/value'
import { serveAccounts } from '#accounts/routes.ts'
import { type Part, type Person, quickHashing, signedUp } from '#accounts/testing.ts'
import { append } from '#delivery/append.ts'
import type { Hint } from '#delivery/hints.ts'
import { Hub } from '#delivery/hub.ts'
import { readEvents, render, type Renderers } from '#delivery/log.ts'
import { inProcessBus } from '#platform/bus/in-process.ts'
import { systemClock } from '#platform/clock.ts'
import { readConfig } from '#platform/config.ts'
import { type Endpoint, type Input, isMedia, type Reply } from '#platform/contract/endpoint.ts'
import { type Database, openDatabase } from '#platform/db/database.ts'
import { httpProblems } from '#platform/http/problems.ts'
import { createServer } from '#platform/http/server.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { MemberAdded, MemberRemoved } from './contract.ts'
import { enroll } from './enroll.ts'
import { wideEnv } from '#platform/testing/wide-limits.ts'
import { joinByInvitation, mayInviteTo, seenConversations } from './invite.ts'

// For tests of this and of higher features: the place "Tidewater" with its cast, served as it is, without a port.

export interface Answer<E extends Endpoint> {
  status: number
  /** Of a success. */
  reply: Reply<E>
  /** Of a refusal. */
  code: string | undefined
}

/** Calls an operation as somebody: `await grace(joinConversation, { params: { conversationId } })`. */
export type Voice = <E extends Endpoint>(endpoint: E, input: Input<E>) => Promise<Answer<E>>

export interface Tidewater {
  db: Database
  hub: Hub
  app: FastifyInstance
  people: { [P in Part]: Person }
  voices: { [P in Part]: Voice }
  voiceOf: (person: Pick<Person, 'cookie'>) => Voice
  /** What was said on the bus, oldest first. */
  hints: Hint[]
}

export async function tidewater(
  renderers: Renderers,
  serve: (app: FastifyInstance, deps: { db: Database; delivery: Hub }) => void,
): Promise<Tidewater> {
  const db = openDatabase((await testDatabase()).url)
  const log = pino({ level: 'silent' })
  const bus = inProcessBus<Hint>({ log })
  const hub = new Hub({ db, bus, renderers, log })
  const hints: Hint[] = []
  bus.subscribe((hint) => hints.push(hint))
  const people = await signedUp(db)
  const app = await createServer(readConfig(wideEnv), log)
  await serveAccounts(app, {
    db,
    delivery: hub,
    clock: systemClock,
    onJoined: joinByInvitation(hub),
    mayInviteTo,
    seenConversations,
    hashing: quickHashing,
  })
  serve(app, { db, delivery: hub })
  after(async () => {
    await app.close()
    hub.close()
    await db.close()
  })
  const voiceOf = ({ cookie }: Pick<Person, 'cookie'>): Voice => voice(app, cookie)
  const voices = Object.fromEntries(Object.entries(people).map(([part, person]) => [part, voiceOf(person)]))
  return { db, hub, app, people, hints, voiceOf, voices: voices as Tidewater['voices'] }
}

const edgeCodes = new Set(Object.keys(httpProblems))

/** What comes back is held against the contract: its shape, and which refusals it names. */
const voice =
  (app: FastifyInstance, cookie: string): Voice =>
  async (endpoint, input) => {
    const { params, query, body } = input as { params?: object; query?: object; body?: object }
    const fill = new Map(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]))
    const response = await app.inject({
      method: endpoint.method,
      url: endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(fill.get(name)!)),
      headers: { cookie },
      ...(query ? { query: query as Record<string, string> } : {}),
      ...(body ? { payload: body } : {}),
    })
    const json = response.body ? (response.json() as { code?: string }) : undefined
    const refused = response.statusCode >= 400
    const shape = endpoint.replies[response.statusCode]
    assert.ok(refused || shape !== undefined, `${endpoint.operationId} does not promise a ${response.statusCode}`)
    if (shape && !isMedia(shape))
      assert.deepEqual([...Value.Errors(shape, json)], [], `a reply of ${endpoint.operationId}`)
    if (response.statusCode < 500 && json?.code && !edgeCodes.has(json.code))
      assert.ok(
        endpoint.problems.some(({ code }) => code === json.code),
        `${endpoint.operationId} does not promise ${json.code}`,
      )
    return {
      status: response.statusCode,
      reply: (refused ? undefined : json) as never,
      code: refused ? json?.code : undefined,
    }
  }

/** A conversation of these people, the first of them its owner, without asking the feature that creates them. */
export async function makeConversation(
  db: Database,
  kind: 'channel' | 'group' | 'direct',
  people: readonly { caller: { accountId: string } }[],
  more: { visibility?: 'public' | 'private'; name?: string } = {},
): Promise<string> {
  const ids = people.map(({ caller }) => caller.accountId)
  const id = newId()
  await db.query.transaction().execute(async (tx) => {
    await tx
      .insertInto('conversations')
      .values({
        id,
        kind,
        visibility: more.visibility ?? (kind === 'channel' ? 'public' : 'private'),
        name: more.name ?? (kind === 'channel' ? `channel-${id}` : null),
        direct_key: kind === 'direct' ? [...ids].sort().join() : null,
        created_by: ids[0]!,
      })
      .execute()
    await append(tx, id, [{ type: 'conversation.changed', accountId: ids[0]!, data: { change: 'created' } }])
    const roleOf = (index: number) => (index === 0 || kind === 'direct' ? 'owner' : 'member')
    await enroll(
      tx,
      { conversationId: id, lastOrdinal: 0 },
      ids.map((accountId, index) => ({ accountId, role: roleOf(index) })),
      ids[0],
    )
  })
  return id
}

/** Somebody says something, by the statement that keeps messages. Returns its id. */
export async function say(
  db: Database,
  person: { caller: { accountId: string } },
  conversationId: string,
  {
    body = 'Tide is turning.',
    means = [],
    root = null,
    everybody = false,
  }: {
    body?: string
    means?: readonly { caller: { accountId: string } }[]
    root?: string | null
    everybody?: boolean
  } = {},
): Promise<string> {
  const id = newId()
  const { rows } = await db.pool.query<{ outcome: string }>(
    `select outcome from post_messages_2($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[],
       $7::boolean[], $8::integer[], $9::uuid[])`,
    [
      [conversationId],
      [person.caller.accountId],
      [id],
      [id],
      [body],
      [root],
      [everybody],
      means.map(() => 1),
      means.map(({ caller }) => caller.accountId),
    ],
  )
  assert.equal(rows[0]?.outcome, 'stored')
  return id
}

/**
 * State + events = refetch: the log has every place from 1 to its head, and who replays its membership events
 * arrives at the members, in their roles, that a fetch shows.
 */
export async function checkLog(db: Database, conversationId: string, renderers: Renderers): Promise<void> {
  const rows = await readEvents(db.pool, [{ conversationId, after: 0, limit: 10_000 }])
  const { last_seq } = await db.query
    .selectFrom('conversations')
    .select('last_seq')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  assert.deepEqual(
    rows.map((row) => row.seq),
    Array.from({ length: last_seq }, (_, index) => index + 1),
  )
  const membership = rows.filter((row) => row.type.startsWith('member.'))
  const replayed = new Map<string, { role: string; joinedAt: string; seq: number }>()
  for (const event of (await render(db, renderers, membership)) as (MemberAdded | MemberRemoved)[]) {
    const shape = event.type === 'member.added' ? MemberAdded : MemberRemoved
    assert.deepEqual([...Value.Errors(shape, event)], [])
    if (event.type === 'member.added') {
      const { accountId, role, joinedAt } = event.member
      assert.ok(!replayed.has(accountId), 'nobody is added twice')
      replayed.set(accountId, { role, joinedAt, seq: event.seq })
    } else {
      assert.ok(replayed.delete(event.accountId), 'nobody is removed who is not there')
      if (event.newOwner !== null) replayed.get(event.newOwner)!.role = 'owner'
    }
  }
  const members = await db.query
    .selectFrom('members')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('joined_at_seq')
    .execute()
  assert.deepEqual(
    [...replayed].map(([accountId, member]) => ({ accountId, ...member })),
    members.map((row) => ({
      accountId: row.account_id,
      role: row.role,
      joinedAt: row.joined_at.toISOString(),
      seq: row.joined_at_seq,
    })),
  )
}
