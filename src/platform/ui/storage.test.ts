import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forgetAccount, keep, keepFor, keysFor, readFor, readKept } from './storage.ts'

test('storage that throws, is null or is not there keeps nothing and fails nothing', (t) => {
  const former = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')
  t.after(() =>
    former ? Object.defineProperty(globalThis, 'localStorage', former) : delete (globalThis as never)['localStorage'],
  )
  const forbidden = () => {
    throw new DOMException('Forbidden', 'SecurityError')
  }
  const full = { getItem: () => null, setItem: forbidden, removeItem: forbidden }
  for (const get of [forbidden, () => null, () => undefined, () => full] as (() => unknown)[]) {
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get })
    keep('appearance', '{}')
    keepFor('ada', 'last-conversation', 'c')
    assert.deepEqual([readKept('appearance'), readFor('ada', 'last-conversation')], [null, null])
    forgetAccount('ada')
    assert.deepEqual(keysFor('ada', 'left '), [])
  }
})
