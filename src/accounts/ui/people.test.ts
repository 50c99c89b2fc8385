import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../shapes.ts'
import { createPeople } from './people.ts'

const account = (id: string, name = `Person ${id}`): Account => ({ id, name, role: 'member', avatar: null, color: 1 })
const soon = () => new Promise<void>((resolve) => setImmediate(resolve))

function open(known: (id: string) => Account | undefined = account) {
  const calls: string[][] = []
  const waits: number[] = []
  const server = { down: false }
  const people = createPeople(
    async (ids) => {
      calls.push([...ids])
      await soon()
      if (server.down) throw new Error('no answer')
      return ids.flatMap((id) => known(id) ?? [])
    },
    async (ms) => {
      waits.push(ms)
      if (waits.length === 3) server.down = false
    },
  )
  return { people, calls, waits, server, names: () => [...people.store.get().values()].map((one) => one.name) }
}

const settled = async () => {
  for (let i = 0; i < 20; i++) await soon()
}

test('what is asked for within a tick is one call, and nobody is asked for twice', async () => {
  const { people, calls, names } = open()
  people.ensure(['ada', 'grace'])
  people.ensure(['grace', 'linus'])
  await soon()
  people.ensure(['ada'])
  await settled()
  people.ensure(['ada', 'linus'])
  await settled()
  assert.deepEqual(calls, [['ada', 'grace', 'linus']])
  assert.equal(names().length, 3)
})

test('more than a hundred go out in calls of a hundred', async () => {
  const { people, calls } = open()
  people.ensure(Array.from({ length: 250 }, (_, i) => String(i)))
  await settled()
  assert.deepEqual(
    calls.map((ids) => ids.length),
    [100, 100, 50],
  )
})

test('a failed call is repeated with growing pauses until it works', async () => {
  const { people, calls, waits, server, names } = open()
  server.down = true
  people.ensure(['ada'])
  await settled()
  assert.deepEqual(waits, [1000, 2000, 4000])
  assert.equal(calls.length, 4)
  assert.deepEqual(names(), ['Person ada'])
})

test('an id that nobody has is asked for once', async () => {
  const { people, calls } = open((id) => (id === 'nobody' ? undefined : account(id)))
  people.ensure(['nobody'])
  await settled()
  people.ensure(['nobody'])
  await settled()
  assert.equal(calls.length, 1)
  people.refresh('nobody')
  await settled()
  assert.equal(calls.length, 2)
})

test('a changed account is fetched again, a stranger is not', async () => {
  let name = 'Ada'
  const { people, calls, names } = open((id) => account(id, name))
  people.ensure(['ada'])
  await settled()
  name = 'Ada Lindqvist'
  people.refresh('ada')
  people.refresh('stranger')
  await settled()
  assert.deepEqual(calls, [['ada'], ['ada']])
  assert.deepEqual(names(), ['Ada Lindqvist'])
})

test('after signing out nothing of before comes back', async () => {
  const { people, names } = open()
  people.ensure(['ada'])
  await Promise.resolve()
  people.clear()
  await settled()
  assert.deepEqual(names(), [])
  people.ensure(['grace'])
  await settled()
  assert.deepEqual(names(), ['Person grace'])
})

test('accounts that come with another reply need no call, but for those who changed while it was under way', async () => {
  let name = 'Grace'
  const { people, calls, names } = open((id) => account(id, name))
  await people.carried(Promise.resolve({ accounts: [account('ada', 'Ada'), account('grace', 'Grace')] }))
  people.ensure(['ada', 'grace'])
  await settled()
  assert.deepEqual([names(), calls], [['Ada', 'Grace'], []])

  const reply = Promise.withResolvers<{ accounts: Account[] }>()
  const coming = people.carried(reply.promise)
  name = 'Grace Okafor'
  people.refresh('grace')
  people.refresh('linus')
  await settled()
  reply.resolve({ accounts: [account('grace', 'Grace'), account('linus', 'Linus'), account('barbara', 'Barbara')] })
  await coming
  assert.deepEqual(names(), ['Ada', 'Grace Okafor', 'Barbara'])
  // A process of the release before brings none.
  await people.carried(Promise.resolve({}))
})

test('accounts that come with a reply of before a sign-out or a pause of the stream are not taken', async () => {
  const { people, names } = open()
  for (const over of [people.clear, people.refreshAll]) {
    const reply = Promise.withResolvers<{ accounts: Account[] }>()
    const coming = people.carried(reply.promise)
    over()
    reply.resolve({ accounts: [account('ada')] })
    await coming
    assert.deepEqual(names(), [])
  }
})

test('whom nobody is, or nobody whom one may know, is told from whoever is on the way', async () => {
  const { people } = open((id) => (id === 'nobody' ? undefined : account(id)))
  people.ensure(['nobody', 'ada'])
  assert.deepEqual([...people.unknown.get()], [])
  await settled()
  assert.deepEqual([...people.unknown.get()], ['nobody'])
  people.refresh('nobody')
  assert.deepEqual([...people.unknown.get()], [])
})
