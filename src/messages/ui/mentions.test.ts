import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mentionsIn } from '../rules.ts'
import { parse } from './markdown.ts'
import type { Meant } from './meant.ts'
import { idsIn, mentionAt, toBody, toText, unknownNames } from './mentions.ts'
import { matching } from './matching.ts'

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

  test('two people of one name are both meant, and both shown by it', () => {
    const body = `<@${id(1)}> and <@${id(9)}>`
    const { text, people } = toText(body, () => 'Alex Kim')
    assert.equal(text, '@Alex Kim and @Alex Kim')
    assert.equal(toBody(text, people), body)
    assert.equal(toBody(text, [people[1]!]), `@Alex Kim and <@${id(9)}>`)
    // By their names alone: in the order in which they were given, and nobody when they are used up.
    const two = [
      { id: id(1), name: 'Alex Kim' },
      { id: id(9), name: 'Alex Kim' },
    ]
    assert.equal(toBody(`${text}, @Alex Kim`, two), `${body}, @Alex Kim`)
  })

  test('names that differ by case alone mean who is written so, and nobody when written otherwise', () => {
    const two = [
      { id: id(1), name: 'Alex Kim' },
      { id: id(2), name: 'alex kim' },
    ]
    assert.equal(toBody('@alex kim @Alex Kim @ALEX KIM', two), `<@${id(2)}> <@${id(1)}> @ALEX KIM`)
  })

  test('a picked person is meant whatever follows; a name by hand ends where its word does', () => {
    const picked = (text: string, name: string) => toBody(text, [{ id: id(1), name, at: text.indexOf('@') }])
    assert.equal(picked('@Alex Kims', 'Alex Kim'), `<@${id(1)}>s`)
    assert.equal(picked('@山田太郎さん', '山田太郎'), `<@${id(1)}>さん`)
    assert.equal(picked('xy@Alex Kim', 'Alex Kim'), `xy<@${id(1)}>`)
    const byHand = (text: string, name: string) =>
      toBody(text, [{ id: id(1), name, byHand: true }]).replaceAll(`<@${id(1)}>`, '!')
    for (const [text, name, right] of [
      ['@Alex Kims', 'Alex Kim', '@Alex Kims'],
      ['@Alex Kim’s', 'Alex Kim', '!’s'],
      ['@Alex Kim-Smith', 'Alex Kim', '@Alex Kim-Smith'],
      ['@Alex  Kim, @Alex\u00a0Kim', 'Alex Kim', '!, !'],
      ['_@Alex Kim_ *@Alex Kim* __@alex kim__', 'Alex Kim', '_!_ *!* __!__'],
      ['me_@Alex Kim', 'Alex Kim', 'me_@Alex Kim'],
      ['ada@Alex Kim', 'Alex Kim', 'ada@Alex Kim'],
      ['Привет@Alex Kim', 'Alex Kim', 'Привет@Alex Kim'],
      ['お願いします@山田太郎さん', '山田太郎', 'お願いします!さん'],
      ['＠山田太郎様', '山田太郎', '!様'],
      ['@山田太郎', '山田', '@山田太郎'],
      ['안녕@김철수님', '김철수', '안녕!님'],
      ['@Alex Kimさん', 'Alex Kim', '!さん'],
      ['ask @สมชายครับ', 'สมชาย', 'ask !ครับ'],
      ['ຖາມ@ສົມໄຊ', 'ສົມໄຊ', 'ຖາມ!'],
      ['សួរ@សុខា', 'សុខា', 'សួរ!'],
    ] as const)
      assert.equal(byHand(text, name), right, text)
  })

  test('whoever’s name was written by hand is looked for by what stands behind the @', () => {
    assert.deepEqual(unknownNames('hi @Zora Lastone, look', []), ['Zora Lastone, look'])
    assert.deepEqual(unknownNames('hi @Ada Lindqvist', [{ ...ada, at: 3 }]), [])
    assert.deepEqual(unknownNames('mail@x `@Zora` @ @channel @channels', []), ['channels'])
  })

  test('what is being looked for is what stands between @ and the caret', () => {
    assert.deepEqual(mentionAt('hi @gr', 6), { from: 3, query: 'gr' })
    assert.deepEqual(mentionAt('@', 1), { from: 0, query: '' })
    assert.deepEqual(mentionAt('@Grace Ok', 9), { from: 0, query: 'Grace Ok' })
    assert.deepEqual(mentionAt('お願いします@山', 8), { from: 6, query: '山' })
    assert.deepEqual(mentionAt('ถาม@ส', 5), { from: 3, query: 'ส' })
    assert.deepEqual(mentionAt('＠山', 2), { from: 0, query: '山' })
    assert.deepEqual(mentionAt('_@gr', 4), { from: 1, query: 'gr' })
    assert.deepEqual(mentionAt('@Grace\u00a0Ok', 9), { from: 0, query: 'Grace\u00a0Ok' })
    for (const text of ['mail@x', 'hi', '@ gr', '@gr ']) assert.equal(mentionAt(text, text.length), undefined)
  })

  test('people are found by any word of their name, accents or not', () => {
    const names = (query: string) =>
      matching([grace, ada, { id: id(4), name: 'Zoë de Wit' }], query).map((each) => each.name)
    assert.deepEqual(names('lin'), ['Ada Lindqvist'])
    assert.deepEqual(names('zoe'), ['Zoë de Wit'])
    assert.deepEqual(names(''), ['Grace Okafor', 'Ada Lindqvist', 'Zoë de Wit'])
    assert.deepEqual(names('x'), [])
    assert.deepEqual(names('okafor grace'), ['Grace Okafor'])
    const inAsia = ['山田太郎', '김철수', 'สมชาย ใจดี'].map((name, at) => ({ id: id(at), name }))
    for (const [query, name] of [
      ['太郎', '山田太郎'],
      ['철수', '김철수'],
      ['ใจ', 'สมชาย ใจดี'],
    ] as const)
      assert.deepEqual(
        matching(inAsia, query).map((each) => each.name),
        [name],
      )
  })
})

describe('composer, server and screen', () => {
  /** Whom the screen shows as meant. */
  const shown = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(shown)
    if (typeof value !== 'object' || value === null) return []
    const { kind, accountId } = value as { kind?: string; accountId?: string }
    if (kind === 'mention') return [accountId!]
    return kind === 'channel' ? ['channel'] : Object.values(value).flatMap(shown)
  }
  const pieces = [
    '@Ada Lindqvist',
    '@Ada',
    '@Alex Kim',
    '@山田太郎',
    '@channel',
    `<@${id(2)}>`,
    '`',
    '```',
    '\n',
    '\n\n',
    '    ',
    '> ',
    '- ',
    '|',
    '*',
    '_',
    '~~',
    '\\',
    '[a](https://a.example/',
    ')',
    'https://a.example/',
    'ada@',
    'word',
    'さん',
    ' ',
    '。',
  ]
  const cast = [ada, { id: id(3), name: 'Ada' }, { id: id(5), name: '山田太郎' }]

  test('agree on who is meant, for any text and people', () => {
    const start = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
    let seed = start + 1
    const random = (most: number) => {
      seed = (seed * 16807) % 2147483647
      return seed % most
    }
    let met = 0
    for (let round = 0; round < 3000; round++) {
      let text = ''
      const picked: Meant[] = []
      for (let n = random(12); n >= 0; n--) {
        const piece = pieces[random(pieces.length)]!
        // Alex was picked, the first or the second; the others are written by hand.
        if (piece === '@Alex Kim') picked.push({ id: id(6 + random(2)), name: 'Alex Kim', at: text.length })
        text += piece
      }
      const body = toBody(text, [...picked, ...cast])
      const where = `SEED=${start}: ${JSON.stringify(text)} → ${JSON.stringify(body)}`
      const counted = mentionsIn(body)
      const screen = new Set(shown(parse(body)))
      assert.deepEqual(new Set([...counted.accountIds, ...(counted.channel ? ['channel'] : [])]), screen, where)
      // Every id that the composer wrote means somebody; where it may not, the name stayed.
      const written = body.split('<@').length - text.split('<@').length
      const typed = toText(body, (wanted) => (wanted === id(2) ? undefined : 'x'))
      assert.equal(typed.people.length, written, where)
      assert.deepEqual(new Set(idsIn(body)), new Set(counted.accountIds), where)
      // There and back.
      const names = new Map([...cast, ...picked].map((each) => [each.id, each.name]))
      const back = toText(body, (wanted) => names.get(wanted))
      assert.equal(toBody(back.text, back.people), body, where)
      met += written
    }
    assert.ok(met > 300, 'somebody was meant at all')
  })
})
