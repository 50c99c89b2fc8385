import { Type, type Static } from 'typebox'
import { Name } from '#accounts/shapes.ts'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Count, Exact, Limit, Nullable, Position, Time, Uuid } from '#platform/contract/shapes.ts'
import { memberProblems as problem } from './problems.ts'

export const Notify = Type.Enum(['all', 'mentions', 'none'], {
  description: 'What may call for attention: every message, mentions only, or nothing (muted).',
})
export type Notify = Static<typeof Notify>

export const Member = Exact(
  {
    accountId: Uuid('The account.'),
    role: Type.Enum(['owner', 'member'], { description: 'Owners of a conversation may rename, archive and remove.' }),
    joinedAt: Time('When they joined.'),
  },
  { title: 'Member' },
)
export type Member = Static<typeof Member>

/** What you alone know of your membership. */
export const Membership = Exact(
  {
    role: Member.properties.role,
    notify: Notify,
    joinedAt: Time('When you joined.'),
    readOrdinal: Count('The last message that you have read. It only moves forward.'),
  },
  { title: 'Membership' },
)
export type Membership = Static<typeof Membership>

export const UnreadMention = Exact(
  {
    messageId: Uuid('The message that means you.'),
    ordinal: Nullable(Type.Integer(), { description: 'Its number in the conversation; null for a reply.' }),
    threadRoot: Nullable(Type.String({ format: 'uuid' }), { description: 'The thread of a reply.' }),
    replyOrdinal: Nullable(Type.Integer(), { description: 'Its number in the thread.' }),
  },
  { title: 'UnreadMention' },
)
export type UnreadMention = Static<typeof UnreadMention>

/** Derived from positions, never counted up by hand. */
export const ReadState = Exact(
  {
    readOrdinal: Count('The last message that you have read.'),
    unreadCount: Count('`lastOrdinal − readOrdinal`: exact.'),
    mentionCount: Count('Messages after your read positions that mean you: exact.'),
    unreadMentions: Type.Array(UnreadMention, { description: 'These messages, the newest 100 at most.' }),
  },
  { title: 'ReadState' },
)
export type ReadState = Static<typeof ReadState>

const event = <T extends string>(type: T) => ({
  type: Type.Literal(type),
  conversationId: Uuid('The conversation.'),
  seq: Type.Integer({ minimum: 1, description: 'Its place in the conversation’s log, without gaps.' }),
  at: Time('When it happened.'),
})

export const MemberAdded = Exact(
  { ...event('member.added'), member: Member, by: Uuid('Who added them; themselves when they joined.') },
  { title: 'MemberAdded' },
)
export const MemberRemoved = Exact(
  {
    ...event('member.removed'),
    accountId: Uuid('Who is no longer a member.'),
    by: Uuid('Who removed them; themselves when they left.'),
    newOwner: Nullable(Type.String({ format: 'uuid' }), {
      description: 'Who owns the conversation now, where the last owner went; null otherwise.',
    }),
  },
  { title: 'MemberRemoved' },
)
export type MemberAdded = Static<typeof MemberAdded>
export type MemberRemoved = Static<typeof MemberRemoved>

const tag = 'Members'
const conversation = Exact({ conversationId: Uuid('The conversation.') })
const member = Exact({ conversationId: Uuid('The conversation.'), accountId: Uuid('The account.') })

export const listMembers = endpoint({
  tag,
  operationId: 'listMembers',
  method: 'GET',
  path: '/v1/conversations/{conversationId}/members',
  access: 'account',
  summary: 'Who is in a conversation',
  description: 'In the order in which they joined. With `ids` or `query` only those of them who are members.',
  params: conversation,
  query: Exact({
    ids: Type.Optional(
      Type.String({
        maxLength: 3700,
        pattern: '^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36}){0,99}$',
        description: 'Up to 100 account ids, separated by commas.',
      }),
    ),
    query: Type.Optional(
      Type.String({
        maxLength: 254,
        description: 'Start of any word of the name, or the whole e-mail address. Guests find nobody by an address.',
      }),
    ),
    after: Type.Optional(Type.String({ maxLength: 100, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(500, 100),
  }),
  replies: {
    200: Exact({
      members: Type.Array(Member),
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['conversation-not-found'], problem['bad-cursor']],
})

export const findNamedMembers = endpoint({
  tag,
  operationId: 'findNamedMembers',
  method: 'POST',
  path: '/v1/conversations/{conversationId}/members/named',
  access: 'account',
  summary: 'Find members by their whole names',
  description:
    'Members with whose name, in upper or lower case, a text begins: whom a person may mean who writes `@` and a name by hand. A text may go on behind the name. Everybody of that name is found.',
  params: conversation,
  example: { texts: ['Ada Lindqvist, have you seen it?'] },
  body: Exact({
    texts: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 10,
      description: 'What stands behind each `@`.',
    }),
  }),
  replies: {
    200: Exact({
      members: Type.Array(Exact({ accountId: Member.properties.accountId, name: Name }), {
        description: 'Sorted by name, at most 100.',
      }),
      complete: Type.Boolean({ description: 'Whether nobody is missing: false beyond the 100.' }),
    }),
  },
  problems: [problem['conversation-not-found']],
})

export const listChannelsInCommon = endpoint({
  tag,
  operationId: 'listChannelsInCommon',
  method: 'GET',
  path: '/v1/accounts/{accountId}/channels-in-common',
  access: 'account',
  summary: 'Channels that you and somebody are both in',
  description:
    'Archived ones are left out. With whom you may not know, or who does not exist, you have none in common.',
  params: Exact({ accountId: Uuid('The other account.') }),
  replies: {
    200: Exact({
      count: Count('How many there are.'),
      channels: Type.Array(
        Exact({
          conversationId: Uuid('The channel.'),
          name: Type.String({ description: 'Its name, without #.' }),
        }),
        { description: 'Sorted by name, at most 20.' },
      ),
    }),
  },
  problems: [],
})

export const addMembers = endpoint({
  tag,
  operationId: 'addMembers',
  method: 'POST',
  path: '/v1/conversations/{conversationId}/members',
  access: 'account',
  summary: 'Add people to a channel or group',
  description: 'Whoever is a member already stays as they are; repeating is harmless.',
  params: conversation,
  example: { accountIds: ['01a2046a-624a-770b-a993-73383874b476'] },
  body: Exact({
    accountIds: Type.Array(Type.String({ format: 'uuid' }), {
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      description: 'Who is added.',
    }),
  }),
  replies: { 200: Exact({ added: Type.Array(Member, { description: 'Those who were not members before.' }) }) },
  problems: [
    problem['conversation-not-found'],
    problem['not-a-member'],
    problem['conversation-archived'],
    problem['direct-is-fixed'],
    problem['unknown-account'],
    problem['deactivated-account'],
    problem['too-many-members'],
  ],
})

export const joinConversation = endpoint({
  tag,
  operationId: 'joinConversation',
  method: 'POST',
  path: '/v1/conversations/{conversationId}/join',
  access: 'account',
  summary: 'Join a public channel',
  description: 'Repeating is harmless.',
  params: conversation,
  replies: { 200: Membership },
  problems: [problem['conversation-not-found'], problem['conversation-archived']],
})

export const removeMember = endpoint({
  tag,
  operationId: 'removeMember',
  method: 'DELETE',
  path: '/v1/conversations/{conversationId}/members/{accountId}',
  access: 'account',
  summary: 'Remove somebody, or leave',
  description: 'With your own id you leave. Their streams fall silent about the conversation at once.',
  params: member,
  replies: { 204: null },
  problems: [
    problem['conversation-not-found'],
    problem['member-not-found'],
    problem['not-a-member'],
    problem['not-yours-to-change'],
    problem['direct-is-fixed'],
  ],
})

export const changeMembership = endpoint({
  tag,
  operationId: 'changeMembership',
  method: 'PATCH',
  path: '/v1/conversations/{conversationId}/membership',
  access: 'account',
  summary: 'Choose what may call for your attention',
  params: conversation,
  example: { notify: 'mentions' },
  body: Exact({ notify: Notify }),
  replies: { 200: Membership },
  problems: [problem['conversation-not-found'], problem['not-a-member']],
})

export const moveReadPosition = endpoint({
  tag,
  operationId: 'moveReadPosition',
  method: 'PUT',
  path: '/v1/conversations/{conversationId}/read',
  access: 'account',
  summary: 'Mark read up to a message',
  description:
    'Moves forward only: an older position changes nothing, one past the end means the end. With `threadRoot` it is the position in that thread. All your devices hear of it.',
  params: conversation,
  example: { ordinal: 1 },
  body: Exact({
    ordinal: Position('Number of the last message read; of the last reply, with `threadRoot`.'),
    threadRoot: Type.Optional(Uuid('The root of the thread that was read.')),
  }),
  replies: { 200: ReadState },
  problems: [problem['conversation-not-found'], problem['not-a-member'], problem['thread-not-found']],
})
