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

test('letters that no mark was added to are found by the plain ones, and stand marked whole', () => {
  assert.equal(shown('lukasz', 'Łukasz Wójcik'), '0 [Łukasz] Wójcik')
  assert.equal(shown('odegard', 'Ståle Ødegård'), '1 Ståle [Ødegård]')
  assert.equal(shown('strasse weiss', 'Straße Weiß'), '0 [Straße] [Weiß]')
  assert.equal(shown('WEIS', 'Straße Weiß'), '1 Straße [Weiß]')
  assert.equal(shown('isik', 'İbrahim Işık'), '1 İbrahim [Işık]')
  assert.equal(shown('duc', 'Đức'), '0 [Đức]')
  assert.equal(shown('thor', 'Þór'), '0 [Þór]')
  assert.equal(shown('istanbul', 'i\u0307stanbul'), '0 [i\u0307stanbul]')
})

test('a word begins behind an apostrophe, a bracket, a hyphen, and anywhere in scripts without spaces', () => {
  assert.equal(shown('brien', 'Conan O’Brien'), '1 Conan O’[Brien]')
  assert.equal(shown("o'b", 'Conan O’Brien'), '1 Conan [O’B]rien')
  assert.equal(shown('ops', 'Sam (Ops) Doe'), '1 Sam ([Ops]) Doe')
  assert.equal(shown('太郎', '山田太郎'), '1 山田[太郎]')
  assert.equal(shown('ﾀﾛｳ', '山田タロウ'), '1 山田[タロウ]')
  assert.equal(shown('ใจ', 'สมใจ'), '1 สม[ใจ]')
  assert.equal(shown('ada', 'Granada'), '2 Gran[ada]')
})

test('a mark stands around whole signs: a syllable while it is typed, a vowel with its letter', () => {
  assert.equal(shown('기', '김민준'), '0 [김]민준')
  assert.equal(shown('ह', 'हिन्दी'), '0 [हि]न्दी')
})
