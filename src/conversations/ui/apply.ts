import type { UnreadMention, Member } from '#members/contract.ts'
import { excerptLength } from './excerpt.ts'
import type { Conversation, ConversationFacts, LastMessage } from '../contract.ts'

/** Of a message, what a list needs. The full shape is another feature's. */
type MessageSeen = {
  id: string
  ordinal: number | null
  threadRoot: string | null
  replyOrdinal: number | null
  accountId: string
  body: string
  createdAt: string
  deletedAt: string | null
}

/** The events that a list follows; every other type only moves `lastSeq`. */
type ListEvent =
  | { type: 'message.posted' | 'message.edited'; message: MessageSeen }
  | { type: 'message.deleted'; messageId: string }
  | { type: 'conversation.changed'; conversation: ConversationFacts }
  | { type: 'member.added'; member: Member }
  | { type: 'member.removed'; accountId: string; newOwner: string | null }

export type AnyEvent = { type: string; conversationId: string; seq: number; at: string }

export type Viewpoint = {
  /** Whose list it is. */
  me: string
  /** Whether a body means this account, by name or as one of the channel. */
  means: (body: string) => boolean
}

/** `stale`: the state is as right as it can be, but something in it can only be fetched. */
export type Applied = { conversation: Conversation; stale: boolean }

/** The server names the newest 100 unread mentions, and counts the others. */
const mostMentions = 100

/**
 * A conversation after one more event of its log. An event that it contains already changes nothing; one that does
 * not follow changes nothing either, and makes it stale.
 */
export function applyEvent(conversation: Conversation, event: AnyEvent, view: Viewpoint): Applied {
  if (event.seq <= conversation.lastSeq) return { conversation, stale: false }
  if (event.seq !== conversation.lastSeq + 1) return { conversation, stale: true }
  const next = { ...conversation, lastSeq: event.seq }
  const happened = event as AnyEvent & ListEvent
  switch (happened.type) {
    case 'message.posted':
      return posted(next, happened.message, view)
    case 'message.edited':
      return edited(next, happened.message, view)
    case 'message.deleted':
      return withoutMention(deleted(next, happened.messageId), happened.messageId)
    case 'conversation.changed':
      return fresh({ ...next, ...happened.conversation })
    case 'member.added':
      return fresh(withMember(next, happened.member, view.me))
    case 'member.removed':
      return fresh(withoutMember(next, happened, view.me))
    default:
      return fresh(next)
  }
}

const fresh = (conversation: Conversation): Applied => ({ conversation, stale: false })

function posted(conversation: Conversation, message: MessageSeen, view: Viewpoint): Applied {
  const { ordinal, accountId, createdAt } = message
  const mine = accountId === view.me
  let next = conversation
  if (ordinal !== null) {
    next = {
      ...next,
      lastOrdinal: ordinal,
      activeAt: createdAt,
      lastMessage: lastMessageOf(message, ordinal),
    }
  }
  next = mine ? next : withMention(next, message, view)
  if (!mine || !next.membership) return fresh(derive(next))
  // Who writes has read what stands above.
  const { threadRoot, replyOrdinal } = message
  return threadRoot === null ? moveRead(next, ordinal ?? 0) : moveRead(next, replyOrdinal ?? 0, threadRoot)
}

function edited(conversation: Conversation, message: MessageSeen, view: Viewpoint): Applied {
  const last = conversation.lastMessage
  const next =
    last?.id === message.id ? { ...conversation, lastMessage: lastMessageOf(message, last.ordinal) } : conversation
  const counted = next.unreadMentions.some((mention) => mention.messageId === message.id)
  if (view.means(message.body) && message.accountId !== view.me) {
    if (counted) return fresh(next)
    // How far its thread was read is not known here, so whether it is unread can only be asked.
    // And it may be one of those that are only counted: older than the newest that are named.
    const stale = message.threadRoot !== null || hiddenMentions(conversation) > 0
    return { conversation: withMention(next, message, view), stale }
  }
  return withoutMention(next, message.id)
}

function deleted(conversation: Conversation, messageId: string): Conversation {
  const last = conversation.lastMessage
  if (last?.id !== messageId) return conversation
  return { ...conversation, lastMessage: { ...last, excerpt: '', deleted: true } }
}

function lastMessageOf(message: MessageSeen, ordinal: number): LastMessage {
  const { id, accountId, body, createdAt, deletedAt } = message
  const excerpt = body.length > excerptLength ? Array.from(body).slice(0, excerptLength).join('') : body
  return { id, ordinal, accountId, excerpt, createdAt, deleted: deletedAt !== null }
}

// ── Mentions: those after the read positions, derived ────────────────────────────────────────────────

function withMention(conversation: Conversation, message: MessageSeen, view: Viewpoint): Conversation {
  const { membership, unreadMentions } = conversation
  if (!membership || message.deletedAt !== null || !view.means(message.body)) return conversation
  const { id, ordinal, threadRoot, replyOrdinal } = message
  if (ordinal !== null && ordinal <= membership.readOrdinal) return conversation
  if (unreadMentions.some((mention) => mention.messageId === id)) return conversation
  const mention: UnreadMention = { messageId: id, ordinal, threadRoot, replyOrdinal }
  // Newest first, as the server names them; ids are in order of time.
  const all = [...unreadMentions, mention].sort((a, b) => (a.messageId < b.messageId ? 1 : -1))
  return { ...conversation, unreadMentions: all.slice(0, mostMentions), mentionCount: conversation.mentionCount + 1 }
}

function withoutMention(conversation: Conversation, messageId: string): Applied {
  const left = conversation.unreadMentions.filter((mention) => mention.messageId !== messageId)
  const taken = conversation.unreadMentions.length - left.length
  const hidden = hiddenMentions(conversation)
  const next = derive({ ...conversation, unreadMentions: left, mentionCount: conversation.mentionCount - taken })
  // It may have been one of those that are only counted.
  return { conversation: next, stale: hidden > 0 }
}

/** How many unread mentions are counted but not named, being older than the newest hundred. */
const hiddenMentions = ({ mentionCount, unreadMentions }: Conversation) =>
  Math.max(0, mentionCount - unreadMentions.length)

/**
 * The read position, of the conversation or of one of its threads, moves forward; backward it changes nothing.
 */
export function moveRead(conversation: Conversation, ordinal: number, threadRoot: string | null = null): Applied {
  const { membership, unreadMentions } = conversation
  if (!membership) return fresh(conversation)
  const hidden = hiddenMentions(conversation)
  // Not cut at `lastOrdinal`: the position may arrive before the message that it stands on.
  const read = threadRoot === null ? Math.max(membership.readOrdinal, ordinal) : 0
  const left = unreadMentions.filter((mention) =>
    threadRoot === null
      ? mention.ordinal === null || mention.ordinal > read
      : mention.threadRoot !== threadRoot || (mention.replyOrdinal ?? 0) > ordinal,
  )
  const moved = threadRoot === null && read !== membership.readOrdinal
  if (!moved && left.length === unreadMentions.length) return fresh(derive(conversation))
  const next = derive({
    ...conversation,
    membership: moved ? { ...membership, readOrdinal: read } : membership,
    unreadMentions: left,
    mentionCount: left.length + hidden,
  })
  return { conversation: next, stale: hidden > 0 }
}

/** The counts that follow from positions, set as the server would: they are never counted up by themselves. */
function derive(conversation: Conversation): Conversation {
  const { membership, lastOrdinal } = conversation
  const unreadCount = membership ? Math.max(0, lastOrdinal - membership.readOrdinal) : 0
  return unreadCount === conversation.unreadCount ? conversation : { ...conversation, unreadCount }
}

// ── Members ──────────────────────────────────────────────────────────────────────────────────────────

function withMember(conversation: Conversation, member: Member, me: string): Conversation {
  const { accountId } = member
  const next = { ...conversation, memberCount: conversation.memberCount + 1 }
  if (accountId === me || conversation.kind === 'channel' || conversation.people.includes(accountId)) return next
  return { ...next, people: [...conversation.people, accountId] }
}

function withoutMember(
  conversation: Conversation,
  { accountId, newOwner }: { accountId: string; newOwner: string | null },
  me: string,
): Conversation {
  const { membership } = conversation
  const next = {
    ...conversation,
    memberCount: Math.max(0, conversation.memberCount - 1),
    // The last owner hands over to whoever has been there longest.
    membership: membership && newOwner === me ? { ...membership, role: 'owner' as const } : membership,
  }
  if (accountId === me) return derive({ ...next, membership: null, unreadMentions: [], mentionCount: 0 })
  return { ...next, people: conversation.people.filter((id) => id !== accountId) }
}
