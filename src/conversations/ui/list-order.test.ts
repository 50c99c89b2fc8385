import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '#accounts/shapes.ts'
import type { Conversation } from '../contract.ts'
import { nameOf } from './conversation-name.ts'
import { excerptWords } from './excerpt.ts'
import { holdOrder, neighbour, pilesOf, sectionsOf } from './list-order.ts'

type Facts = Partial<Conversation> & { notify?: 'all' | 'mentions' | 'none' }
const conversation = (id: string, { notify = 'all', ...facts }: Facts = {}): Conversation => ({
  id,
  kind: 'channel',
  visibility: 'public',
  name: id,
  topic: '',
  createdBy: null,
  createdAt: 't',
  archivedAt: null,
  activeAt: '2026-11-20T09:00:00Z',
  lastSeq: 1,
  lastOrdinal: 1,
  memberCount: 2,
  people: [],
  membership: { role: 'member', notify, joinedAt: 't', readOrdinal: 1 },
  unreadCount: 0,
  mentionCount: 0,
  unreadMentions: [],
  lastMessage: null,
  ...facts,
})
const direct = (id: string, hour: string, facts: Facts = {}) =>
  conversation(id, { kind: 'direct', name: null, activeAt: `2026-11-20T${hour}:00:00Z`, ...facts })

test('channels stand from A to Z, people by last activity', () => {
  const all = [conversation('launch'), conversation('Design'), conversation('10-general'), conversation('2-general')]
  const people = [direct('linus', '08'), direct('grace', '11'), direct('barbara', '10')]
  assert.deepEqual(sectionsOf([...all, ...people], undefined), {
    channels: ['2-general', '10-general', 'Design', 'launch'],
    direct: ['grace', 'barbara', 'linus'],
  })
})

test('channels that were only looked at are not in the list, archived ones only when open', () => {
  const seen = conversation('seen', { membership: null })
  const old = conversation('old', { archivedAt: 't' })
  assert.deepEqual(sectionsOf([seen, old, conversation('design')], undefined).channels, ['design'])
  assert.deepEqual(sectionsOf([seen, old, conversation('design')], 'old').channels, ['design', 'old'])
})

test('a phone shows mentions first, then unread, then the rest; muted ones do not count as unread', () => {
  const all = [
    direct('read', '12'),
    direct('unread', '11', { unreadCount: 2 }),
    conversation('muted', { unreadCount: 9, notify: 'none' }),
    direct('mention', '07', { unreadCount: 1, mentionCount: 1 }),
  ]
  assert.deepEqual(pilesOf(all), { unread: ['mention', 'unread'], recent: ['read', 'muted'] })
})

test('under the hand rows keep their places; new ones come first, gone ones go', () => {
  assert.deepEqual(holdOrder(['a', 'b', 'c'], ['c', 'a', 'b']), ['a', 'b', 'c'])
  assert.deepEqual(holdOrder(['a', 'b', 'c'], ['d', 'c', 'a']), ['d', 'a', 'c'])
})

test('walking goes round the ends and can keep to unread ones', () => {
  const ids = ['a', 'b', 'c']
  assert.equal(neighbour(ids, 'c', 1), 'a')
  assert.equal(neighbour(ids, 'a', -1), 'c')
  assert.equal(neighbour(ids, undefined, 1), 'a')
  assert.equal(neighbour(ids, undefined, -1), 'c')
  assert.equal(
    neighbour(ids, 'a', 1, (id) => id === 'c'),
    'c',
  )
  assert.equal(
    neighbour(ids, 'a', 1, () => false),
    undefined,
  )
  assert.equal(neighbour([], undefined, 1), undefined)
})

test('a conversation is called by its name, or by its people', () => {
  const account = (id: string, name: string): Account => ({ id, name, role: 'member', avatar: null, color: 1 })
  const ada = account('ada', 'Ada Lindqvist')
  const known = new Map(
    [account('grace', 'Grace Okafor'), account('linus', 'Linus Aalto'), account('barbara', 'Barbara Liang')].map(
      (one) => [one.id, one],
    ),
  )
  const named = (people: string[], name: string | null = null, kind: 'direct' | 'group' = 'direct') =>
    nameOf(
      { kind, name, people },
      known,
      ada,
      (names, most) => `${names.slice(0, most).join(', ')} and ${names.length - most!} others`,
    )
  assert.equal(named(['grace']), 'Grace Okafor')
  assert.equal(named(['grace', 'linus']), 'Grace, Linus')
  assert.equal(named(['grace', 'nobody']), 'Grace, Somebody')
  assert.equal(named([]), 'Ada Lindqvist (you)')
  assert.equal(named(['grace', 'linus', 'barbara', 'x', 'y']), 'Grace, Linus, Barbara and 2 others')
  assert.equal(named(['grace'], 'The crew', 'group'), 'The crew')
})

test('a last line says whom it means and leaves the markup out', () => {
  const id = '019a0000-0000-7000-8000-0000000000aa'
  const said = (text: string) =>
    excerptWords(text)
      .map((part) => ('text' in part ? part.text : `@${part.mention.slice(-2)}`))
      .join('')
  assert.equal(said(`<@${id}> is the **standby** yours?`), '@aa is the standby yours?')
  assert.equal(said('> quoted\n\n- one\n- two'), 'quoted one, two')
  assert.equal(said('```ts\nconst a = 1\n```'), 'const a = 1')
  assert.equal(said('see [the run](https://runs.tidewater.example) and `2 * 3 * 4`'), 'see the run and 2 * 3 * 4')
  assert.equal(said('snake_case_name stays'), 'snake_case_name stays')
  assert.equal(said('[](https://runs.tidewater.example)'), 'https://runs.tidewater.example')
  assert.equal(said('10~20, then 30~40 and `a*b*c`'), '10~20, then 30~40 and a*b*c')
  for (const alone of ['#', '****', '> ']) assert.equal(said(alone), alone.trim())
})

test('a last line that was cut ends between characters, and with no half of a mark', () => {
  const said = (body: string) =>
    excerptWords(Array.from(body).slice(0, 200).join(''))
      .map((part) => ('text' in part ? part.text : '@somebody'))
      .join('')
  const id = '019a0000-0000-7000-8000-0000000000aa'
  const filled = (length: number, end: string) => 'x'.repeat(length) + end
  assert.equal(said(filled(180, ` <@${id}> and more`)), `${filled(180, '')} …`)
  assert.equal(
    said(filled(170, ' [the run](https://runs.tidewater.example/1234567890) is')),
    `${filled(170, '')} the run…`,
  )
  assert.equal(said(filled(197, '👩‍👩‍👧‍👦 and more')), `${filled(197, '')}…`)
  assert.equal(said(filled(198, 'é́ and more')), `${filled(198, '')}…`)
  assert.equal(said('🐋'.repeat(300)), `${'🐋'.repeat(199)}…`)
  assert.equal(said(filled(199, '')), filled(199, ''))
})
