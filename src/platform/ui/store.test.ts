import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, rememberSelection, shallowEqual } from './store.ts'

test('a listener hears each change until it stops listening', () => {
  const store = createStore(1)
  const heard: number[] = []
  const stop = store.subscribe(() => heard.push(store.get()))
  store.set(2)
  store.set((current) => current + 1)
  assert.deepEqual(heard, [2, 3])
  stop()
  store.set(4)
  assert.deepEqual(heard, [2, 3])
})

test('a set that changes nothing tells nobody', () => {
  const store = createStore({ name: 'Ada' })
  let calls = 0
  store.subscribe(() => calls++)
  store.set({ name: 'Ada' })
  assert.equal(calls, 1)
  store.set((current) => current)
  assert.equal(calls, 1)
})

test('a listener that leaves during a change does not silence the others', () => {
  const store = createStore(0)
  const heard: string[] = []
  const stopFirst = store.subscribe(() => {
    heard.push('first')
    stopFirst()
  })
  store.subscribe(() => heard.push('second'))
  store.set(1)
  assert.deepEqual(heard, ['first', 'second'])
})

test('a selection keeps its object while it is equal, even through a new selector function', () => {
  const select = rememberSelection<{ list: number[]; other: number }, number[]>()
  const even = () => (state: { list: number[] }) => state.list.filter((n) => n % 2 === 0)
  const first = select({ list: [1, 2], other: 0 }, even(), shallowEqual)
  assert.deepEqual(first, [2])
  assert.equal(select({ list: [1, 2], other: 1 }, even(), shallowEqual), first)
  assert.notEqual(select({ list: [1, 2, 4], other: 1 }, even(), shallowEqual), first)
})

test('without an equality a selection is still stable for the same state and selector', () => {
  const select = rememberSelection<number[], number[]>()
  const state = [1, 2]
  const copy = (list: number[]) => [...list]
  assert.equal(select(state, copy, Object.is), select(state, copy, Object.is))
})

test('shallow equality sees one level of arrays, objects, sets and maps', () => {
  assert.ok(shallowEqual([1, 2], [1, 2]))
  assert.ok(!shallowEqual([1, 2], [1, 2, 3]))
  assert.ok(!shallowEqual([], {}))
  assert.ok(!shallowEqual({ a: undefined }, { b: undefined }))
  assert.ok(shallowEqual(new Set([1]), new Set([1])))
  assert.ok(!shallowEqual(new Map([['a', 1]]), new Map([['a', 2]])))
})
