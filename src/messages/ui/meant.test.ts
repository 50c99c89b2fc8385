import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createPast, follow, meantWithin, withMeant, type Meant } from './meant.ts'
import { format, formats } from './formatting.ts'

const one = { id: 'one', name: 'Alex Kim' }
const two = { id: 'two', name: 'Alex Kim' }
const both = 'both: @Alex Kim and @Alex Kim'
const meant: Meant[] = [
  { ...one, at: 6 },
  { ...two, at: 20 },
]
const said = (now: readonly Meant[]) => now.map(({ id, at }) => `${id} ${at}`)

/** What somebody types, takes away or pastes at a place of the text. */
const changed = (text: string, from: number, to: number, insert: string) => ({
  text: text.slice(0, from) + insert + text.slice(to),
  caret: from + insert.length,
})
const after = (from: number, to: number, insert: string) => {
  const { text, caret } = changed(both, from, to, insert)
  return said(follow(meant, both, text, caret))
}

describe('who was picked', () => {
  test('stays meant, whatever is written before and behind the name', () => {
    assert.deepEqual(after(0, 0, 'to '), ['one 9', 'two 23'])
    assert.deepEqual(after(15, 15, 'さん'), ['one 6', 'two 22'])
    assert.deepEqual(after(15, 15, 's'), ['one 6', 'two 21'])
    assert.deepEqual(after(29, 29, '!'), ['one 6', 'two 20'])
    assert.deepEqual(after(15, 20, ''), ['one 6', 'two 15'])
  })

  test('is not meant once the name itself is changed', () => {
    assert.deepEqual(after(14, 15, ''), ['two 19'])
    assert.deepEqual(after(8, 8, 'x'), ['two 21'])
    assert.deepEqual(after(6, 7, ''), ['two 19'])
    assert.deepEqual(after(0, 29, ''), [])
  })

  test('of two of one name the one that was taken away goes, by where the caret stood', () => {
    const text = '@Alex Kim@Alex Kim'
    const pair = [
      { ...one, at: 0 },
      { ...two, at: 9 },
    ]
    assert.deepEqual(said(follow(pair, text, '@Alex Kim', 0)), ['two 0'])
    assert.deepEqual(said(follow(pair, text, '@Alex Kim', 9)), ['one 0'])
  })

  test('stays meant when marks are put around the name', () => {
    for (const how of formats) {
      const change = format({ text: both, start: 0, end: both.length }, how)
      const { text, caret } = changed(both, change.from, change.to, change.insert)
      const now = follow(meant, both, text, caret)
      assert.deepEqual(
        now.map(({ id }) => id),
        ['one', 'two'],
        how,
      )
      for (const each of now) assert.ok(text.startsWith(`@${each.name}`, each.at), how)
    }
  })

  test('comes back with undo, who was meant in the same text', () => {
    const past = createPast(2)
    past.keep(both, meant)
    past.keep('both: @', [])
    assert.deepEqual(past.of(both), meant)
    past.keep('other', [])
    assert.deepEqual(past.of(both), meant)
    past.keep('@other', [])
    assert.equal(past.of(both), undefined)
  })

  test('is replaced by who is picked in the same place, and goes along when a part is cut out', () => {
    assert.deepEqual(said(withMeant(meant, { ...two, at: 6 })), ['two 6', 'two 20'])
    assert.deepEqual(said(meantWithin(meant, 16, 29)), ['two 4'])
    assert.deepEqual(said(meantWithin(meant, 7, 29)), ['two 13'])
  })

  test('follows any change: what stands at their place is always the name', () => {
    let seed = 7
    const random = (most: number) => {
      seed = (seed * 16807) % 2147483647
      return seed % most
    }
    const bits = ['@Alex Kim', 'a', ' ', '@', '\n', 'Kim', '**', 'さん', '']
    for (let round = 0; round < 400; round++) {
      let text = both
      let now: Meant[] = meant
      for (let step = 0; step < 8; step++) {
        const from = random(text.length + 1)
        const to = Math.min(text.length, from + random(6))
        const next = changed(text, from, to, bits[random(bits.length)]!)
        now = follow(now, text, next.text, next.caret)
        text = next.text
        for (const each of now) assert.ok(text.startsWith('@Alex Kim', each.at), `${round} ${step}`)
        assert.equal(new Set(now.map(({ at }) => at)).size, now.length)
      }
    }
  })
})
