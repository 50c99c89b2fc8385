import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../contract/problem.ts'
import { type Asker, FairQueue } from './fair-queue.ts'

const asker = (key: string, more: Partial<Asker> = {}): Asker => ({ key, room: 100, isGone: () => false, ...more })
const codeOf = (error: unknown) => {
  assert.ok(error instanceof Refusal)
  return `${error.problem.code} ${error.more.retryAfterSeconds}`
}

/** A queue whose works end when they are told to, and that notes in which order they began. */
function held(options: Partial<ConstructorParameters<typeof FairQueue>[0]> = {}) {
  const queue = new FairQueue({ atOnce: 1, most: 100, seconds: 0.5, ...options })
  const begun: string[] = []
  const endings: (() => void)[] = []
  return {
    queue,
    begun,
    ask: (name: string, by: Asker) =>
      queue.do(by, () => {
        begun.push(name)
        return new Promise<string>((resolve) => endings.push(() => resolve(name)))
      }),
    endOne: async () => {
      endings.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('sixty works of one asker delay another by one', async () => {
  const { queue, begun, ask, endOne } = held()
  const all = [
    ...Array.from({ length: 60 }, (_, n) => ask(`edsger ${n}`, asker('edsger'))),
    ask('ada', asker('ada')),
    ask('grace', asker('grace')),
    ask('grace again', asker('grace')),
  ]
  assert.deepEqual(queue.load, { running: 1, waiting: 62 })
  for (let n = 0; n < 70; n += 1) await endOne()
  assert.deepEqual(begun.slice(0, 7), ['edsger 0', 'edsger 1', 'ada', 'grace', 'edsger 2', 'grace again', 'edsger 3'])
  assert.equal((await Promise.all(all)).length, 63)
  assert.deepEqual(queue.load, { running: 0, waiting: 0 })
})

test('only so many run at the same time, and one that fails makes room', async () => {
  const queue = new FairQueue({ atOnce: 2, most: 100, seconds: 1 })
  let running = 0
  let most = 0
  const results = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) =>
      queue.do(asker(`person ${n % 3}`), async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        if (n % 4 === 0) throw new Error('failed')
        return n
      }),
    ),
  )
  assert.equal(most, 2)
  assert.equal(results.filter(({ status }) => status === 'rejected').length, 3)
  assert.deepEqual(queue.load, { running: 0, waiting: 0 })
})

test('above what one may have waiting, and above all, it says when to come again', async () => {
  const { queue, ask, endOne } = held({ most: 6 })
  const few = { room: 4 }
  const waiting = Array.from({ length: 4 }, (_, n) => ask(`${n}`, asker('edsger', few)))
  await ask('one too many', asker('edsger', few)).catch((error: unknown) => assert.equal(codeOf(error), 'slow-down 2'))
  waiting.push(ask('ada', asker('ada', few)), ask('grace', asker('grace', few)))
  await ask('linus', asker('linus', few)).catch((error: unknown) => assert.equal(codeOf(error), 'unavailable 3'))
  assert.deepEqual(queue.load, { running: 1, waiting: 5 })
  for (let n = 0; n < 6; n += 1) await endOne()
  assert.equal((await Promise.all(waiting)).length, 6)
  assert.deepEqual(queue.load, { running: 0, waiting: 0 })
})

test('those who come first wait for nobody else, by turns among themselves, and find room where others find none', async () => {
  const { queue, begun, ask, endOne } = held({ most: 6 })
  const known = (key: string) => asker(key, { first: true, room: 2 })
  const all = Array.from({ length: 6 }, (_, n) => ask(`stranger ${n}`, asker(`network ${n}`)))
  assert.equal(await ask('one too many', asker('network 7')).catch(codeOf), 'unavailable 3')
  all.push(ask('ada 1', known('ada')), ask('ada 2', known('ada')), ask('grace', known('grace')))
  assert.equal(await ask('ada 3', known('ada')).catch(codeOf), 'slow-down 1')
  assert.deepEqual(queue.load, { running: 1, waiting: 8 })
  for (let n = 0; n < 9; n += 1) await endOne()
  assert.deepEqual(begun.slice(0, 5), ['stranger 0', 'ada 1', 'grace', 'ada 2', 'stranger 1'])
  assert.equal((await Promise.all(all)).length, 9)
  assert.deepEqual(queue.load, { running: 0, waiting: 0 })
})

test('what nobody waits for any more is never begun, and gives its room back', async () => {
  const { queue, begun, ask, endOne } = held({ most: 5 })
  let isGone = false
  const gone = asker('edsger', { isGone: () => isGone })
  const first = ask('first', asker('ada'))
  const dropped = Array.from({ length: 4 }, (_, n) => ask(`gone ${n}`, gone).catch(codeOf))
  isGone = true
  // Full, if those who left were counted.
  const last = ask('last', asker('grace'))
  assert.deepEqual(queue.load, { running: 1, waiting: 1 })
  await Promise.all(dropped)
  isGone = false
  const later = ask('later', gone).catch(codeOf)
  isGone = true
  for (let n = 0; n < 3; n += 1) await endOne()
  await later
  assert.deepEqual([await first, await last], ['first', 'last'])
  assert.deepEqual(begun, ['first', 'last'])
  assert.deepEqual(queue.load, { running: 0, waiting: 0 })
})
