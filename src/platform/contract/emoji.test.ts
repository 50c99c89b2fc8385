import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codePointsOf, emojiOf, inTone, skinTones, withoutTone } from './emoji.ts'

test('a reaction is one emoji, with its skin tone, flag or joiner', () => {
  for (const emoji of ['👍', '👍🏽', '🇩🇰', '👩‍💻', '❤️', '🏴‍☠️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👁️‍🗨️']) assert.equal(emojiOf(emoji), emoji)
  for (const text of ['', 'a', '👍👍', ':-)', '1', ' 👍', '1\ufe0f', '\ufe0f', '🇩', '👍\u200d', '🏽🏽'])
    assert.equal(emojiOf(text), undefined, text)
})

/** Each code point that is an emoji by itself, and others of every kind that is put together. */
const whole: string[] = []
for (let code = 0; code <= 0x1ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue
  for (const spelt of [String.fromCodePoint(code), `${String.fromCodePoint(code)}\ufe0f`])
    if (/^\p{RGI_Emoji}$/v.test(spelt)) whole.push(spelt)
}
for (const sign of '0123456789#*') whole.push(`${sign}\ufe0f\u20e3`)
whole.push('👩‍❤️‍💋‍👨', '🏳️‍🌈', '🏳️‍⚧️', '🏴‍☠️', '👩‍⚕️', '🏌🏽‍♂️', '🏌️‍♂️', '🕵️‍♀️', '❤️‍🔥', '⛓️‍💥', '🙂‍↕️', '🇫🇮', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '☝🏽', '🤝🏿', '👨‍👩‍👧')

test('an emoji has one spelling, whichever selectors it came with', () => {
  assert.ok(whole.length > 1_300)
  const wrong: string[] = []
  for (const emoji of whole) {
    const parts = Array.from(emoji)
    const everywhere = parts
      .map((part) => (/\ufe0f|\u200d|\u20e3|[\u{e0020}-\u{e007f}]/u.test(part) ? part : `${part}\ufe0f`))
      .join('')
      .replaceAll('\ufe0f\ufe0f', '\ufe0f')
    for (const spelling of [
      emoji,
      emoji.replaceAll('\ufe0f', ''),
      emoji.replace('\ufe0f', ''),
      emoji.replaceAll('\ufe0f', '\ufe0e'),
      everywhere,
    ])
      if (emojiOf(spelling) !== emoji) wrong.push(JSON.stringify(spelling))
  }
  assert.deepEqual(wrong, [])
  assert.notEqual(emojiOf('👍🏽'), emojiOf('👍'))
  assert.notEqual(emojiOf('☝🏽'), emojiOf('☝'))
})

test('a tone is given to everybody in an emoji, and taken away again', () => {
  const [light, , medium, , dark] = skinTones
  for (const [emoji, tone, toned] of [
    ['👍', medium, '👍🏽'],
    ['☝️', dark, '☝🏿'],
    ['🕵️‍♀️', light, '🕵🏻‍♀️'],
    ['🧑‍🤝‍🧑', medium, '🧑🏽‍🤝‍🧑🏽'],
    ['👩‍❤️‍💋‍👨', dark, '👩🏿‍❤️‍💋‍👨🏿'],
  ] as const) {
    assert.equal(inTone(emoji, tone), toned)
    assert.equal(emojiOf(toned), toned, 'the server takes it as a reaction')
    assert.equal(withoutTone(toned), emoji)
  }
  assert.equal(withoutTone('❤️'), '❤️')
})

test('a drawing is called by the code points of its emoji', () => {
  assert.deepEqual(['❤️', '1️⃣', '👍🏽', '👩‍💻'].map(codePointsOf), ['2764', '31-20e3', '1f44d-1f3fd', '1f469-200d-1f4bb'])
})
