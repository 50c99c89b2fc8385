import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '#platform/db/database.ts'
import { type BatchLine, BatchLines } from './lines.ts'

// When a batch may leave on which connection. Nothing connects here: lines open with their first statement.

const messages = (count: number) => ({ length: count })
type Batch = ReturnType<typeof messages>

function lines() {
  const all = new BatchLines<Batch>(openDatabase('postgres://nobody@127.0.0.1:1/none'))
  const [first, second] = all
  return { all, first: first!, second: second! }
}

/** `count` batches of a message each, one after the other, which take so long; the time after them. */
function send(line: BatchLine<Batch>, { count, tookMs, from }: { count: number; tookMs: number; from: number }) {
  let now = from
  for (let n = 0; n < count; n += 1) {
    const batch = messages(1)
    line.depart(batch, now)
    line.arrive(batch, (now += tookMs))
  }
  return now
}

test('usually two batches are on the first connection, and none on the second', () => {
  const { all, first } = lines()
  for (const batch of [messages(20), messages(30)]) {
    assert.equal(all.free(0), first)
    first.depart(batch, 0)
  }
  assert.equal(all.free(0), undefined)
  assert.equal(all.size, 50)
})

test('where each commit takes long, there is one batch on each, until commits are quick again', () => {
  const { all, first, second } = lines()
  let now = send(first, { count: 200, tookMs: 5, from: 1_000 })
  const [one, other] = [messages(1), messages(1)]
  assert.equal(all.free(now), first)
  first.depart(one, now)
  assert.equal(all.free(now), second)
  second.depart(other, now)
  assert.equal(all.free(now), undefined)
  first.arrive(one, now)
  second.arrive(other, now)
  now = send(first, { count: 200, tookMs: 1, from: now })
  first.depart(one, now)
  assert.equal(all.free(now), first)
})

test('a stutter is no slow commit', () => {
  const { all, first } = lines()
  let now = 1_000
  for (let n = 0; n < 20; n += 1) now = send(first, { count: 1, tookMs: n % 3 ? 1 : 200, from: now })
  first.depart(messages(1), now)
  assert.equal(all.free(now), first)
})

test('a large batch may take long without having waited', () => {
  const { all, first } = lines()
  first.depart(messages(500), 0)
  assert.equal(all.free(40), first)
  assert.equal(first.waits(80), true)
})

test('behind a batch that is held up none leaves; the other connection takes two', () => {
  const { all, first, second } = lines()
  first.depart(messages(1), 0)
  assert.equal(all.free(100), second)
  second.depart(messages(1), 100)
  assert.equal(all.free(101), second)
  second.depart(messages(1), 101)
  assert.equal(all.free(102), undefined)
})

test('a batch that left behind another is not held up before its turn', () => {
  const { all, first } = lines()
  const [ahead, behind] = [messages(1), messages(1)]
  first.depart(ahead, 0)
  first.depart(behind, 0)
  first.arrive(ahead, 100)
  assert.equal(all.free(101), first)
  assert.equal(first.waits(101), false)
  assert.equal(first.waits(130), true)
})
