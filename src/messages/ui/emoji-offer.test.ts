import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emojiOf, skinTones } from '#platform/contract/emoji.ts'
import { offerEmoji } from './emoji-offer.ts'

const found = (query: string, tone = '') => offerEmoji(query, [], tone).flatMap(({ emoji }) => emoji)

test('the picker offers every emoji once, in Unicode’s groups, with a name, as the server keeps it', () => {
  const groups = offerEmoji('', ['🐳', '👍🏽'], '')
  assert.deepEqual(
    groups.map(({ name }) => name),
    [
      'Recent',
      'Smileys & emotion',
      'People & body',
      'Animals & nature',
      'Food & drink',
      'Travel & places',
      'Activities',
      'Objects',
      'Symbols',
      'Flags',
    ],
  )
  assert.deepEqual(groups[0]!.emoji, [
    { emoji: '🐳', name: 'spouting whale' },
    { emoji: '👍🏽', name: 'thumbs up' },
  ])
  const offered = groups.slice(1).flatMap(({ emoji }) => emoji)
  assert.ok(offered.length > 1_800)
  assert.equal(new Set(offered.map(({ emoji }) => emoji)).size, offered.length)
  assert.deepEqual(
    offered.filter(({ emoji, name }) => emojiOf(emoji) !== emoji || name === ''),
    [],
  )
})

test('emoji are found by name, by other words, by sign, and the name comes first', () => {
  assert.equal(found('thumbs up')[0]?.emoji, '👍')
  assert.ok(found('+1').some(({ emoji }) => emoji === '👍'))
  assert.equal(found('WHALE')[0]?.emoji, '🐋')
  assert.ok(found('lol').some(({ emoji }) => emoji === '😂'))
  assert.deepEqual(
    found('👍🏿').map(({ name }) => name),
    ['thumbs up'],
  )
  const rockets = found('rocket').map(({ name }) => name)
  assert.equal(rockets[0], 'rocket')
  assert.deepEqual(offerEmoji('no such thing at all', [], ''), [])
})

test('a chosen skin tone is on all that come in tones, each of which the server takes', () => {
  for (const tone of skinTones) {
    assert.equal(found('thumbs up', tone)[0]?.emoji, `👍${tone}`)
    assert.equal(found('spouting whale', tone)[0]?.emoji, '🐳')
    const offered = offerEmoji('', [], tone).flatMap(({ emoji }) => emoji)
    assert.ok(offered.filter(({ emoji }) => emoji.includes(tone)).length > 300)
    assert.deepEqual(
      offered.filter(({ emoji }) => emojiOf(emoji) !== emoji),
      [],
    )
  }
})
