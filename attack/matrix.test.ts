import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlace } from '#acceptance/testing.ts'
import { matrix } from './matrix/matrix.ts'
import { undeclared } from './matrix/rules.ts'

const place = await testPlace()
const { operations } = place.app.http

test('every operation lets in whom its contract and their memberships let in, and to others there is nothing', async () => {
  const cells = await matrix({ origin: place.app.url, sql: place.db.pool }, operations, true)
  assert.ok(cells.length >= 500, String(cells.length))
  assert.ok(cells.filter(({ expected }) => expected === 'let in').length > 100)
  const wrong = cells.filter((cell) => !cell.holds)
  assert.deepEqual(wrong, [])
})

test('every id that an operation takes is named by the rules of the matrix', () => {
  assert.deepEqual(undeclared(operations), [])
  const fresh = { ...operations[0]!, operationId: 'watchWhale', path: '/v1/whales/{whaleId}' }
  assert.match(undeclared([fresh])[0]!, /watchWhale takes whaleId: say in attack\/matrix\/rules\.ts/)
})
