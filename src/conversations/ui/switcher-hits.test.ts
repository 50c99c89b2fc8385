import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '#accounts/shapes.ts'
import type { Conversation } from '../contract.ts'
import { findHits, readQuery } from './switcher-hits.ts'

const account = (id: string, name: string): Account => ({ id, name, role: 'member', avatar: null, color: 1 })
const talk = (name: string, hour: number, facts: Partial<Conversation> = {}) => ({
  name,
  conversation: {
    id: name,
    kind: 'channel',
    visibility: 'public',
    name,
    topic: '',
    createdBy: null,
    createdAt: 't',
    archivedAt: null,
    activeAt: `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`,
    lastSeq: 1,
    lastOrdinal: 1,
    memberCount: 2,
    people: [],
    membership: { role: 'member', notify: 'all', joinedAt: 't', readOrdinal: 1 },
    unreadCount: 0,
    mentionCount: 0,
    unreadMentions: [],
    lastMessage: null,
    ...facts,
  } satisfies Conversation,
})

const all = [
  talk('delivery', 12),
  talk('design', 9, { unreadCount: 3 }),
  talk('orders', 11),
  talk('general', 8, { unreadCount: 2, mentionCount: 1 }),
  talk('demos', 13, { membership: null }),
  talk('Linus Aalto', 10, { kind: 'direct', name: null, people: ['linus'] }),
]
const people = new Map(
  [account('ada', 'Ada Lindqvist'), account('linus', 'Linus Aalto'), account('edsger', 'Edsger de Wit')].map((one) => [
    one.id,
    one,
  ]),
)
const commands = [
  { id: 'mute', label: 'Mute #delivery', run: () => {} },
  { id: 'dark', label: 'Switch to the dark theme', run: () => {} },
]
const offered = (typed: string, open?: string) =>
  findHits({ typed, open, me: 'ada', conversations: all, people, commands }).map(
    ({ title, hits }) => `${title}: ${hits.map((hit) => hit.id).join(' ')}`,
  )

test('with nothing typed unread ones come first, and the open one not at all', () => {
  assert.deepEqual(offered('', 'delivery'), ['Recent: general design orders Linus Aalto'])
})

test('what fits best comes first; people one talks with already are not there twice', () => {
  assert.deepEqual(offered('de', 'delivery'), [
    'Conversations: design delivery demos orders',
    'People: edsger',
    'Do: mute',
  ])
  assert.deepEqual(offered('linus'), ['Conversations: Linus Aalto'])
})

test('a sign in front narrows', () => {
  assert.deepEqual(readQuery(' #de'), { only: '#', words: 'de' })
  assert.deepEqual(offered('@'), ['Conversations: Linus Aalto', 'People: edsger'])
  assert.deepEqual(offered('>'), ['Do: mute dark'])
  assert.deepEqual(offered('>dark'), ['Do: dark'])
  assert.deepEqual(offered('#dem'), ['Conversations: demos'])
})

test('nothing that fits is nothing', () => {
  assert.deepEqual(offered('xyz'), [])
})

test('who is deactivated is not offered as a person to write to', () => {
  const gone: Account = { ...account('gone', 'Delia Gone'), deactivated: true }
  const withGone = findHits({
    typed: '@del',
    open: undefined,
    me: 'ada',
    conversations: [],
    people: new Map([[gone.id, gone]]),
    commands,
  })
  assert.deepEqual(withGone, [])
  const back = new Map([[gone.id, account('gone', 'Delia Gone')]])
  const restored = findHits({ typed: '@del', open: undefined, me: 'ada', conversations: [], people: back, commands })
  assert.equal(restored[0]?.hits.length, 1)
})
