import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later } from './later.ts'

test('what comes later is asked for once, and again only after a failure', async () => {
  let asked = 0
  let works = false
  const part = later(async () => {
    asked++
    if (!works) throw new Error('no network')
    return 'the menu'
  })
  assert.equal(part.now(), undefined)
  assert.equal(asked, 0, 'nothing before somebody wants it')
  assert.equal(await part.load(), undefined)
  works = true
  assert.deepEqual(await Promise.all([part.load(), part.load()]), ['the menu', 'the menu'])
  assert.equal(part.now(), 'the menu')
  await part.load()
  assert.equal(asked, 2)
})
