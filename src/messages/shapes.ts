import { Type, type Static } from 'typebox'
import { Count, Exact, Nullable, Time, Uuid } from '#platform/contract/shapes.ts'
import { maxBodyLength } from './rules.ts'

export const ClientId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\x21-\\x7e]+$',
  description:
    'Chosen by the sender, new for every message: 1 to 64 visible ASCII characters, a UUID for example. Sending again with the same one never makes a second message, at whatever age and from whatever node.',
})
export const Body = Type.String({
  description: `Markdown, at most ${maxBodyLength.toLocaleString('en')} characters. \`<@{accountId}>\` mentions a member, \`@channel\` all of them.`,
})
export const Emoji = Type.String({
  minLength: 1,
  maxLength: 32,
  description: 'One emoji, as Unicode: 👍. In any spelling: U+FE0F may be there or not.',
})

export const Reaction = Exact(
  {
    emoji: Type.String({ description: 'One emoji, as Unicode.' }),
    accountIds: Type.Array(Type.String({ format: 'uuid' }), { description: 'Who reacted with it, in that order.' }),
  },
  { title: 'Reaction' },
)
export type Reaction = Static<typeof Reaction>

/** What a root shows of its thread. */
export const ThreadSummary = Exact(
  {
    replyCount: Count('Replies, deleted ones included: the last reply’s number.'),
    lastReplyAt: Time('When the last reply was kept.'),
    participants: Type.Array(Type.String({ format: 'uuid' }), {
      description: 'Who replied last, three at most, the latest first.',
    }),
  },
  { title: 'ThreadSummary' },
)
export type ThreadSummary = Static<typeof ThreadSummary>

export const Message = Exact(
  {
    id: Uuid('The message.'),
    conversationId: Uuid('The conversation that it belongs to.'),
    seq: Type.Integer({ minimum: 1, description: 'Where its `message.posted` stands in the conversation’s log.' }),
    changedSeq: Type.Integer({
      minimum: 1,
      description: 'The last event that is contained in this state: ignore events of this message up to here.',
    }),
    ordinal: Nullable(Type.Integer({ minimum: 1 }), {
      description: 'Its number in the conversation, without gaps; null for a reply.',
    }),
    threadRoot: Nullable(Type.String({ format: 'uuid' }), { description: 'The message that it replies to.' }),
    replyOrdinal: Nullable(Type.Integer({ minimum: 1 }), { description: 'Its number in the thread, without gaps.' }),
    accountId: Uuid('Who wrote it.'),
    clientId: Type.String({ description: 'What its sender called it.' }),
    body: Type.String({ description: 'Markdown; empty once deleted.' }),
    createdAt: Time('When it was kept. Order is by ordinal, never by this.'),
    editedAt: Nullable(Type.String({ format: 'date-time' }), { description: 'When it was last edited.' }),
    deletedAt: Nullable(Type.String({ format: 'date-time' }), { description: 'When it was deleted.' }),
    deletedBy: Nullable(Type.String({ format: 'uuid' }), { description: 'Who deleted it: its author, or an owner.' }),
    reactions: Type.Array(Reaction, { description: 'In the order in which each emoji first came.' }),
    thread: Nullable(ThreadSummary, { description: 'Of a message that has replies.' }),
  },
  { title: 'Message' },
)
export type Message = Static<typeof Message>

const event = <T extends string>(type: T) => ({
  type: Type.Literal(type),
  conversationId: Uuid('The conversation.'),
  seq: Type.Integer({ minimum: 1, description: 'Its place in the conversation’s log, without gaps.' }),
  at: Time('When it happened.'),
})

export const MessagePosted = Exact(
  {
    ...event('message.posted'),
    message: Message,
    root: Nullable(ThreadSummary, {
      description: 'Of a reply: the summary of its thread, for the root that it replies to.',
    }),
  },
  { title: 'MessagePosted', description: 'A message, in its present state: a deleted one comes without its text.' },
)
export const MessageEdited = Exact(
  { ...event('message.edited'), message: Message },
  { title: 'MessageEdited', description: 'The message in its present state.' },
)
export const MessageDeleted = Exact(
  { ...event('message.deleted'), messageId: Uuid('The message that was deleted.'), by: Uuid('Who deleted it.') },
  { title: 'MessageDeleted', description: 'Its text is gone; its number stays.' },
)
const reaction = {
  messageId: Uuid('The message.'),
  accountId: Uuid('Who reacted.'),
  emoji: Type.String({ description: 'With what.' }),
}
export const ReactionAdded = Exact({ ...event('reaction.added'), ...reaction }, { title: 'ReactionAdded' })
export const ReactionRemoved = Exact({ ...event('reaction.removed'), ...reaction }, { title: 'ReactionRemoved' })

export type MessagePosted = Static<typeof MessagePosted>
export type MessageEdited = Static<typeof MessageEdited>
export type MessageDeleted = Static<typeof MessageDeleted>
export type ReactionAdded = Static<typeof ReactionAdded>
export type ReactionRemoved = Static<typeof ReactionRemoved>
export type MessageEvent = MessagePosted | MessageEdited | MessageDeleted | ReactionAdded | ReactionRemoved
