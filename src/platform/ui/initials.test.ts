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

test('the colour is the account’s own, and of whoever is not known one of the same six by the id', () => {
  assert.equal(avatarColour({ id: '019ab', color: 4 }), 'var(--avatar-4)')
  assert.equal(avatarColour({ id: '019ab' }), avatarColour({ id: '019ab' }))
  const used = new Set(Array.from({ length: 200 }, (_, n) => avatarColour({ id: `0192-${n}` })))
  assert.equal(used.size, 6)
})
