import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPressed } from './keys-at-hand.ts'

test('a key that can be touched is told from one of a screen', () => {
  assert.ok(isPressed({ code: 'Enter' }, false), 'a keyboard, at whatever device')
  assert.ok(!isPressed({ code: '' }, false), 'Android’s')
  assert.ok(!isPressed({ code: 'Unidentified' }, false))
  assert.ok(!isPressed({ code: 'Enter' }, true), 'an iPhone’s, which lies over the page')
})
