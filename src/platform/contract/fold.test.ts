import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginsWord, fold, foldWithSource } from './fold.ts'

test('what people type who lack the accents, or the letters, folds like the name', () => {
  for (const [typed, name] of [
    ['zoe muller', 'Zoë Müller'],
    ['lukasz wojcik', 'Łukasz Wójcik'],
    ['stale odegard', 'Ståle Ødegård'],
    ['strasse weiss', 'STRAẞE Weiß'],
    ['ibrahim isik', 'İbrahim Işık'],
    ['duc', 'Đức'],
    ['thor gudmundsson', 'Þór Guðmundsson'],
    ['aeroskobing', 'Ærøskøbing'],
    ['sigurdsson', 'Sigurðsson'],
    ['eliyev', 'Əliyev'],
    ['collectiu', 'Col·lectiu'],
    ["o'brien", 'O’Brien'],
    ['istanbul', 'İstanbul'.toLowerCase()],
    ['ada', 'Ａｄａ'],
    ['οδοσ', 'ΟΔΟΣ'],
    ['οδοσ', 'οδός'],
    ['алена', 'Алёна'],
    ['カナ', 'ｶﾅ'],
    ['がぎ', 'ｶﾞｷﾞ'],
    ['たろう', 'タロウ'],
    ['شهاب', 'شِهاب'],
    ['علي', 'علی'],
    ['12', '١٢'],
    ['میخواهم', 'می\u200cخواهم'],
  ])
    assert.equal(fold(typed!), fold(name!), `${typed} for ${name}`)
})

test('what tells words apart stays: vowels of Indic scripts, strokes of kana, letters of their own', () => {
  for (const [one, other] of [
    ['की', 'का'],
    ['กา', 'กี'],
    ['か', 'が'],
    ['ada', 'ade'],
    ['山', '川'],
    ['!', '?'],
  ])
    assert.notEqual(fold(one!), fold(other!), `${one} for ${other}`)
})

test('folding what is folded changes nothing, for every character there is', () => {
  const wrong: string[] = []
  for (let code = 1; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const sign = String.fromCodePoint(code)
    const once = fold(sign)
    if (fold(once) !== once) wrong.push(`U+${code.toString(16)} ${once} ${fold(once)}`)
    if (foldWithSource(sign).text !== once) wrong.push(`U+${code.toString(16)} with its source`)
  }
  assert.deepEqual(wrong, [])
})

test('each letter says where it came from', () => {
  const { text, source } = foldWithSource('🐳 ẞi')
  assert.equal(text, '🐳 ssi')
  assert.deepEqual(source, [0, 0, 2, 3, 3, 4, 5])
})

test('words begin behind what is no letter, and at every sign of a script without spaces', () => {
  const begins = (text: string) => {
    const folded = fold(text)
    return [...folded.matchAll(/./gsu)].map(({ index }) => index).filter((at) => beginsWord(folded, at))
  }
  assert.deepEqual(begins('ab-cd'), [0, 3])
  assert.deepEqual(begins("o'brien (ops)"), [0, 2, 8, 9])
  assert.deepEqual(begins('山田a'), [0, 1, 2])
  assert.deepEqual(begins('がく'), [0, 2])
  assert.deepEqual(begins('𠮷野'), [0, 2])
  assert.deepEqual(begins('हिन्दी'), [0])
})
