import assert from 'node:assert/strict'
import { test } from 'node:test'
import { words } from './markdown.ts'
import { format, formats, type Format, type Selected } from './formatting.ts'

/** `|` marks the ends of the selection. */
const read = (marked: string): Selected => {
  const start = marked.indexOf('|')
  const end = marked.lastIndexOf('|')
  return start === end
    ? { text: marked.replace('|', ''), start, end }
    : { text: marked.replaceAll('|', ''), start, end: end - 1 }
}
function done(marked: string, how: Format): string {
  const selected = read(marked)
  const { from, to, insert, start, end } = format(selected, how)
  const text = selected.text.slice(0, from) + insert + selected.text.slice(to)
  return start === end
    ? `${text.slice(0, start)}|${text.slice(start)}`
    : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`
}

test('marks go around the selection, and away when they are there', () => {
  assert.equal(done('a |b| c', 'bold'), 'a **|b|** c')
  assert.equal(done('a **|b|** c', 'bold'), 'a |b| c')
  assert.equal(done('a |', 'code'), 'a `|`')
  assert.equal(done('**|b|**', 'italic'), '***|b|***')
})

test('lines are marked whole, however much of them is selected', () => {
  assert.equal(done('one\nt|w|o\nthree', 'quote'), 'one\n|> two|\nthree')
  assert.equal(done('|one\ntwo|', 'numbers'), '|1. one\n2. two|')
  assert.equal(done('|- one\n- two|', 'list'), '|one\ntwo|')
})

test('a code block stands on lines of its own', () => {
  assert.equal(done('see |x = 1|', 'block'), 'see \n```\n|x = 1|\n```\n')
})

test('a link asks for the part that is missing', () => {
  assert.equal(done('the |quay|', 'link'), 'the [quay](|https://|)')
  assert.equal(done('|https://a.b|', 'link'), '[|](https://a.b)')
})

test('spaces and line ends stay outside of the marks', () => {
  assert.equal(done('please read |this |now', 'bold'), 'please read **|this|** now')
  assert.equal(done('please| read| this', 'italic'), 'please *|read|* this')
  assert.equal(done('|a\n|b', 'strike'), '~~|a|~~\nb')
  assert.equal(done('a|\u3000b\u00a0|c', 'bold'), 'a\u3000**|b|**\u00a0c')
  assert.equal(done('the| quay |is', 'link'), 'the [quay](|https://|) is')
  assert.equal(done('see\n|x = 1\n|y', 'block'), 'see\n```\n|x = 1|\n```\ny')
  assert.equal(done('|one\n|two', 'quote'), '|> one|\ntwo')
  assert.equal(done('a |  | b', 'bold'), 'a |  | b')
})

test('every paragraph, point, quote and cell has marks of its own', () => {
  assert.equal(done('|one\n\ntwo|', 'bold'), '**|one**\n\n**two|**')
  assert.equal(done('|one\ntwo|', 'bold'), '**|one\ntwo|**')
  assert.equal(done('|- one\n- two|', 'italic'), '- *|one*\n- *two|*')
  assert.equal(done('|> one\n1. two\n# three\nfour|', 'strike'), '> ~~|one~~\n1. ~~two~~\n# ~~three~~\n~~four|~~')
  assert.equal(done('|one\ntwo|', 'code'), '`|one`\n`two|`')
  assert.equal(done('|one\n```\nx\n```\ntwo|', 'bold'), '**|one**\n```\nx\n```\n**two|**')
  const table = '| a | b |\n|---|---|\n| c | d |'
  const { from, to, insert } = format({ text: table, start: 0, end: table.length }, 'bold')
  const marked = '| **a** | **b** |\n|---|---|\n| **c** | **d** |'
  assert.equal(table.slice(0, from) + insert + table.slice(to), marked)
  assert.equal(done('|one\n\ntwo|', 'link'), '[one](|https://|)\n\ntwo')
})

test('code around backticks has longer fences than they are', () => {
  assert.equal(done('|x`y|', 'code'), '`` |x`y| ``')
  assert.equal(done('|`` a|', 'code'), '``` |`` a| ```')
  assert.equal(done('|```\nx\n``` and|', 'block'), '````\n|```\nx\n``` and|\n````\n')
})

test('the same again takes marks away, whether they are selected or not', () => {
  for (const [marked, how, right] of [
    ['|**b**|', 'bold', '|b|'],
    ['|**b** |c', 'bold', '|b| c'],
    ['***|b|***', 'bold', '*|b|*'],
    ['***|b|***', 'italic', '**|b|**'],
    ['|***b***|', 'italic', '**|b|**'],
    ['_|b|_', 'italic', '|b|'],
    ['|__b__|', 'bold', '|b|'],
    ['~~**|b|**~~', 'strike', '**|b|**'],
    ['~~**|b|**~~', 'bold', '~~|b|~~'],
    ['`` |x`y| ``', 'code', '|x`y|'],
    ['|`` x`y ``|', 'code', '|x`y|'],
    ['**|one**\n\n**two|**', 'bold', '|one\n\ntwo|'],
    ['```\n|x|\n```', 'block', '|x|'],
    ['|```\nx\n```|', 'block', '|x|'],
    ['[|quay|](https://a.b)', 'link', '|quay|'],
    ['|[quay](https://a.b)|', 'link', '|quay|'],
    ['**|**', 'bold', '|'],
    ['**one |two| three**', 'bold', '**one** |two| **three**'],
  ] as const)
    assert.equal(done(marked, how), right, `${how} of ${marked}`)
})

test('marks that are there already never leave stars behind', () => {
  assert.equal(done('|**a** and **b**|', 'bold'), '**|a and b|**')
  assert.equal(done('|a *b* c|', 'italic'), '*|a b c|*')
  assert.equal(done('|**a** b|', 'italic'), '*|**a** b|*')
  assert.equal(done('**|one**\n\ntwo|', 'bold'), '**|one**\n\n**two|**')
  assert.equal(done('**bold|**', 'bold'), '**bold**|')
  assert.equal(done('|`**a**` b|', 'bold'), '**|`**a**` b|**')
  assert.equal(done('`|b|`', 'bold'), '**`|b|`**')
})

test('marks that would be read as signs are others, or go around the whole word', () => {
  assert.equal(done('see |.ts files|', 'italic'), 'see _|.ts files|_')
  assert.equal(done('a|b|c', 'italic'), '*|abc|*')
  assert.equal(done('wor|d|5', 'bold'), '**|word5|**')
  assert.equal(done('it|s|', 'code'), '`|its|`')
})

test('what is marked is read as before, and no mark is seen', () => {
  const start = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
  let seed = start + 1
  const random = (most: number) => (seed = (seed * 16807) % 2147483647) % most
  const pieces = [
    'word',
    '山田',
    'さん',
    'ครับ',
    '(',
    '。',
    '「',
    '」',
    '”',
    '.',
    ' ',
    '\n',
    '\n\n',
    '> ',
    'é',
    '5',
    '@channel',
  ]
  const said = (text: string) => words(text, () => 'x', 10_000).replace(/\s+/g, '')
  for (let round = 0; round < 1500; round++) {
    const text = Array.from({ length: 8 }, () => pieces[random(pieces.length)]).join('')
    // Whole words, as people select them.
    const ends = Array.from(text.matchAll(/(?<![\p{L}\p{M}\p{N}])[\p{L}\p{M}\p{N}]+/gu), ({ 0: word, index }) => [
      index,
      index + word.length,
    ])
    if (ends.length === 0) continue
    const [from, to] = [random(ends.length), random(ends.length)].sort((a, b) => a - b)
    for (const how of ['bold', 'italic', 'strike'] as const) {
      const change = format({ text, start: ends[from!]![0]!, end: ends[to!]![1]! }, how)
      const after = text.slice(0, change.from) + change.insert + text.slice(change.to)
      assert.equal(said(after), said(text), `SEED=${start}: ${how} ${JSON.stringify(text)} → ${JSON.stringify(after)}`)
    }
  }
})

test('doing it twice undoes it', () => {
  for (const text of ['a b', 'x`y', 'a\n\nb', '- a\n- b', 'a ~ b', '山田 太郎', 'a\u00a0', '`` ` ``'])
    for (const how of ['bold', 'italic', 'strike', 'code', 'quote', 'numbers'] as const) {
      const once = done(`|${text}|`, how)
      assert.equal(
        done(once, how).replaceAll('|', ''),
        how === 'numbers' ? text.replace(/^- /gm, '') : text,
        `${how} of ${text}`,
      )
    }
})

test('no format loses a character that was written', () => {
  for (const how of formats) {
    const after = done('a\n|b\nc| d', how)
    for (const letter of 'abcd') assert.ok(after.includes(letter), `${how} keeps ${letter}`)
  }
})
