import assert from 'node:assert/strict'
import { test } from 'node:test'
import { avatarColour, initialsOf } from './initials.ts'

test('initials come from the first and the last word', () => {
  assert.equal(initialsOf('Edsger de Wit'), 'EW')
  assert.equal(initialsOf('Ada'), 'A')
  assert.equal(initialsOf('  grace   okafor '), 'GO')
  assert.equal(initialsOf('👩‍🚀 Ada'), '👩‍🚀A')
  assert.equal(initialsOf(''), '')
  assert.equal(initialsOf('Sam (Ops)'), 'SO')
  assert.equal(initialsOf('“Ada” Lindqvist'), 'AL')
  assert.equal(initialsOf('...'), '.')
  assert.equal(initialsOf('हिन्दी'), 'हि')
})

test('the colour follows the account and spreads over all six', () => {
  assert.equal(avatarColour('019ab'), avatarColour('019ab'))
  const used = new Set(Array.from({ length: 200 }, (_, n) => avatarColour(`0192-${n}`)))
  assert.equal(used.size, 6)
})
