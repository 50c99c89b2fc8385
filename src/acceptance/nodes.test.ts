import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, describe, test } from 'node:test'
import type { PresenceState, ServerFrame } from '#delivery/contract.ts'
import type { Message } from '#messages/shapes.ts'
import type { Config } from '#platform/config.ts'
import { hasNats, natsServer, type NatsServer } from '#platform/testing/nats-server.ts'
import type { App } from '#app.ts'
import { ask, channel, Listener, say, tellsOf, testPlace } from './testing.ts'

// Several processes on one database, told apart by the bus that connects them.

/** The sweep stays away, so that what is seen in time came over the bus. */
const never = 3_600_000
/** Typical is a few milliseconds; a busy machine may take longer (ms). */
const soon = 1_000

const nats: NatsServer | undefined = hasNats() ? await natsServer() : undefined
after(() => nats?.stop())
const buses: Config['bus'][] = [{ kind: 'notify' }, ...(nats ? [{ kind: 'nats' as const, servers: [nats.url] }] : [])]

const listeners: Listener[] = []
const listen = async (...args: Parameters<typeof Listener.open>) => {
  const listener = await Listener.open(...args)
  listeners.push(listener)
  return listener
}
const places = await Promise.all(
  buses.map(async (bus) => ({
    bus,
    quick: await testPlace({}, { bus, sweepEveryMs: never }),
    swept: await testPlace({}, { bus }),
  })),
)
after(async () => {
  for (const listener of listeners) await listener.close()
})

const told = (listener: Listener, is: (frame: ServerFrame) => boolean, what: string) =>
  listener.until(() => listener.frames.some(is), what, soon)

for (const { bus, quick: place, swept } of places) {
  describe(`processes that are connected by ${bus.kind}`, async () => {
    const { ada, grace, linus, margaret, barbara } = place.cast
    const nodes: { app: App }[] = [place, { app: await place.another() }, { app: await place.another() }]
    const [one, two, three] = nodes as [{ app: App }, { app: App }, { app: App }]

    test('what is said on one is seen on the others at once, by each once and in one order', async () => {
      const id = await channel(one, ada, 'talk', [grace, linus])
      const all = [await listen(one.app, ada), await listen(two.app, grace), await listen(three.app, linus)]
      await say(one, ada, id, 'From the first')
      for (const listener of all) await listener.until(() => listener.of(id).length === 1, 'the first', soon)
      await say(two, grace, id, 'From the second')
      for (const listener of all) await listener.until(() => listener.of(id).length === 2, 'the second', soon)
      const people = [ada, grace, linus]
      await Promise.all(Array.from({ length: 300 }, (_, n) => say(nodes[n % 3]!, people[n % 3]!, id, `message ${n}`)))
      for (const listener of all) {
        await listener.until(() => listener.of(id).length >= 302, '302 events')
        const events = listener.of(id) as unknown as { message: Message }[]
        assert.deepEqual(
          events.map((event) => event.message.ordinal),
          Array.from({ length: 302 }, (_, n) => n + 1),
        )
      }
    })

    test('the longest message is seen on the other at once, and its edit and deletion', async () => {
      const id = await channel(one, ada, 'long', [grace])
      const hers = await listen(two.app, grace)
      const body = '🐋'.repeat(10_000)
      const message = await say(one, ada, id, body)
      await hers.until(() => hers.of(id).length === 1, 'the message', soon)
      assert.equal((hers.of(id)[0] as unknown as { message: Message }).message.body, body)
      await ask(three, ada, 'PATCH', `/v1/conversations/${id}/messages/${message.id}`, { body: 'shorter' })
      await hers.until(() => hers.of(id).length === 2, 'the edit', soon)
      await ask(one, ada, 'DELETE', `/v1/conversations/${id}/messages/${message.id}`)
      await hers.until(() => hers.of(id).length === 3, 'the deletion', soon)
    })

    test('whoever is added on one hears of it on the other, and of all that is said from then on', async () => {
      for (let round = 0; round < 5; round += 1) {
        const id = await channel(one, ada, `added-${round}`)
        const hers = await listen(two.app, grace)
        await say(one, ada, id, 'Before')
        await ask(one, ada, 'POST', `/v1/conversations/${id}/members`, { accountIds: [grace.account.id] })
        await say(one, ada, id, 'Right after')
        await told(hers, (frame) => frame.type === 'joined' && frame.conversationId === id, 'joined')
        await hers.until(() => JSON.stringify(hers.of(id)).includes('Right after'), 'the message', soon)
        assert.ok(!JSON.stringify(hers.of(id)).includes('Before'))
        await hers.close()
      }
    })

    test('whoever is removed on one falls silent on the other at once', async () => {
      const id = await channel(one, ada, 'removed', [grace, linus])
      const [hers, his] = [await listen(two.app, grace), await listen(two.app, linus)]
      await say(one, ada, id, 'For both')
      await hers.until(() => hers.of(id).length === 1, 'the message', soon)
      await ask(one, ada, 'DELETE', `/v1/conversations/${id}/members/${grace.account.id}`)
      await told(hers, (frame) => frame.type === 'left' && frame.conversationId === id, 'left')
      await say(one, ada, id, 'For those who stayed')
      await his.until(() => JSON.stringify(his.of(id)).includes('who stayed'), 'the message', soon)
      await sleep(100)
      assert.ok(!JSON.stringify(hers.frames).includes('who stayed'))
    })

    test('a session that ends on one closes its stream on the other at once, and no other stream', async () => {
      const signIn = await ask(one, null, 'POST', '/v1/sessions', { email: linus.email, password: 'correct horse 42' })
      const second = { ...linus, cookie: String(signIn.headers['set-cookie']).split(';')[0]! }
      const [ends, stays] = [await listen(two.app, second), await listen(two.app, linus)]
      await ask(one, second, 'DELETE', '/v1/sessions/current')
      await ends.until(() => ends.closed !== null, 'the close', soon)
      assert.equal(ends.closed?.code, 4401)
      assert.equal(stays.closed, null)
      const afterwards = await ask(two, second, 'GET', '/v1/me')
      assert.equal(afterwards.status, 401, 'the other has forgotten the caller, too')
    })

    test('who is deactivated on one is out on the others at once: requests, streams, invitations', async () => {
      const { barbara } = place.cast
      const streams = [await listen(two.app, barbara), await listen(three.app, barbara)]
      const stays = await listen(two.app, linus)
      // Both have the caller in their memory.
      for (const node of [two, three]) assert.equal((await ask(node, barbara, 'GET', '/v1/me')).status, 200)
      const invited = await ask(two, barbara, 'POST', '/v1/invitations', {})
      assert.equal(invited.status, 201)
      const url = `/v1/accounts/${barbara.account.id}/deactivation`
      const deactivated = await ask(one, ada, 'PUT', url)
      const from = performance.now()
      assert.equal(deactivated.status, 200, JSON.stringify(deactivated.body))
      for (const stream of streams) {
        await stream.until(() => stream.closed !== null, 'the close', soon)
        assert.equal(stream.closed?.code, 4401)
      }
      for (const node of [two, three]) {
        while ((await ask(node, barbara, 'GET', '/v1/me')).status !== 401)
          assert.ok(performance.now() - from < soon, 'still let in')
        const preview = await ask(node, null, 'GET', `/v1/invitations/by-token/${invited.body.token}`)
        assert.equal(preview.body.code, 'invitation-ended')
      }
      assert.equal(stays.closed, null)
      assert.equal((await ask(three, ada, 'DELETE', url)).status, 200)
      const reply = await ask(two, null, 'POST', '/v1/sessions', { email: barbara.email, password: 'correct horse 42' })
      assert.equal(reply.status, 201)
      Object.assign(barbara, { cookie: String(reply.headers['set-cookie']).split(';')[0]! })
    })

    test('whose sessions are ended on one, by an admin or a reset link, is signed out on the other at once', async () => {
      const { barbara } = place.cast
      for (const end of [
        () => ask(one, ada, 'DELETE', `/v1/accounts/${barbara.account.id}/sessions`),
        async () => {
          const link = await ask(three, ada, 'POST', `/v1/accounts/${barbara.account.id}/password-reset`)
          return ask(one, null, 'POST', '/v1/password-resets', {
            token: link.body.token,
            password: 'correct horse 42',
          })
        },
      ]) {
        const signIn = { email: barbara.email, password: 'correct horse 42' }
        const reply = await ask(one, null, 'POST', '/v1/sessions', signIn)
        const hers = { ...barbara, cookie: String(reply.headers['set-cookie']).split(';')[0]! }
        const stream = await listen(two.app, hers)
        assert.equal((await ask(two, hers, 'GET', '/v1/me')).status, 200)
        const ended = await end()
        assert.equal(ended.status, 204, JSON.stringify(ended.body))
        await stream.until(() => stream.closed !== null, 'the close', soon)
        assert.equal(stream.closed?.code, 4401)
        assert.equal((await ask(two, hers, 'GET', '/v1/me')).status, 401)
      }
      const again = await ask(one, null, 'POST', '/v1/sessions', { email: barbara.email, password: 'correct horse 42' })
      Object.assign(barbara, { cookie: String(again.headers['set-cookie']).split(';')[0]! })
    })

    test('a role that changes on one makes streams on the other come back under the new rules', async () => {
      const hers = await listen(two.app, barbara)
      const change = await ask(one, ada, 'PATCH', `/v1/accounts/${barbara.account.id}`, {
        role: 'admin',
      })
      assert.equal(change.status, 200, JSON.stringify(change.body))
      await hers.until(() => hers.closed !== null, 'the close', soon)
      assert.equal(hers.closed?.code, 4410)
    })

    // Over NATS nobody else is let in.
    if (bus.kind === 'notify')
      test('what a stranger overhears on the database and repeats closes no stream and tells nobody anything', async () => {
        const overheard: string[] = []
        const stranger = await place.db.pool.connect()
        try {
          stranger.on('notification', ({ payload = '' }) => overheard.push(payload))
          await stranger.query('listen all_is_whale')
          const id = await channel(one, ada, 'overheard', [grace, barbara])
          const before = await listen(two.app, barbara)
          const message = await say(one, ada, id, 'Between us')
          await ask(three, barbara, 'PUT', `/v1/conversations/${id}/read`, { ordinal: message.ordinal })
          await told(before, (frame) => frame.type === 'read', 'read')
          await ask(one, ada, 'PATCH', `/v1/accounts/${barbara.account.id}`, { role: 'member' })
          await before.until(() => before.closed !== null, 'the close', soon)
          await ask(one, ada, 'DELETE', `/v1/conversations/${id}/members/${barbara.account.id}`)
          await stranger.query('select')
          assert.ok(overheard.length >= 5, `${overheard.length} overheard`)
          assert.ok(!overheard.some((said) => Buffer.from(said, 'base64').includes('Between us')))

          const [hers, others] = [await listen(two.app, barbara), await listen(two.app, grace)]
          await sleep(50)
          const had = hers.frames.length
          for (const said of [...overheard, ...overheard])
            await stranger.query('select pg_notify($1, $2)', ['all_is_whale', said])
          await say(one, ada, id, 'For those who stayed')
          await others.until(() => others.of(id).length === 1, 'the message', soon)
          assert.equal(hers.closed, null)
          assert.deepEqual(
            hers.frames.slice(had).filter((frame) => frame.type !== 'presence'),
            [],
          )
        } finally {
          stranger.release(true)
        }
      })

    test('typing, presence and read positions are told on the others, and also to a process that came later', async () => {
      const id = await channel(one, ada, 'surroundings', [grace])
      const hers = await listen(two.app, grace)
      const here = (frame: ServerFrame, state?: PresenceState) => tellsOf(frame, margaret.account.id, state)
      const theirs = await listen(three.app, margaret)
      await told(hers, (frame) => here(frame, 'active'), 'presence')
      const his = await listen(one.app, ada)
      his.say({ type: 'typing', conversationId: id })
      await told(hers, (frame) => frame.type === 'typing' && frame.accountId === ada.account.id, 'typing')
      const message = await say(one, ada, id, 'Read me')
      await ask(three, grace, 'PUT', `/v1/conversations/${id}/read`, { ordinal: message.ordinal })
      await told(hers, (frame) => frame.type === 'read' && frame.conversationId === id, 'read')

      const late = await listen(await place.another(), ada)
      const present = (frame: ServerFrame) =>
        here(frame) || (frame.type === 'welcome' && frame.present.some((one) => one.accountId === margaret.account.id))
      await told(late, present, 'who was there before')

      await theirs.close()
      await told(hers, (frame) => here(frame, 'offline'), 'offline')
    })

    test('while the bus is cut the sweep delivers within 2 s, and afterwards the bus is quick again', async () => {
      const other = { app: await swept.another() }
      const id = await channel(swept, swept.cast.ada, 'cut', [swept.cast.grace])
      const hers = await listen(other.app, swept.cast.grace)
      await say(swept, swept.cast.ada, id, 'Before')
      await hers.until(() => hers.of(id).length === 1, 'the one before', soon)

      const quick = await channel(one, ada, 'quick-again', [grace])
      const quicks = await listen(two.app, grace)
      const mend = await cut()
      await say(swept, swept.cast.ada, id, 'Meanwhile')
      await hers.until(() => hers.of(id).length === 2, 'the one meanwhile', 2_000)
      await say(one, ada, quick, 'Not seen by a sweep')
      await sleep(200)
      assert.equal(quicks.of(quick).length, 0)
      await mend()

      // The first that comes through brings all that was missed.
      for (let n = 0; n < 50 && quicks.of(quick).length === 0; n += 1) {
        await say(one, ada, quick, `Is it back? ${n}`)
        await sleep(100)
      }
      await say(one, ada, quick, 'It is')
      await quicks.until(() => JSON.stringify(quicks.of(quick)).includes('It is'), 'the last', soon)
      const seqs = quicks.seqs(quick)
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => seqs[0]! + index),
      )
      assert.ok(JSON.stringify(quicks.of(quick)).includes('Not seen by a sweep'))
    })
  })

  /** Takes the bus away, and nothing else. Returns how to give it back. */
  async function cut(): Promise<() => Promise<void>> {
    if (bus.kind === 'nats') {
      await nats!.stop('SIGKILL')
      return () => nats!.start()
    }
    // Whenever it is back, before it can be of use.
    const strike = async () => {
      for (const { db } of [place, swept])
        await db.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'all-is-whale bus' and datname = current_database()`,
        )
    }
    const mended = new AbortController()
    await strike()
    const striking = (async () => {
      while (!mended.signal.aborted) await strike()
    })()
    return async () => {
      mended.abort()
      await striking
    }
  }
}
