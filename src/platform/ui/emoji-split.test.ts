import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codePointsOf } from '../contract/emoji.ts'
import { readDrawings } from '../text/emoji-drawings.ts'
import { drawingsEdition } from './emoji-drawn.ts'
import { drawingOf, splitEmoji } from './emoji-split.ts'

const { edition, files } = readDrawings()
const nameOf = (emoji: string) => /\/([^/]+)\.svg$/.exec(drawingOf(emoji) ?? '')?.[1]

/** Every emoji of Unicode that this Node.js knows, in all tones. */
function everyEmoji(): Set<string> {
  const found = new Set<string>()
  const add = (text: string) => /^\p{RGI_Emoji}$/v.test(text) && found.add(text)
  const signs: string[] = []
  for (let code = 0x23; code <= 0x1ffff; code++) {
    const sign = String.fromCodePoint(code)
    if (!/\p{Emoji}/u.test(sign)) continue
    for (const spelt of [sign, `${sign}\ufe0f`, `${sign}\ufe0f\u20e3`]) add(spelt)
    signs.push(sign)
  }
  for (const sign of signs) for (const tone of ['🏻', '🏼', '🏽', '🏾', '🏿']) add(sign + tone)
  for (const one of signs) if (/\p{RI}/u.test(one)) for (const two of signs) if (/\p{RI}/u.test(two)) add(one + two)
  return found
}

test('the table of drawings is right for every emoji: a file for each that it says is drawn, and none for the others', () => {
  assert.equal(drawingsEdition, edition, 'run bin/emoji.mjs')
  const all = everyEmoji()
  assert.ok(all.size > 2_000, String(all.size))
  // With those that are put together: the drawn ones by their files.
  for (const name of files.keys()) {
    const emoji = String.fromCodePoint(...name.split('-').map((code) => Number.parseInt(code, 16)))
    all.add(emoji)
  }
  const wrong = [...all].filter((emoji) => (nameOf(emoji) !== undefined) !== files.has(codePointsOf(emoji)))
  assert.deepEqual(wrong, [])
  assert.ok([...all].filter((emoji) => nameOf(emoji) !== undefined).length > 3_000)
})

test('an emoji leads to its own drawing in every spelling, with tones, joiners and keycaps', () => {
  for (const [emoji, name] of [
    ['👍', '1f44d'],
    ['👍🏽', '1f44d-1f3fd'],
    ['❤️', '2764'],
    ['❤', '2764'],
    ['1️⃣', '31-20e3'],
    ['1⃣', '31-20e3'],
    ['🏳️‍🌈', '1f3f3-200d-1f308'],
    ['🏳‍🌈', '1f3f3-200d-1f308'],
    ['👩🏿‍🚀', '1f469-1f3ff-200d-1f680'],
    ['👉🏼', '1f449-1f3fc'],
    ['🤝', '1f91d'],
  ] as const)
    assert.equal(nameOf(emoji), name, emoji)
  for (const none of ['🇩🇰', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👦', '🤝🏿', '💏🏻', 'a', '👍👍', '']) assert.equal(drawingOf(none), undefined, none)
  // What points to the right is the drawing of what points to the left, mirrored.
  assert.ok(files.get('1f449')!.includes('matrix(-1 0 0 1 32 0)') && !files.get('1f448')!.includes('matrix'))
})

test('a text is cut at its emoji and is whole again when it is put together', () => {
  const said = (text: string) =>
    splitEmoji(text).map((piece) => (typeof piece === 'string' ? piece : `[${piece.emoji}]`))
  assert.deepEqual(said('Well 👍🏽, done🎉🎉'), ['Well ', '[👍🏽]', ', done', '[🎉]', '[🎉]'])
  assert.deepEqual(said('Proud 🏳‍🌈 and ❤️, not ❤ or ❤︎'), ['Proud ', '[🏳‍🌈]', ' and ', '[❤️]', ', not ❤ or ❤︎'])
  // Signs of text, figures, what has no drawing, halves.
  for (const plain of ['Whale™ © 2026, #1 *2', '🇩🇰🇳🇴', 'a\u200db', '\ud83d', '👨‍👩‍👦 home', ''])
    assert.deepEqual(said(plain), plain === '' ? [] : [plain])
  assert.deepEqual(said('1️⃣🇩🇰🐳'), ['[1️⃣]', '🇩🇰', '[🐳]'])
  const many = '🐳'.repeat(2_000)
  const pieces = splitEmoji(many)
  assert.equal(pieces.length, 501)
  assert.equal(pieces.map((piece) => (typeof piece === 'string' ? piece : piece.emoji)).join(''), many)
})
