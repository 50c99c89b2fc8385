import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mentionsOf, parse, silentIn } from './read.ts'
import type { Meant } from './tree.ts'

const ada = '01890000-0000-7000-8000-00000000000a'
const said = (body: string, { start, end }: Meant) => body.slice(start, end)

/** Whom a tree shows as meant, in its order. */
function shown(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(shown)
  if (typeof tree !== 'object' || tree === null) return []
  const node = tree as { kind?: string; accountId?: string }
  if (node.kind === 'mention') return [node.accountId!]
  if (node.kind === 'channel') return ['@channel']
  return Object.values(tree).flatMap(shown)
}
const found = (body: string) => mentionsOf(body).map((each) => (each.kind === 'channel' ? '@channel' : each.accountId))

test('mentions are given with their place in the body, inside of quotes, lists and cells too', () => {
  for (const around of [
    'X',
    '> - *X*, yes',
    'a\r\n\r\n  1. b\r\n     X',
    '| a |\n|---|\n| **X** |',
    '# [to X](https://a.example)',
    'お願いX',
  ])
    for (const mark of [`<@${ada}>`, `<@${ada.toUpperCase()}>`, '@channel']) {
      const body = around.replace('X', mark)
      assert.deepEqual(
        mentionsOf(body).map((each) => said(body, each)),
        [mark],
        body,
      )
      assert.equal(mentionsOf(body)[0]!.start, around.indexOf('X'))
    }
})

test('nobody is meant in code, in an address and behind a backslash, and it is said where that is', () => {
  for (const [body, silent] of [
    ['a `X` b', '`X`'],
    ['`` a\nX ``', '`` a\nX ``'],
    ['```\nX\n```\nb', '```\nX\n```'],
    ['see ```\nX\n```\nb', '```\nX\n```'],
    ['go to https://a.example/X/b.', 'https://a.example/X/b'],
    ['[text](https://a.example/X)', '(https://a.example/X)'],
    ['www.a.example/X', 'www.a.example/X'],
  ] as const)
    for (const mark of [`<@${ada}>`, '@channel']) {
      const [text, part] = [body.replace('X', mark), silent.replace('X', mark)]
      assert.deepEqual(found(text), [], text)
      assert.deepEqual(
        silentIn(text).map(({ start, end }) => text.slice(start, end)),
        [part],
        text,
      )
    }
  for (const body of [`\\<@${ada}>`, '\\@channel']) {
    assert.deepEqual(found(body), [])
    assert.deepEqual(silentIn(body), [{ start: 0, end: 2 }])
  }
})

test('@channel stands beside signs, spaces and scripts without spaces, and is part of no other word', () => {
  for (const yes of [
    '@channel',
    '_@channel_ please',
    '**@channel**',
    '(@channel)',
    'おはよう@channel',
    '@channelさん',
    '@channel님',
    '「@channel」',
    '🐳@channel',
    'ask,@channel',
    '@channel’s',
  ])
    assert.deepEqual(found(yes), ['@channel'], yes)
  for (const no of [
    'ops@channel',
    '@channels',
    '@Channel',
    '@channel-old',
    '@channel_old',
    'me_@channel',
    'é@channel',
    '@channelé',
    '.@channel',
    'to@channel.example',
    '_@channel',
  ])
    assert.deepEqual(found(no), [], no)
})

test('who is shown as meant is who is counted, in whatever is written', () => {
  const parts = [
    `<@${ada}>`,
    '@channel',
    '\\',
    '`',
    '```',
    '~~~',
    '*',
    '**',
    '_',
    '~~',
    '\n',
    '\n\n',
    '    ',
    '> ',
    '- ',
    '1. ',
    '# ',
    '[',
    '](',
    ')',
    '<',
    '>',
    '|',
    '|---|',
    ' ',
    'word',
    'https://a.example/',
    'www.',
    '字',
    '。',
    '@',
    'ada@a.example',
    'é',
    '\r\n',
    '\t',
    '​',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 40 }), (pieces) => {
      const body = pieces.join('')
      const meant = mentionsOf(body)
      assert.deepEqual(found(body), shown(parse(body)))
      for (const each of meant)
        assert.equal(said(body, each), each.kind === 'channel' ? '@channel' : `<@${each.accountId}>`)
      // In order, and never where it is said that nobody is meant.
      let end = 0
      for (const range of silentIn(body)) {
        assert.ok(range.start >= end && range.end >= range.start, JSON.stringify(silentIn(body)))
        end = range.end
        for (const each of meant) assert.ok(each.end <= range.start || each.start >= range.end)
      }
    }),
    { numRuns: 3000 },
  )
})
