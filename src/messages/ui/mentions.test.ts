import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { matching, mentionAt, toBody, toText } from './mentions.ts'

const id = (n: number) => `01890000-0000-7000-8000-00000000000${n}`
const ada = { id: id(1), name: 'Ada Lindqvist' }
const grace = { id: id(2), name: 'Grace Okafor' }
const everyone = [ada, grace, { id: id(3), name: 'Ada' }]
const nameOf = (wanted: string) => everyone.find((each) => each.id === wanted)?.name

describe('mentions while writing', () => {
  test('a full name behind @ means that person, the longest name first', () => {
    assert.equal(
      toBody('@Ada Lindqvist, ask @ada or @Grace Okafor.', everyone),
      `<@${id(1)}>, ask <@${id(3)}> or <@${id(2)}>.`,
    )
  })

  test('a name in an address, in code or cut short means nobody', () => {
    for (const text of ['mail@Ada Lindqvist', '`@Ada`', '```\n@Ada\n```', '@Adam', '@Grace'])
      assert.equal(toBody(text, everyone), text)
  })

  test('a body goes to text and back unchanged', () => {
    for (const body of [
      `<@${id(1)}> and <@${id(2)}>`,
      `\`<@${id(1)}>\` <@${id(1)}>`,
      'nobody',
      `<@${id(9)}> unknown`,
    ]) {
      const { text, people } = toText(body, nameOf)
      assert.equal(toBody(text, people), body)
    }
    assert.equal(toText(`<@${id(1)}>`, nameOf).text, '@Ada Lindqvist')
  })

  test('of two people with one name the text means the first, and the other keeps the id', () => {
    const { text, people } = toText(`<@${id(1)}> <@${id(9)}>`, () => 'Ada Lindqvist')
    assert.equal(text, `@Ada Lindqvist <@${id(9)}>`)
    assert.equal(toBody(text, people), `<@${id(1)}> <@${id(9)}>`)
  })

  test('what is being looked for is what stands between @ and the caret', () => {
    assert.deepEqual(mentionAt('hi @gr', 6), { from: 3, query: 'gr' })
    assert.deepEqual(mentionAt('@', 1), { from: 0, query: '' })
    assert.deepEqual(mentionAt('@Grace Ok', 9), { from: 0, query: 'Grace Ok' })
    for (const text of ['mail@x', 'hi', '@ gr', '@gr ']) assert.equal(mentionAt(text, text.length), undefined)
  })

  test('people are found by any word of their name, accents or not', () => {
    const names = (query: string) =>
      matching([grace, ada, { id: id(4), name: 'Zoë de Wit' }], query).map((each) => each.name)
    assert.deepEqual(names('lin'), ['Ada Lindqvist'])
    assert.deepEqual(names('zoe'), ['Zoë de Wit'])
    assert.deepEqual(names(''), ['Grace Okafor', 'Ada Lindqvist', 'Zoë de Wit'])
    assert.deepEqual(names('x'), [])
  })
})
