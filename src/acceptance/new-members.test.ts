import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { after, test } from 'node:test'
import type pg from 'pg'
import { pino } from 'pino'
import { type Person, signedUp } from '#accounts/testing.ts'
import { append, lockConversation } from '#delivery/append.ts'
import type { ServerFrame } from '#delivery/contract.ts'
import { Hub } from '#delivery/hub.ts'
import { membershipSweep } from '#delivery/new-members.ts'
import { Outbox } from '#delivery/outbox.ts'
import type { Sink } from '#delivery/sink.ts'
import { enroll } from '#members/enroll.ts'
import { renderMemberEvents } from '#members/renderer.ts'
import { makeConversation } from '#members/testing.ts'
import { inProcessBus } from '#platform/bus/in-process.ts'
import { openDatabase } from '#platform/db/database.ts'
import { newId } from '#platform/new-id.ts'
import { testDatabase } from '#platform/testing/database.ts'

// The sweep of new members by hand, call by call, beside people who are added without a hint. Over real sockets, with
// the sweep as it runs: `streams.test.ts`.

const db = openDatabase((await testDatabase()).url)
after(() => db.close())
const { ada, grace, linus } = await signedUp(db)

/** A process that nobody tells anything, with the frames of its readers and the rows that its sweep read. */
function deafProcess() {
  const log = pino({ level: 'silent' })
  const renderers = { member: renderMemberEvents, conversation: async () => [] }
  const hub = new Hub({ db, bus: inProcessBus({ log }), renderers, log })
  let rows = 0
  const query = async (asked: pg.QueryConfig) => {
    const answer = await db.pool.query<{ conversationId: string | null }>(asked)
    rows += answer.rows.filter((row) => row.conversationId).length
    return answer
  }
  const sweep = membershipSweep(hub, { query } as unknown as pg.Pool)
  const connect = (person: Person, { opening = false } = {}) => {
    const frames: ServerFrame[] = []
    const sink: Sink = {
      sendFrame: (frame) => frames.push(frame),
      sendShared: () => {},
      sendEnding: () => {},
      sendEvents: () => {},
      waiting: () => 0,
      close: () => {},
    }
    const outbox = new Outbox({ accountId: person.account.id, sessionId: null, role: 'member' }, sink, hub)
    if (opening) outbox.hold()
    hub.add(outbox)
    const joined = (id: string) => frames.filter((each) => each.type === 'joined' && each.conversationId === id).length
    return { outbox, joined }
  }
  return {
    hub,
    connect,
    sweep,
    /** Sweeps, and says how many memberships that read. */
    read: async () => {
      rows = 0
      await sweep()
      return rows
    },
  }
}

const conversation = () => makeConversation(db, 'group', [{ caller: { accountId: ada.account.id } }])
const asMember = (person: Person) => [{ accountId: person.account.id, role: 'member' as const }]

/** Adds somebody and leaves the transaction open; no hint is sent. */
async function adding(id: string, person: Person): Promise<{ commit(): Promise<unknown> }> {
  const tx = await db.query.startTransaction().execute()
  await lockConversation(tx, id)
  await enroll(tx, { conversationId: id, lastOrdinal: 0 }, asMember(person))
  return { commit: () => tx.commit().execute() }
}
const add = async (id: string, person: Person) => (await adding(id, person)).commit()

async function takeOut(id: string, person: Person): Promise<void> {
  await db.query.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('members')
      .where('conversation_id', '=', id)
      .where('account_id', '=', person.account.id)
      .execute()
    const data = { by: person.account.id, newOwner: null }
    await append(tx, id, [{ type: 'member.removed', accountId: person.account.id, data }])
  })
}

/** Sweeps until nothing is read again, which is soon. */
async function letGo({ read }: ReturnType<typeof deafProcess>): Promise<void> {
  const deadline = performance.now() + 10_000
  while ((await read()) > 0) {
    assert.ok(performance.now() < deadline, 'the same memberships are read again and again')
    await wait(200)
  }
}

test('a member whose hint was lost is told once, and then not read again', async () => {
  const process = deafProcess()
  const { joined } = process.connect(grace)
  await process.sweep()
  const id = await conversation()
  await add(id, grace)
  assert.ok((await process.read()) > 0)
  assert.equal(joined(id), 1)
  await letGo(process)
  assert.equal(joined(id), 1)
})

test('a membership that is committed long after it began is found by the next sweep', async () => {
  const process = deafProcess()
  const { joined } = process.connect(grace)
  const id = await conversation()
  await process.sweep()
  const late = await adding(id, grace)
  // So long that a call which believed it settled would pass over it.
  await wait(1_500)
  // The newest transaction that there is, and then one behind which others came and went.
  await process.sweep()
  await process.sweep()
  await add(await conversation(), linus)
  await process.sweep()
  await process.sweep()
  assert.equal(joined(id), 0)
  await late.commit()
  await process.sweep()
  assert.equal(joined(id), 1)
  await letGo(process)
})

test('of a mass that joins, a process reads its own readers alone, and not for ever', async () => {
  const process = deafProcess()
  const { joined } = process.connect(grace)
  await process.sweep()
  const id = await conversation()
  const mass = Array.from({ length: 1_500 }, () => ({ accountId: newId(), role: 'member' as const }))
  await db.query
    .insertInto('accounts')
    .values(mass.map(({ accountId }) => ({ id: accountId, name: 'One of many', email: `${accountId}@x.example` })))
    .execute()
  await db.query.transaction().execute(async (tx) => {
    await lockConversation(tx, id)
    await enroll(tx, { conversationId: id, lastOrdinal: 0 }, [...mass, ...asMember(grace)])
  })
  // Up to where it sees that they are many, and then its own.
  const first = await process.read()
  assert.ok(first <= 1_010, `${first} read`)
  assert.equal(joined(id), 1)
  await letGo(process)
})

test('a connection that is still opening is told when it opens, unless its heads had it', async () => {
  const process = deafProcess()
  const id = await conversation()
  const known = process.connect(linus, { opening: true })
  const { outbox, joined } = process.connect(linus, { opening: true })
  await process.sweep()
  await add(id, linus)
  await process.sweep()
  assert.equal(joined(id), 0)
  outbox.open()
  assert.equal(joined(id), 1)
  await process.hub.expect(known.outbox, [id])
  process.hub.follow(known.outbox, id, 3, 3)
  known.outbox.open()
  assert.equal(known.joined(id), 0)
})

test('whoever was taken out and added again, both hints lost, goes on following, though swept but once', async () => {
  const process = deafProcess()
  const { outbox, joined } = process.connect(grace)
  const id = await conversation()
  await add(id, grace)
  await process.sweep()
  assert.equal(joined(id), 1)
  await takeOut(id, grace)
  await add(id, grace)
  // Before the log has brought the end of the first stay.
  await process.sweep()
  await process.hub.sweep()
  while ((outbox.position(id) ?? 5) < 5) await wait(5)
  assert.equal(outbox.position(id), 5)
  await takeOut(id, grace)
  await process.hub.sweep()
  while (outbox.follows(id)) await wait(5)
})
