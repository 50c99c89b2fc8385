import assert from 'node:assert/strict'
import { test } from 'node:test'
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

test('no format loses a character that was written', () => {
  for (const how of formats) {
    const after = done('a\n|b\nc| d', how)
    for (const letter of 'abcd') assert.ok(after.includes(letter), `${how} keeps ${letter}`)
  }
})
