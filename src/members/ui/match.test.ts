import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchName } from './match.ts'

const shown = (typed: string, name: string) => {
  const match = matchName(typed, name)
  if (!match) return undefined
  let text = ''
  let from = 0
  for (const piece of match.at) {
    text += `${name.slice(from, piece.from)}[${name.slice(piece.from, piece.to)}]`
    from = piece.to
  }
  return `${match.rank} ${text}${name.slice(from)}`
}

test('the beginning of the name is best, then of a word, then anywhere', () => {
  assert.equal(shown('de', 'design'), '0 [de]sign')
  assert.equal(shown('de', 'Edsger de Wit'), '1 Edsger [de] Wit')
  assert.equal(shown('de', 'orders'), '2 or[de]rs')
  assert.equal(shown('de', 'launch'), undefined)
})

test('case and accents do not matter, and the marks stand on the right letters', () => {
  assert.equal(shown('zoe', 'Zoë Ångström'), '0 [Zoë] Ångström')
  assert.equal(shown('ang', 'Zoë Ångström'), '1 Zoë [Ång]ström')
  assert.equal(shown('é', '🐳 Élan'), '1 🐳 [É]lan')
})

test('every word that was typed has to be there, in any order', () => {
  assert.equal(shown('lin ada', 'Ada Lindqvist'), '1 [Ada] [Lin]dqvist')
  assert.equal(shown('ada lin', 'Ada Lindqvist'), '0 [Ada] [Lin]dqvist')
  assert.equal(shown('ada x', 'Ada Lindqvist'), undefined)
  assert.equal(shown('on-mi', 'customer-onboarding-and-migrations'), undefined)
  assert.equal(shown('onb', 'customer-onboarding'), '1 customer-[onb]oarding')
})

test('nothing typed fits everything', () => {
  assert.equal(shown('  ', 'design'), '0 design')
})
