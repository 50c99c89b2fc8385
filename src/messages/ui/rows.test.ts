import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Message } from '../shapes.ts'
import type { OutgoingMessage } from './outgoing.ts'
import { layRows, type Layout, type Row } from './rows.ts'

const message = (number: number, at: string, more: Partial<Message> = {}): Message => ({
  id: `m${number}`,
  conversationId: 'c',
  seq: number,
  changedSeq: number,
  ordinal: number,
  threadRoot: null,
  replyOrdinal: null,
  accountId: 'grace',
  clientId: `client ${number}`,
  body: `text ${number}`,
  createdAt: `2026-11-20T${at}:00.000Z`,
  editedAt: null,
  deletedAt: null,
  deletedBy: null,
  reactions: [],
  thread: null,
  ...more,
})
const pending = (clientId: string, at: string, state: 'sending' | 'refused' = 'sending'): OutgoingMessage => ({
  clientId,
  accountId: 'ada',
  conversationId: 'c',
  threadRoot: null,
  body: 'text',
  writtenAt: Date.parse(`2026-11-20T${at}:00.000Z`),
  tried: true,
  refused: null,
  delivery: state === 'sending' ? { state, resumesAt: null } : { state, code: 'code', reason: 'Because.' },
})
const lay = (messages: Message[], more: Partial<Layout> = {}) =>
  layRows({
    messages,
    pending: [],
    atStart: true,
    atEnd: true,
    freshAfter: null,
    accountId: 'ada',
    dayKey: (at) => new Date(at).toISOString().slice(0, 10),
    inStepUntil: null,
    ...more,
  })
/** Short: `first` and `next` of a group, and the lines by their kind. */
const said = (rows: Row[]) =>
  rows.map((row) =>
    'first' in row
      ? `${row.kind} ${row.first ? 'first' : 'next'}`
      : row.kind === 'day' && row.fresh
        ? 'day fresh'
        : row.kind,
  )

describe('the rows of a timeline', () => {
  test('one author within five minutes is one group; another author, a pause and a day begin anew', () => {
    const rows = lay([
      message(1, '09:00'),
      message(2, '09:04'),
      message(3, '09:09'),
      message(4, '09:10', { accountId: 'linus' }),
      message(5, '09:11', { createdAt: '2026-11-21T00:01:00.000Z', accountId: 'linus' }),
    ])
    assert.deepEqual(said(rows), [
      'beginning',
      'day',
      'message first',
      'message next',
      'message first',
      'message first',
      'day',
      'message first',
    ])
  })

  test('a deleted message stands alone', () => {
    const rows = lay([message(1, '09:00'), message(2, '09:01', { deletedAt: 'then' }), message(3, '09:02')])
    assert.deepEqual(said(rows).slice(2), ['message first', 'message first', 'message first'])
  })

  test('the line before what is new breaks a group, and falls together with a day', () => {
    const both = [message(1, '09:00'), message(2, '09:01')]
    assert.deepEqual(said(lay(both, { freshAfter: 1 })).slice(2), ['message first', 'fresh', 'message first'])
    assert.deepEqual(said(lay(both, { freshAfter: 0 })).slice(1), ['day fresh', 'message first', 'message next'])
  })

  test('what I wrote myself is not new to me', () => {
    const rows = lay([message(1, '09:00'), message(2, '09:01', { accountId: 'ada' }), message(3, '09:02')], {
      freshAfter: 1,
    })
    assert.deepEqual(said(rows).slice(2), ['message first', 'message first', 'fresh', 'message first'])
  })

  test('what waits stands at the end, as part of my group, and a refused one alone', () => {
    const rows = lay([message(1, '09:00', { accountId: 'ada' })], {
      pending: [pending('a', '09:01'), pending('b', '09:02', 'refused'), pending('c', '09:03')],
    })
    assert.deepEqual(said(rows).slice(2), ['message first', 'pending next', 'pending first', 'pending first'])
  })

  test('a waiting row and the message that it becomes have one key', () => {
    const waits = lay([], { pending: [pending('client 7', '09:00')] }).at(-1)
    const kept = lay([message(7, '09:00', { accountId: 'ada' })]).at(-1)
    assert.equal(waits?.key, kept?.key)
  })

  test('while the stream is away, a line says until when nothing is missing', () => {
    const until = new Date('2026-11-20T09:44:00.000Z')
    const rows = lay([message(1, '09:00')], { inStepUntil: until, pending: [pending('a', '09:51')] })
    assert.deepEqual(said(rows).slice(2), ['message first', 'step', 'pending first'])
    assert.deepEqual(said(lay([message(1, '09:00')], { inStepUntil: until })).slice(2), ['message first'])
  })

  test('in the middle of history there is more on both sides, and what waits is not shown as if it followed', () => {
    const rows = lay([message(5, '09:00')], { atStart: false, atEnd: false, pending: [pending('a', '10:00')] })
    assert.deepEqual(said(rows), ['more', 'day', 'message first', 'more'])
  })

  test('a thread begins with what it answers and the count of its replies', () => {
    const root = message(1, '09:00', { thread: { replyCount: 1, lastReplyAt: 'then', participants: ['linus'] } })
    const reply = message(9, '09:30', { ordinal: null, threadRoot: 'm1', replyOrdinal: 1 })
    assert.deepEqual(said(lay([reply], { thread: true, root })), ['root', 'count', 'message first'])
  })
})
