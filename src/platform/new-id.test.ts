import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from './new-id.ts'

test('ids are UUIDs of version 7 of this time, each greater than the one before, however many a millisecond has', () => {
  const began = Date.now()
  const ids = Array.from({ length: 50_000 }, newId)
  assert.deepEqual(ids, ids.toSorted())
  assert.equal(new Set(ids).size, ids.length)
  for (const id of [ids[0]!, ids.at(-1)!]) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const at = parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
    assert.ok(at >= began && at <= Date.now() + 1_000, `${at} is not now`)
  }
})
