import { Type, type Static } from 'typebox'
import { memberProblems } from '#members/problems.ts'
import { Membership, UnreadMention } from '#members/contract.ts'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Count, Exact, Limit, Nullable, Time, Uuid } from '#platform/contract/shapes.ts'
import { conversationProblems as problem } from './problems.ts'
import { channelNamePattern, longestName } from './shapes.ts'

export const ChannelName = Type.String({
  minLength: 1,
  maxLength: longestName,
  pattern: channelNamePattern,
  description:
    'Letters and digits of any script, joined by single dashes or underscores: `delivery-team`. Kept in lower case.',
})
export const Topic = Type.String({ maxLength: 500, description: 'What it is about, at most 500 characters.' })
const GroupName = Type.String({ minLength: 1, maxLength: 80, pattern: '\\S', description: 'A name for the group.' })

/** The newest top-level message, as much of it as a list row shows. */
export const LastMessage = Exact(
  {
    id: Uuid('The message.'),
    ordinal: Type.Integer({ description: 'Its number in the conversation.' }),
    accountId: Uuid('Who wrote it.'),
    excerpt: Type.String({ description: 'Its first 200 characters; empty when it was deleted.' }),
    createdAt: Time('When it was kept.'),
    deleted: Type.Boolean({ description: 'Whether it was deleted.' }),
  },
  { title: 'LastMessage' },
)
export type LastMessage = Static<typeof LastMessage>

const facts = {
  id: Uuid('The conversation.'),
  kind: Type.Enum(['channel', 'group', 'direct'], {
    description: 'A named channel, a group of people, or the one direct conversation of a set of people.',
  }),
  visibility: Type.Enum(['public', 'private'], { description: 'Public channels can be read by everybody but guests.' }),
  name: Nullable(Type.String(), { description: 'Of a channel, or of a group that was named.' }),
  topic: Topic,
  createdBy: Nullable(Type.String({ format: 'uuid' }), { description: 'Who created it.' }),
  createdAt: Time('When it was created.'),
  archivedAt: Nullable(Type.String({ format: 'date-time' }), { description: 'Since when it can only be read.' }),
}

/** What everybody in it knows of a conversation; what `conversation.changed` carries. */
export const ConversationFacts = Exact(facts, { title: 'ConversationFacts' })
export type ConversationFacts = Static<typeof ConversationFacts>

export const Conversation = Exact(
  {
    ...facts,
    activeAt: Time('Of its newest message, or its creation. Lists are sorted by it.'),
    lastSeq: Count('Head of its log: hand it to the stream as your position.'),
    lastOrdinal: Count('Number of its newest top-level message.'),
    memberCount: Count('How many people are in it.'),
    people: Type.Array(Type.String({ format: 'uuid' }), {
      description: 'Groups and direct conversations: the other people, at most 50. Empty for channels.',
    }),
    membership: Nullable(Membership, { description: 'Yours, or null for a public channel that you have not joined.' }),
    unreadCount: Count('Messages after your read position; 0 without a membership.'),
    mentionCount: Count('Messages after your read positions that mean you.'),
    unreadMentions: Type.Array(UnreadMention, { description: 'These messages, the newest 100 at most.' }),
    lastMessage: Nullable(LastMessage, { description: 'The newest top-level message.' }),
  },
  { title: 'Conversation' },
)
export type Conversation = Static<typeof Conversation>

export const ConversationChanged = Exact(
  {
    type: Type.Literal('conversation.changed'),
    conversationId: Uuid('The conversation.'),
    seq: Type.Integer({ minimum: 1, description: 'Its place in the conversation’s log, without gaps.' }),
    at: Time('When it happened.'),
    by: Uuid('Who did it.'),
    change: Type.Enum(['created', 'renamed', 'topic', 'archived', 'restored'], { description: 'What changed.' }),
    conversation: ConversationFacts,
  },
  { title: 'ConversationChanged' },
)
export type ConversationChanged = Static<typeof ConversationChanged>

const tag = 'Conversations'
const one = Exact({ conversationId: Uuid('The conversation.') })
const accountIds = (description: string) =>
  Type.Array(Type.String({ format: 'uuid' }), { maxItems: 100, uniqueItems: true, description })

export const createConversation = endpoint({
  tag,
  operationId: 'createConversation',
  method: 'POST',
  path: '/v1/conversations',
  access: 'account',
  summary: 'Create a channel or group, or open a direct conversation',
  description:
    'You are its first member and owner. A public channel has its name alone; a private one stands in the way of nobody who is not in it. There is one direct conversation per set of people: asking again answers 200 with the same one. Guests may only open direct conversations with people they share a conversation with.',
  example: { kind: 'channel', name: 'delivery', topic: 'Nothing lost, nothing twice' },
  body: Type.Union([
    Exact(
      {
        kind: Type.Literal('channel'),
        name: ChannelName,
        topic: Type.Optional(Topic),
        visibility: Type.Optional(
          Type.Enum(['public', 'private'], { default: 'public', description: 'Who can read it.' }),
        ),
        accountIds: Type.Optional(accountIds('Who is added at once.')),
      },
      { title: 'NewChannel' },
    ),
    Exact(
      {
        kind: Type.Literal('group'),
        name: Type.Optional(GroupName),
        topic: Type.Optional(Topic),
        accountIds: accountIds('The other people, at most 49.'),
      },
      { title: 'NewGroup' },
    ),
    Exact(
      {
        kind: Type.Literal('direct'),
        accountIds: accountIds('The other people, at most 49. Empty: a conversation with yourself, for notes.'),
      },
      { title: 'NewDirect' },
    ),
  ]),
  replies: { 201: Conversation, 200: Conversation },
  problems: [
    problem['guests-open-direct-only'],
    problem['name-taken'],
    memberProblems['unknown-account'],
    memberProblems['deactivated-account'],
    memberProblems['too-many-members'],
  ],
})

export const listConversations = endpoint({
  tag,
  operationId: 'listConversations',
  method: 'GET',
  path: '/v1/conversations',
  access: 'account',
  summary: 'Your conversations, newest activity first',
  query: Exact({
    after: Type.Optional(Type.String({ maxLength: 200, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(200, 100),
  }),
  replies: {
    200: Exact({
      conversations: Type.Array(Conversation),
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['bad-cursor']],
})

export const listChannels = endpoint({
  tag,
  operationId: 'listChannels',
  method: 'GET',
  path: '/v1/channels',
  access: 'account',
  summary: 'Public channels, joined or not, by name, archived ones last',
  description: 'Empty for guests.',
  query: Exact({
    query: Type.Optional(Type.String({ maxLength: 80, description: 'A part of the name.' })),
    after: Type.Optional(Type.String({ maxLength: 600, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(200, 50),
  }),
  replies: {
    200: Exact({
      channels: Type.Array(Conversation),
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['bad-cursor']],
})

export const getConversation = endpoint({
  tag,
  operationId: 'getConversation',
  method: 'GET',
  path: '/v1/conversations/{conversationId}',
  access: 'account',
  summary: 'One conversation, by its id',
  params: one,
  replies: { 200: Conversation },
  problems: [memberProblems['conversation-not-found']],
})

export const changeConversation = endpoint({
  tag,
  operationId: 'changeConversation',
  method: 'PATCH',
  path: '/v1/conversations/{conversationId}',
  access: 'account',
  summary: 'Rename, set the topic, archive or restore',
  description:
    'Every member may set the topic and rename a group; owners of the conversation, and of the place where it is a channel, may rename a channel, archive and restore. Guests rename no public channel.',
  params: one,
  example: { topic: 'Nothing lost, nothing twice' },
  body: Exact(
    {
      name: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 80,
          description: 'The new name; a channel’s has the form of `NewChannel.name`.',
        }),
      ),
      topic: Type.Optional(Topic),
      archived: Type.Optional(Type.Boolean({ description: 'true archives, false restores.' })),
    },
    { minProperties: 1 },
  ),
  replies: { 200: Conversation },
  problems: [
    memberProblems['conversation-not-found'],
    memberProblems['not-a-member'],
    memberProblems['not-yours-to-change'],
    memberProblems['conversation-archived'],
    problem['name-taken'],
    problem['name-is-fixed'],
    problem['guests-rename-none'],
  ],
})
