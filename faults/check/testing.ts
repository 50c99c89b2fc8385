import type { Conversation } from '#conversations/contract.ts'
import type { Message } from '#messages/shapes.ts'
import type { Deed, History, Operation } from '../history.ts'

// Histories by hand: one small true story, which each test bends in one place.

export const ada = 'account-ada'
export const grace = 'account-grace'
export const harbour = 'conversation-harbour'

export const message = (ordinal: number, seq: number, body: string, more: Partial<Message> = {}): Message => ({
  id: `message-${ordinal}`,
  conversationId: harbour,
  seq,
  changedSeq: seq,
  ordinal,
  threadRoot: null,
  replyOrdinal: null,
  accountId: ada,
  clientId: `client-${ordinal}`,
  body,
  createdAt: '2026-11-22T10:00:00.000Z',
  editedAt: null,
  deletedAt: null,
  deletedBy: null,
  reactions: [],
  thread: null,
  ...more,
})

const common = (account: string, from: number, to: number | null) => ({
  account,
  conversation: harbour,
  from,
  to,
  outcome: to === null ? ('unknown' as const) : ('acknowledged' as const),
  attempts: [{ node: 0, from, to, status: to === null ? null : 200 }],
})

export const post = (from: number, to: number, reply: Message, mentions: readonly string[] = []): Deed<'post'> => ({
  kind: 'post',
  ...common(ada, from, to),
  clientId: reply.clientId,
  body: reply.body,
  mentions,
  threadRoot: null,
  replies: [reply],
})
export const edit = (from: number, to: number | null, reply: Message): Deed<'edit'> => ({
  kind: 'edit',
  ...common(ada, from, to),
  messageId: reply.id,
  body: reply.body,
  mentions: [],
  replies: to === null ? [] : [reply],
})
export const remove = (from: number, to: number, messageId: string): Deed<'delete'> => ({
  kind: 'delete',
  ...common(ada, from, to),
  messageId,
  replies: [],
})
export const react = (
  from: number,
  to: number,
  kind: 'react' | 'unreact',
  messageId: string,
): Deed<'react' | 'unreact'> => ({
  kind,
  ...common(grace, from, to),
  messageId,
  emoji: '🐳',
  replies: [],
})
export const member = (from: number, to: number, kind: 'add' | 'remove'): Deed<'add' | 'remove'> => ({
  kind,
  ...common(ada, from, to),
  subject: grace,
  replies: [],
})
export const revoke = (from: number, to: number): Deed<'revoke'> => ({
  kind: 'revoke',
  ...common(grace, from, to),
  conversation: '',
  session: 'session-grace',
  replies: [],
})
export const readThread = (from: number, to: number, ordinal: number): Deed<'read'> => ({
  kind: 'read',
  ...common(grace, from, to),
  ordinal,
  threadRoot: 'message-1',
  replies: [{ readOrdinal: 1, unreadCount: 1, mentionCount: 0, unreadMentions: [] }],
})
export const look = (account: string, from: number, to: number, seq: number, messages: Message[]): Deed<'history'> => ({
  kind: 'history',
  ...common(account, from, to),
  replies: [{ seq, messages, before: null, after: null }],
})

export const posted = (given: Message) => ({
  type: 'message.posted',
  conversationId: harbour,
  seq: given.seq,
  at: given.createdAt,
  message: given,
  root: null,
})

// New each time: the tests bend them.
const hello = () => message(1, 4, 'hello')
const ahoy = () => message(2, 5, 'ahoy')

/**
 * Ada made the harbour, with Grace in it (events 1 to 3), and said hello (4) and ahoy (5). Grace's one device had the
 * page up to hello and then heard ahoy; she has read hello. Every promise is held.
 */
export function story(): History {
  return {
    names: new Map([
      [ada, 'Ada Lindqvist'],
      [grace, 'Grace Okafor'],
      [harbour, 'harbour'],
    ]),
    operations: [
      post(10, 20, hello()),
      look(grace, 30, 40, 4, [hello()]),
      post(50, 60, ahoy()),
      {
        kind: 'read',
        ...common(grace, 70, 80),
        ordinal: 1,
        threadRoot: null,
        replies: [{ readOrdinal: 1, unreadCount: 1, mentionCount: 0, unreadMentions: [] }],
      },
    ] satisfies Operation[],
    devices: [
      {
        name: 'Grace’s phone',
        account: grace,
        sessions: [
          {
            node: 1,
            signIn: 'session-grace',
            from: 25,
            to: null,
            positions: {},
            frames: [
              {
                at: 26,
                frame: {
                  type: 'welcome' as const,
                  protocol: 1,
                  accountId: grace,
                  heads: [{ conversationId: harbour, lastSeq: 4, lastOrdinal: 1, readOrdinal: 0 }],
                  behind: 0,
                  present: [],
                },
              },
              { at: 55, frame: { type: 'events' as const, events: [posted(ahoy())] } },
            ],
          },
        ],
        steps: new Map([
          [
            harbour,
            [
              { kind: 'page' as const, page: { messages: [hello()], seq: 4, before: null, after: null } },
              { kind: 'event' as const, event: posted(ahoy()) },
            ],
          ],
        ]),
        positions: { [harbour]: 5 },
      },
    ],
    settledAt: 100,
    toldUntil: -Infinity,
    drains: [],
    final: {
      conversations: [{ id: harbour, visibility: 'private', last_seq: 5, last_ordinal: 2 }],
      events: [
        { conversation_id: harbour, seq: 1, type: 'conversation.changed', message_id: null, account_id: ada },
        { conversation_id: harbour, seq: 2, type: 'member.added', message_id: null, account_id: ada },
        { conversation_id: harbour, seq: 3, type: 'member.added', message_id: null, account_id: grace },
        { conversation_id: harbour, seq: 4, type: 'message.posted', message_id: 'message-1', account_id: null },
        { conversation_id: harbour, seq: 5, type: 'message.posted', message_id: 'message-2', account_id: null },
      ],
      messages: [row(hello()), row(ahoy())],
      members: [
        { conversation_id: harbour, account_id: ada, read_ordinal: 2 },
        { conversation_id: harbour, account_id: grace, read_ordinal: 1 },
      ],
      reactions: [],
      followers: [],
      threads: [],
      seen: [
        { account: grace, conversation: harbour, state: state(1, 1, 0), messages: [hello(), ahoy()], seq: 5 },
        { account: ada, conversation: harbour, state: state(2, 0, 0), messages: [hello(), ahoy()], seq: 5 },
      ],
    },
  }
}

export const row = (given: Message): History['final']['messages'][0] => ({
  conversation_id: harbour,
  id: given.id,
  seq: given.seq,
  ordinal: given.ordinal,
  thread_root: null,
  reply_ordinal: null,
  account_id: given.accountId,
  client_id: given.clientId,
  body: given.body,
  deleted: given.deletedAt !== null,
})

/** Only what the rules look at. */
export const state = (readOrdinal: number, unreadCount: number, mentionCount: number): Conversation =>
  ({ membership: { readOrdinal }, unreadCount, mentionCount }) as unknown as Conversation
