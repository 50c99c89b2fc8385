import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { ApiProblem, ApiUnreachable } from '#platform/ui/api.ts'
import { createStore } from '#platform/ui/store.ts'
import type { Message } from '../shapes.ts'
import { openDevice, type KeptOutgoing } from './device.ts'
import { createOutgoing, mayTakeBack, type Network, type OutgoingOptions } from './outgoing.ts'

/** As much of the server as an outbox meets: keeps each clientId once, and answers, refuses or stays silent. */
class Server {
  kept: string[] = []
  asked: string[] = []
  mood: (message: KeptOutgoing) => void | Promise<void> = () => {}

  post = async (message: KeptOutgoing): Promise<Message> => {
    this.asked.push(message.body)
    await this.mood(message)
    if (!this.kept.includes(message.body)) this.kept.push(message.body)
    return {
      id: message.clientId,
      conversationId: message.conversationId,
      clientId: message.clientId,
      accountId: message.accountId,
      body: message.body,
    } as Message
  }
}

const open: { close(): void }[] = []
// Locks belong to the process here: a tab left open would hold its lane against the next test.
afterEach(() => open.splice(0).forEach((each) => each.close()))
let places = 0

function browser(name = `browser ${++places}`) {
  const device = openDevice(name)
  open.push(device)
  const tab = (server: Server, more: Partial<OutgoingOptions> = {}) => {
    const kept: Message[] = []
    const network = createStore<Network>('live')
    const outgoing = createOutgoing({
      accountId: 'ada',
      device,
      network,
      onKept: (message) => kept.push(message),
      post: server.post,
      pause: { first: 5, longest: 20 },
      ...more,
    })
    open.push(outgoing)
    return { ...outgoing, network, kept, states: () => outgoing.outbox.get().map((each) => each.delivery.state) }
  }
  return { tab, device }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let left = 400; left > 0; left--) {
    if (holds()) return
    await pauseFor(5)
  }
  assert.fail(`never: ${what}`)
}

const write = (body: string, conversationId = 'c') => ({ conversationId, threadRoot: null, body })
const problem = (status: number, code: string, retryAfter: string | null = null) =>
  new ApiProblem(status, { code, title: `Because of ${code}.` }, retryAfter)

describe('a lane whose lock another tab holds', () => {
  const locks = () => globalThis.navigator.locks
  const hold = (name: string, until: Promise<void>) =>
    new Promise<void>((held) => void locks().request(name, () => (held(), until)))

  test('goes on without it when that tab does not run any more', async () => {
    const server = new Server()
    let free = () => {}
    await hold('outgoing ada c', new Promise((done) => (free = done)))
    const { tab } = browser()
    const ada = tab(server, { lockPatience: 40 })
    await ada.send(write('one'))
    await ada.send(write('two'))
    await until(() => ada.outbox.get().length === 0, 'both went out')
    assert.deepEqual(server.kept, ['one', 'two'])
    free()
  })

  test('waits for a tab that runs, for as long as it takes', async () => {
    const server = new Server()
    const { tab } = browser()
    const first = tab(server, { lockPatience: 40 })
    let answer = () => {}
    server.mood = () => new Promise((done) => (answer = done))
    await first.send(write('one'))
    await until(() => server.asked.length === 1, 'the first tab is sending')
    const second = tab(server, { lockPatience: 40 })
    await second.send(write('two'))
    await pauseFor(200)
    assert.deepEqual(server.asked, ['one'])
    server.mood = () => {}
    answer()
    await until(() => server.kept.length === 2, 'both are kept')
    assert.deepEqual(server.kept, ['one', 'two'])
  })

  test('goes on where asking for a lock fails, or is never answered', async () => {
    for (const request of [
      () => Promise.reject(new DOMException('No', 'SecurityError')),
      () => new Promise(() => {}),
    ]) {
      const server = new Server()
      const { tab } = browser()
      const ada = tab(server, { lockPatience: 40, locks: { request } })
      await ada.send(write('one'))
      await until(() => server.kept.length === 1, 'it went out')
    }
  })
})

test('what was refused because another account is signed in waits for its own', async () => {
  const server = new Server()
  const { tab } = browser()
  const ada = tab(server)
  server.mood = () => {
    throw problem(409, 'other-account')
  }
  await ada.send(write('hers'))
  await until(() => server.asked.length > 1, 'it tries again')
  assert.notEqual(ada.states()[0], 'refused')
  server.mood = () => {}
  await until(() => ada.outbox.get().length === 0, 'it went out')
  assert.deepEqual(server.kept, ['hers'])
})

describe('the outbox', () => {
  test('a message is on the device before it is on its way, and off it once it is kept', async () => {
    const server = new Server()
    const { tab, device } = browser()
    const onDevice: string[][] = []
    server.mood = async () => void onDevice.push((await device.outgoing('ada')).map((each) => each.body))
    const ada = tab(server)
    await ada.send(write('hello'))
    await until(() => ada.outbox.get().length === 0, 'the outbox is empty')
    assert.deepEqual(onDevice, [['hello']])
    assert.deepEqual(
      ada.kept.map((each) => each.body),
      ['hello'],
    )
    assert.deepEqual(await device.outgoing('ada'), [])
  })

  test('messages of one conversation go one after the other, in the order written', async () => {
    const server = new Server()
    let together = 0
    server.mood = async () => {
      assert.equal(++together, 1)
      await pauseFor(Math.random() * 4)
      together--
    }
    const ada = browser().tab(server)
    const bodies = Array.from({ length: 12 }, (_, at) => `number ${at}`)
    await Promise.all(bodies.map((body) => ada.send(write(body))))
    await until(() => server.kept.length === 12, 'all are kept')
    assert.deepEqual(server.kept, bodies)
  })

  test('silence, a failing server and a full one try the same message again, and it arrives once', async () => {
    const server = new Server()
    const faults = [
      new ApiUnreachable('gone'),
      problem(500, 'internal'),
      problem(503, 'queue-full'),
      problem(429, 'slow-down', '0'),
    ]
    const ids = new Set<string>()
    server.mood = (message) => {
      ids.add(message.clientId)
      const fault = faults.shift()
      if (fault) throw fault
    }
    const ada = browser().tab(server)
    await ada.send(write('hello'))
    await until(() => server.kept.length === 1, 'it is kept')
    assert.deepEqual([server.asked.length, ids.size, server.kept], [5, 1, ['hello']])
  })

  test('Retry-After is waited for, and the row says until when', async () => {
    const server = new Server()
    server.mood = () => {
      if (server.asked.length === 1) throw problem(429, 'slow-down', '1')
    }
    const ada = browser().tab(server)
    const began = performance.now()
    // On a busy machine it may be over before one looks.
    let saidSo = false
    ada.outbox.subscribe(() => {
      const [first] = ada.outbox.get()
      if (first?.delivery.state === 'sending' && first.delivery.resumesAt) saidSo = true
    })
    await ada.send(write('hello'))
    await until(() => server.kept.length === 1, 'it is kept')
    assert.ok(saidSo)
    assert.ok(performance.now() - began > 950)
  })

  test('a refused message keeps its text and its reason, and holds up nobody behind it', async () => {
    const server = new Server()
    server.mood = ({ body }) => {
      if (body === 'refused') throw problem(409, 'conversation-archived')
    }
    const ada = browser().tab(server)
    const id = await ada.send(write('refused'))
    await ada.send(write('fine'))
    await until(() => server.kept.includes('fine') && ada.outbox.get().length === 1, 'the next one is kept')
    assert.deepEqual(
      ada.outbox.get().map((each) => each.delivery),
      [{ state: 'refused', code: 'conversation-archived', reason: 'Because of conversation-archived.' }],
    )
    assert.ok(mayTakeBack(ada.outbox.get()[0]!))
    assert.equal(await ada.takeBack(id), 'refused')
    assert.deepEqual(ada.outbox.get(), [])
  })

  test('offline, messages wait without being tried, and can still be taken back; back online they go in order', async () => {
    const server = new Server()
    const ada = browser().tab(server)
    ada.network.set('offline')
    await ada.send(write('one'))
    const second = await ada.send(write('two'))
    await ada.send(write('three'))
    await pauseFor(30)
    assert.deepEqual([server.asked, ada.states()], [[], ['waiting', 'waiting', 'waiting']])
    assert.equal(await ada.takeBack(second), 'two')
    ada.network.set('live')
    await until(() => server.kept.length === 2, 'both are kept')
    assert.deepEqual(server.kept, ['one', 'three'])
  })

  test('what was tried cannot be taken back, because the server may have it', async () => {
    const server = new Server()
    server.mood = () => {
      throw new ApiUnreachable('lost on the way back')
    }
    const ada = browser().tab(server, { pause: { first: 60_000, longest: 60_000 } })
    const id = await ada.send(write('hello'))
    await until(() => server.asked.length === 1, 'it is tried')
    assert.equal(await ada.takeBack(id), undefined)
    assert.equal(ada.outbox.get().length, 1)
    server.mood = () => {}
    ada.tryNow()
    await until(() => server.kept.length === 1, 'it is kept')
  })

  test('what stands behind a message that nobody answers waits as well, and can be taken back', async () => {
    const server = new Server()
    server.mood = () => {
      throw new ApiUnreachable('nobody there')
    }
    const ada = browser().tab(server, { pause: { first: 60_000, longest: 60_000 } })
    ada.network.set('unknown')
    await ada.send(write('one'))
    await until(() => ada.states()[0] === 'waiting', 'the first is tried in vain')
    const second = await ada.send(write('two'))
    assert.deepEqual(ada.states(), ['waiting', 'waiting'])
    assert.equal(await ada.takeBack(second), 'two')
    server.mood = () => {}
    ada.network.set('live')
    await until(() => server.kept.length === 1, 'the first is kept')
    assert.deepEqual(server.kept, ['one'])
  })

  test('two minutes without an answer say that it is not confirmed, never that it was not sent', async () => {
    let time = 1_000_000
    const server = new Server()
    server.mood = () => {
      throw new ApiUnreachable('gone')
    }
    const ada = browser().tab(server, { now: () => time })
    await ada.send(write('hello'))
    assert.deepEqual(ada.states(), ['written'])
    time += 400
    await until(() => ada.states()[0] === 'sending', 'it is being sent')
    time += 120_000
    await until(() => ada.states()[0] === 'not-confirmed', 'it is not confirmed')
  })

  test('a clock that is set back changes nothing of what a row says, nor when it goes on', async (t) => {
    const server = new Server()
    let refusals = 1
    server.mood = () => {
      if (refusals-- > 0) throw problem(429, 'slow-down', '1')
    }
    const ada = browser().tab(server)
    await ada.send(write('hello'))
    const real = Date.now
    t.mock.method(Date, 'now', () => real() - 7_200_000)
    // A busy machine may look only when it has gone on from there.
    await until(() => ada.states()[0] !== 'written', 'it is being sent')
    await until(() => ada.outbox.get().length === 0, 'it went out')
    // And what is written now comes behind what was written before.
    ada.network.set('offline')
    await ada.send(write('later'))
    t.mock.restoreAll()
    await ada.send(write('last'))
    assert.deepEqual(
      ada.outbox.get().map((each) => each.body),
      ['later', 'last'],
    )
  })

  test('what waits survives a reload, and a lost answer makes no second message', async () => {
    const server = new Server()
    const { tab } = browser()
    const before = tab(server)
    server.mood = ({ body }) => {
      server.kept.push(body) // kept, but the answer never arrives
      throw new ApiUnreachable('lost on the way back')
    }
    await before.send(write('hello'))
    await until(() => server.asked.length > 0, 'it was tried')
    before.close()
    server.kept = ['hello']
    server.mood = () => {}
    const after = tab(server)
    await until(() => after.kept.length === 1, 'the next page sends it')
    assert.deepEqual(server.kept, ['hello'])
  })

  for (const locks of [navigator.locks, undefined]) {
    test(`two tabs lose nothing and show the same ${locks ? 'with' : 'without'} locks`, async () => {
      const server = new Server()
      server.mood = () => pauseFor(2).then(() => undefined)
      const { tab } = browser()
      const [left, right] = [tab(server, { locks }), tab(server, { locks })]
      await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 ? left : right).send(write(`number ${at}`))))
      await until(() => left.outbox.get().length + right.outbox.get().length === 0, 'both are empty')
      assert.equal(server.kept.length, 10)
      if (locks) assert.equal(server.asked.length, 10)
      const seen = (one: typeof left) => new Set(one.kept.map((each) => each.body)).size
      await until(() => seen(left) === 10 && seen(right) === 10, 'both heard of all')
    })
  }

  test('another account on this browser neither sees nor sends it', async () => {
    const server = new Server()
    const { tab } = browser()
    const ada = tab(server)
    ada.network.set('offline')
    await ada.send(write('mine'))
    ada.close()
    const grace = tab(server, { accountId: 'grace' })
    await grace.ready
    await pauseFor(30)
    assert.deepEqual([grace.outbox.get(), server.asked], [[], []])
    const again = tab(server)
    await until(() => again.kept.length === 1, 'it waits for its author')
  })
})
