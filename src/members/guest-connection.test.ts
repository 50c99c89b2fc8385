import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Person } from '#accounts/testing.ts'
import { connect, type Connection, type StreamDeps } from '#delivery/connect.ts'
import { protocolVersion, type ServerFrame } from '#delivery/contract.ts'
import { headsReader } from '#delivery/heads.ts'
import type { Hint } from '#delivery/hints.ts'
import { PresenceBoard } from '#delivery/presence.ts'
import { PresenceFeed } from '#delivery/presence-feed.ts'
import { roleReader } from '#delivery/readers.ts'
import type { Sink } from '#delivery/sink.ts'
import { inProcessBus } from '#platform/bus/in-process.ts'
import type { Database } from '#platform/db/database.ts'
import { pino } from 'pino'
import { requireReader } from './access.ts'
import { addMembers, removeMember } from './contract.ts'
import { renderMemberEvents } from './renderer.ts'
import { serveMembers } from './routes.ts'
import { makeConversation, tidewater } from './testing.ts'

// A guest's connection, held still at every question that its opening asks PostgreSQL, before the question leaves and
// before its answer arrives, while everything else goes on. No frame may name somebody whom they share nothing with.

const { db, hub, people, voices } = await tidewater({ member: renderMemberEvents }, serveMembers)
const { ada, edsger, grace, linus, margaret } = people
const bus = inProcessBus<Hint>({ log: pino({ level: 'silent' }) })
const presenceFeed = new PresenceFeed(() => hub.outboxes())
const presence = new PresenceBoard(bus, hub, (accountId, state) => presenceFeed.change(accountId, state))
after(() => {
  presence.close()
  presenceFeed.close()
})

/** Lets what is asked stop at the nth point, and resolves `reached` there; `passed` counts the points. */
function gate(stopAt: number) {
  let passed = -1
  let reach: () => void = () => {}
  let letGo: () => void = () => {}
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const released = new Promise<void>((resolve) => (letGo = resolve))
  const point = async () => {
    passed += 1
    if (passed !== stopAt) return
    reach()
    await released
  }
  return { reached, letGo, point }
}

function gated(point: () => Promise<void>): Database {
  const query = async (...args: unknown[]) => {
    await point()
    const answer = await (db.pool.query as (...args: unknown[]) => Promise<unknown>)(...args)
    await point()
    return answer
  }
  const pool = new Proxy(db.pool, { get: (of, name) => (name === 'query' ? query : Reflect.get(of, name)) })
  return { ...db, pool }
}

const depsOf = (database: Database): StreamDeps => ({
  db: database,
  hub,
  presence,
  presenceFeed,
  headsOf: headsReader(database.pool),
  roleOf: roleReader(database.pool, () => new Date()),
  requireReader: (caller, conversationId) => requireReader(database, caller, conversationId),
})

const hello = { type: 'hello' as const, protocol: protocolVersion, positions: {}, presence: 'active' as const }

async function open(who: Person, database: Database = db) {
  const frames: ServerFrame[] = []
  const sink: Sink = {
    sendFrame: (frame) => void frames.push(frame),
    sendShared: ({ json }) => void frames.push(JSON.parse(json) as ServerFrame),
    sendEnding: (_frame, start, end) => void frames.push(JSON.parse(start + end.json) as ServerFrame),
    sendEvents: (events) => void frames.push({ type: 'events', events: events.map(({ json }) => JSON.parse(json)) }),
    waiting: () => 0,
    close: () => {},
  }
  const opening: Promise<Connection> = connect(depsOf(database), who.caller, sink, hello)
  return { frames, opening }
}

/** Whom a frame names beside what happened in the conversations themselves. */
const namedIn = (frame: ServerFrame): string[] => {
  if (frame.type === 'welcome') return frame.present.map(({ accountId }) => accountId)
  if (frame.type === 'presence') return frame.changes.map(({ accountId }) => accountId)
  return frame.type === 'account' || frame.type === 'typing' ? [frame.accountId] : []
}

const shared = await makeConversation(db, 'channel', [ada, grace, linus, edsger], { visibility: 'private' })
const elsewhere = await makeConversation(db, 'channel', [ada, margaret], { visibility: 'private' })
const settle = () => sleep(120)

/** Everything that names people, from all who are not in front of the guest's screen. */
async function noise(connections: readonly Connection[]) {
  for (const of of connections) {
    hub.tellAll({ type: 'account', accountId: of.outbox.accountId })
    presence.set(of.outbox, of.outbox.presence === 'active' ? 'away' : 'active')
    for (const conversationId of [shared, elsewhere])
      hub.publishTyping({ kind: 'typing', conversationId, accountId: of.outbox.accountId, threadRoot: null })
  }
  await settle()
}

test('a guest’s connection names nobody with whom they share no conversation, wherever its opening is held', async () => {
  const others = await Promise.all([grace, linus].map(async (who) => (await open(who)).opening))
  await settle()
  let points = 0
  for (; ; points += 1) {
    const { reached, letGo, point } = gate(points)
    const { frames, opening } = await open(edsger, gated(point))
    if ((await Promise.race([reached.then(() => 'held'), opening.then(() => 'open')])) === 'open') {
      // Nothing was left to hold. All the same it has heard of those whom they know.
      await noise(others)
      const heard = new Set(frames.flatMap(namedIn))
      assert.ok(heard.has(grace.account.id) && heard.has(linus.account.id))
      assert.ok(frames.some((frame) => frame.type === 'account' && frame.accountId === grace.account.id))
      ;(await opening).end()
      break
    }
    // Somebody comes who is in another conversation alone, and Linus, whom the guest knows, leaves.
    const stranger = await (await open(margaret)).opening
    await noise([...others, stranger])
    const gone = { params: { conversationId: shared, accountId: linus.account.id } }
    assert.equal((await voices.ada(removeMember, gone)).status, 204)
    await noise([...others, stranger])
    letGo()
    const connection = await opening
    await connection.outbox.caughtUp()
    await noise([...others, stranger])
    stranger.end()
    await settle()
    const known = new Set([ada, grace, edsger].map(({ account }) => account.id))
    for (const frame of frames)
      for (const id of namedIn(frame))
        assert.ok(
          known.has(id),
          `held at ${points}, ${frame.type} names ${id === linus.account.id ? 'who left' : 'a stranger'}`,
        )
    const heard = new Set(frames.flatMap(namedIn))
    assert.ok(heard.has(grace.account.id), `held at ${points}, nothing of those whom they know`)
    connection.end()
    await voices.ada(addMembers, { params: { conversationId: shared }, body: { accountIds: [linus.account.id] } })
    await settle()
  }
  assert.ok(points >= 6, `held at ${points} points only`)
  for (const other of others) other.end()
})

test('who leaves is named no more, also by what comes while the guest’s companions are asked for', async () => {
  const other = await (await open(linus)).opening
  const { frames, opening } = await open(edsger)
  const connection = await opening
  await noise([other])
  const mark = frames.length
  assert.ok(frames.flatMap(namedIn).includes(linus.account.id))
  const removed = voices.ada(removeMember, { params: { conversationId: shared, accountId: linus.account.id } })
  hub.tellAll({ type: 'account', accountId: linus.account.id })
  await removed
  // In the same turn in which the removal was heard of.
  const heard = frames.length
  await noise([other])
  assert.ok(!frames.slice(heard).flatMap(namedIn).includes(linus.account.id))
  assert.ok(
    frames.slice(mark).some((frame) => frame.type === 'events'),
    'the log says that they left',
  )
  connection.end()
  other.end()
})
