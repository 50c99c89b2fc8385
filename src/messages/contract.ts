import { Type } from 'typebox'
import { Account } from '#accounts/shapes.ts'
import { memberProblems } from '#members/problems.ts'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Count, Exact, Limit, Nullable, Position, Uuid } from '#platform/contract/shapes.ts'
import { messageProblems as problem } from './problems.ts'
import { Body, ClientId, Emoji, Message } from './shapes.ts'

const tag = 'Messages'
const inConversation = Exact({ conversationId: Uuid('The conversation.') })
const oneMessage = Exact({ conversationId: Uuid('The conversation.'), messageId: Uuid('The message.') })
const mayTakePart = [
  memberProblems['conversation-not-found'],
  memberProblems['not-a-member'],
  memberProblems['conversation-archived'],
] as const

export const postMessage = endpoint({
  tag,
  operationId: 'postMessage',
  method: 'POST',
  path: '/v1/conversations/{conversationId}/messages',
  access: 'account',
  summary: 'Send a message, or a reply in a thread',
  description:
    'Answers once the message is kept: 201 the first time; 200 with the same message whenever the same `clientId` comes again. Retry with the same `clientId` as often as you like.',
  params: inConversation,
  example: { clientId: 'my-first', body: 'Nothing lost, nothing twice.' },
  body: Exact({
    clientId: ClientId,
    body: Body,
    threadRoot: Type.Optional(Uuid('Reply to this message, in its thread.')),
  }),
  bodyLimit: 256 * 1024,
  replies: { 201: Message, 200: Message },
  problems: [
    ...mayTakePart,
    problem['message-not-found'],
    problem['message-deleted'],
    problem['reply-to-a-reply'],
    problem['empty-message'],
    problem['message-too-long'],
    problem['queue-full'],
  ],
})

const page = {
  before: Type.Optional(Position('Only messages with a smaller number: the page before it.', 1)),
  after: Type.Optional(Position('Only messages with a greater number: the page after it.')),
  limit: Limit(200, 50),
}

export const MessagePage = Exact(
  {
    messages: Type.Array(Message, { description: 'Oldest first.' }),
    seq: Count('The log position that this page contains: apply later events to it.'),
    before: Nullable(Type.Integer(), {
      description: 'Hand it in as `before` for older messages; null at the beginning.',
    }),
    after: Nullable(Type.Integer(), { description: 'Hand it in as `after` for newer messages; null at the end.' }),
  },
  { title: 'MessagePage' },
)

export const listMessages = endpoint({
  tag,
  operationId: 'listMessages',
  method: 'GET',
  path: '/v1/conversations/{conversationId}/messages',
  access: 'account',
  summary: 'History, by cursor in both directions or around a message',
  description: 'The newest page, unless one of `before`, `after` and `around` is given. Top-level messages only.',
  params: inConversation,
  query: Exact({
    ...page,
    around: Type.Optional(Uuid('A message, or a reply: the page that has it, or its root, in the middle.')),
  }),
  replies: { 200: MessagePage },
  problems: [memberProblems['conversation-not-found'], problem['message-not-found'], problem['ambiguous-cursor']],
})

export const listReplies = endpoint({
  tag,
  operationId: 'listReplies',
  method: 'GET',
  path: '/v1/conversations/{conversationId}/messages/{messageId}/replies',
  access: 'account',
  summary: 'A thread: its root and its replies, by cursor',
  description: 'The oldest replies first, unless `before` is given. Cursors are reply numbers.',
  params: oneMessage,
  query: Exact(page),
  replies: {
    200: Exact({
      root: Message,
      following: Type.Boolean({
        description: 'Whether you follow the thread: its replies then count as unread for you.',
      }),
      readOrdinal: Count('The last reply that you have read.'),
      ...MessagePage.properties,
    }),
  },
  problems: [memberProblems['conversation-not-found'], problem['message-not-found'], problem['ambiguous-cursor']],
})

export const getMessage = endpoint({
  tag,
  operationId: 'getMessage',
  method: 'GET',
  path: '/v1/conversations/{conversationId}/messages/{messageId}',
  access: 'account',
  summary: 'One message',
  params: oneMessage,
  replies: { 200: Message },
  problems: [memberProblems['conversation-not-found'], problem['message-not-found']],
})

export const editMessage = endpoint({
  tag,
  operationId: 'editMessage',
  method: 'PATCH',
  path: '/v1/conversations/{conversationId}/messages/{messageId}',
  access: 'account',
  summary: 'Edit your message',
  params: oneMessage,
  example: { body: 'Nothing lost, and nothing twice.' },
  body: Exact({ body: Body }),
  bodyLimit: 256 * 1024,
  replies: { 200: Message },
  problems: [
    ...mayTakePart,
    problem['message-not-found'],
    problem['not-your-message'],
    problem['message-deleted'],
    problem['empty-message'],
    problem['message-too-long'],
  ],
})

export const deleteMessage = endpoint({
  tag,
  operationId: 'deleteMessage',
  method: 'DELETE',
  path: '/v1/conversations/{conversationId}/messages/{messageId}',
  access: 'account',
  summary: 'Delete a message',
  description:
    'Its text is gone for good; its number stays, so that everybody counts the same messages. Yours, or any as an owner of the conversation or the place. Repeating is harmless.',
  params: oneMessage,
  replies: { 200: Message },
  problems: [...mayTakePart, problem['message-not-found'], problem['not-your-message']],
})

const reaction = Exact({ conversationId: Uuid('The conversation.'), messageId: Uuid('The message.'), emoji: Emoji })

export const addReaction = endpoint({
  tag,
  operationId: 'addReaction',
  method: 'PUT',
  path: '/v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}',
  access: 'account',
  summary: 'React with an emoji',
  description: 'Repeating is harmless.',
  params: reaction,
  replies: { 200: Message },
  problems: [
    ...mayTakePart,
    problem['message-not-found'],
    problem['message-deleted'],
    problem['not-an-emoji'],
    problem['too-many-reactions'],
  ],
})

export const removeReaction = endpoint({
  tag,
  operationId: 'removeReaction',
  method: 'DELETE',
  path: '/v1/conversations/{conversationId}/messages/{messageId}/reactions/{emoji}',
  access: 'account',
  summary: 'Take your reaction back',
  description: 'Repeating is harmless.',
  params: reaction,
  replies: { 200: Message },
  problems: [...mayTakePart, problem['message-not-found']],
})

const Named = Type.Array(Account, {
  description:
    'Once each and in no order: those whom these messages name and you may know. They are who wrote, deleted and replied last, and the first 20 whom each mentions.',
})

export const followThread = endpoint({
  tag,
  operationId: 'followThread',
  method: 'PUT',
  path: '/v1/conversations/{conversationId}/messages/{messageId}/follow',
  access: 'account',
  summary: 'Follow a thread, or stop following it',
  description: 'Who writes in a thread, or is mentioned in it, follows it.',
  params: oneMessage,
  example: { following: true },
  body: Exact({ following: Type.Boolean({ description: 'Whether its replies count as unread for you.' }) }),
  replies: { 204: null },
  problems: [
    memberProblems['conversation-not-found'],
    memberProblems['not-a-member'],
    problem['message-not-found'],
    problem['reply-to-a-reply'],
  ],
})

export const listThreads = endpoint({
  tag,
  operationId: 'listThreads',
  method: 'GET',
  path: '/v1/threads',
  access: 'account',
  summary: 'Threads that you follow, latest reply first',
  query: Exact({
    before: Type.Optional(Type.String({ maxLength: 200, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(100, 30),
  }),
  replies: {
    200: Exact({
      threads: Type.Array(
        Exact(
          {
            root: Message,
            readOrdinal: Count('The last reply that you have read.'),
            unreadCount: Count('Replies after it.'),
          },
          { title: 'FollowedThread' },
        ),
      ),
      accounts: Named,
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['bad-cursor']],
})

export const listMentions = endpoint({
  tag,
  operationId: 'listMentions',
  method: 'GET',
  path: '/v1/mentions',
  access: 'account',
  summary: 'Messages that mean you, newest first',
  query: Exact({
    before: Type.Optional(Type.String({ maxLength: 200, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(100, 30),
  }),
  replies: {
    200: Exact({
      messages: Type.Array(Message),
      accounts: Named,
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['bad-cursor']],
})
