import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameFault, spellName } from './readable.ts'
import { hasVisible } from './visible.ts'

const fault = (given: string) => nameFault(spellName(given))

/** Everything that Unicode lets fonts ignore, and what is blank without being of that kind. */
const unseen: string[] = []
for (let code = 0; code <= 0x10ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue
  const sign = String.fromCodePoint(code)
  if (/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u2800\ufffc]/u.test(sign)) unseen.push(sign)
}

test('a name of nothing that can be seen is none, whatever kind of character it is', () => {
  assert.ok(unseen.length > 4_000)
  const passed = unseen.filter((sign) => fault(sign) === undefined || hasVisible(sign) || hasVisible(` ${sign}${sign}`))
  assert.deepEqual(
    passed.map((sign) => sign.codePointAt(0)!.toString(16)),
    [],
  )
  for (const blank of ['', ' ', '\u3000', '\u00a0', '\u0301', ' \u{e0100}', '\u{13441}', '\u{1d159}', '\u{16fe4}'])
    assert.equal(fault(blank), 'has nothing that can be seen', JSON.stringify(blank))
})

test('nothing invisible stands among letters either, at the beginning, inside and at the end', () => {
  const passed = unseen.filter((sign) =>
    // Spaces in all but name are trimmed away at the ends; what joins an emoji or a Han character is another test’s.
    [`Ada${sign}Lin`, ...(sign.trim() === '' ? [] : [`${sign}Ada`, `Ada${sign}`])].some((name) => !fault(name)),
  )
  assert.deepEqual(
    passed.map((sign) => sign.codePointAt(0)!.toString(16)),
    [],
  )
})

test('names of this world are names', () => {
  for (const name of [
    'Ada Lindqvist',
    'Conan O’Brien',
    'Sam (Ops) Doe',
    'Nguyễn Thị Ánh'.normalize('NFD'),
    'سلام‌جان',
    'می‌خواهم',
    'क्‍ष',
    'র‍্যাব',
    'ශ්‍රී',
    'രാജന്‍',
    'ကျွေး',
    'བསྒྲུབས',
    'ස්ත්‍රී',
    'สมใจ ก้ำ',
    'שָׁלוֹם',
    'مُحَمَّد',
    '渡邉󠄂',
    '山田　太郎',
    '김민준',
    'ᠮᠣᠩᠭᠣᠯ᠎ᠠ',
    'Ada 👩‍💻',
    '👁️‍🗨️',
    '❤️ Ada',
    '❤ Ada',
    '1️⃣',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '🏳️‍🌈',
    '👩🏽‍🤝‍👨🏻',
    '🇫🇮',
    '...',
    '7',
    'Ångström'.normalize('NFD'),
  ])
    assert.equal(fault(name), undefined, name)
})

test('a joiner stands inside only, and where a script or an emoji needs it', () => {
  for (const name of [
    'Ada\u200dLin',
    'Ada\u200cLin',
    'سلام\u200c',
    '\u200cسلام',
    'سلام\u200c\u200cجان',
    'سلام\u200cA',
    'क\u200d',
    '👩\u200d',
    '👩\u200dA',
    'A\ufe0f',
    '1\ufe0f',
    '山\ufe0f',
    '🏴\u{e0067}\u{e0062}',
    'A\u{e0067}\u{e007f}',
  ])
    assert.match(fault(name) ?? '', /invisible/, JSON.stringify(name))
})

test('three marks on a letter are a name, four are none', () => {
  assert.equal(fault(`Za${'\u0301'.repeat(3)}lgo`), undefined)
  for (const marks of [
    '\u0301'.repeat(4),
    '\u0301\u0316\u0301\u0316',
    '\u20dd\u0301\u20dd\u0301',
    '\u0301\u0903\u0301\u0903\u0301\u0301',
  ])
    assert.match(fault(`Za${marks}lgo`) ?? '', /three marks/)
  // Composed, one of them is in the letter.
  assert.match(fault(`Z\u00e1${'\u0316'.repeat(3)}`) ?? '', /three marks/)
  assert.match(fault('\u0301Ada') ?? '', /without a letter/)
  assert.match(fault('Ada \u0301') ?? '', /without a letter/)
})

test('a name is kept as it is written, but for spaces of other kinds and around it', () => {
  assert.equal(spellName(' Ada\u00a0Lindqvist\u2003'), 'Ada Lindqvist')
  assert.equal(spellName('山田\u3000太郎'), '山田\u3000太郎')
  assert.equal(spellName('The  crew'), 'The  crew')
  assert.equal(spellName('രാജന്\u200d'), 'രാജൻ')
})
