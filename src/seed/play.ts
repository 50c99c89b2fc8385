import type { Insertable } from 'kysely'
import { mentionsIn } from '#messages/rules.ts'
import type { DB } from '#platform/db/schema.ts'
import { idAt } from './ids.ts'
import type { Act } from './plan.ts'
import type { Random } from './random.ts'
import type { Post } from './scene.ts'

// Plays a history as the product would have kept it: numbers, heads, mentions, followers. This repeats in memory
// what `post_messages`, `change` and `enroll` do one by one, because 100,000 calls of those take many minutes; the
// test compares the outcome with what the product itself says about it.

type Row<T extends keyof DB> = Insertable<DB[T]>
/** What is inserted, by table; in an order that the foreign keys allow. */
export interface Rows {
  conversations: Row<'conversations'>[]
  members: Row<'members'>[]
  events: Row<'events'>[]
  messages: Row<'messages'>[]
  reactions: Row<'reactions'>[]
  mentions: Row<'mentions'>[]
  thread_followers: Row<'thread_followers'>[]
}

export interface Opening {
  readonly id: string
  readonly at: number
  readonly facts: Pick<Row<'conversations'>, 'kind' | 'visibility' | 'name' | 'topic' | 'direct_key'>
  /** Members from the first moment; the first of them created it. */
  readonly people: readonly string[]
  /** How long each has read along: in milliseconds, by account. */
  readonly readUntil: ReadonlyMap<string, number>
}

interface Kept {
  row: Row<'messages'> & { id: string; changed_seq: number; last_reply_ordinal: number }
  reactions: Map<string, Row<'reactions'>>
  meant: Set<string>
  followers: Map<string, number>
  /** When each of its replies came. */
  replies: number[]
  at: number
}

type MemberRow = Row<'members'> & { read_ordinal: number }

export function play(
  { id, at: beginning, facts, people, readUntil }: Opening,
  acts: readonly Act[],
  random: Random,
): Rows {
  const events: Row<'events'>[] = []
  const members = new Map<string, MemberRow>()
  const messages = new Map<Post, Kept>()
  let [now, ordinal, activeAt] = [beginning, 0, beginning]
  let archivedAt: string | null = null
  const time = (): string => new Date(now).toISOString()

  const log = (type: string, about: { messageId?: string; accountId: string; data?: object }): number => {
    const seq = events.length + 1
    const { messageId = null, accountId, data = null } = about
    events.push({
      conversation_id: id,
      seq,
      type,
      message_id: messageId,
      account_id: accountId,
      data: data as Row<'events'>['data'],
      created_at: time(),
    })
    return seq
  }
  const logChange = (kept: Kept, type: string, accountId: string, data?: object): number =>
    (kept.row.changed_seq = log(type, { messageId: kept.row.id, accountId, ...(data ? { data } : {}) }))

  const enrol = (accountId: string, role: 'owner' | 'member', by: string): void => {
    const seq = log('member.added', { accountId, data: { role, by } })
    members.set(accountId, {
      conversation_id: id,
      account_id: accountId,
      role,
      notify: 'all',
      joined_at: time(),
      joined_at_seq: seq,
      read_ordinal: ordinal,
    })
  }

  /** The members that a body means, but its author. */
  const meantBy = ({ body, author }: Post): Set<string> => {
    const { accountIds, channel } = mentionsIn(body)
    const meant = channel ? [...members.keys()] : accountIds.filter((each) => members.has(each))
    return new Set(meant.filter((each) => each !== author.accountId))
  }

  const post = (said: Post): void => {
    const { accountId } = said.author
    const member = members.get(accountId)
    if (!member) throw new Error('Somebody speaks who is not in the conversation.')
    const messageId = idAt(now, random)
    const seq = log('message.posted', { messageId, accountId })
    const root = said.root && messages.get(said.root)
    const reply = root ? (root.row.last_reply_ordinal += 1) : null
    const row = {
      conversation_id: id,
      id: messageId,
      seq,
      changed_seq: seq,
      ordinal: root ? null : (ordinal += 1),
      thread_root: root?.row.id ?? null,
      reply_ordinal: reply,
      account_id: accountId,
      client_id: idAt(now, random),
      body: said.body,
      created_at: time(),
      edited_at: null,
      deleted_at: null,
      deleted_by: null,
      last_reply_ordinal: 0,
      last_reply_at: null,
    }
    const kept: Kept = { row, reactions: new Map(), meant: meantBy(said), followers: new Map(), replies: [], at: now }
    messages.set(said, kept)
    if (!root) {
      member.read_ordinal = ordinal
      activeAt = now
      return
    }
    root.row.changed_seq = seq
    root.row.last_reply_at = time()
    root.replies.push(now)
    if (reply === 1) root.followers.set(root.row.account_id, 0)
    for (const each of kept.meant) if (!root.followers.has(each)) root.followers.set(each, reply! - 1)
    root.followers.set(accountId, reply!)
  }

  const leave = (accountId: string): void => {
    members.delete(accountId)
    for (const { meant, followers } of messages.values()) {
      meant.delete(accountId)
      followers.delete(accountId)
    }
    log('member.removed', { accountId, data: { by: accountId, newOwner: null } })
  }

  const follow = (act: Act): void => {
    if (act.type === 'join') return enrol(act.accountId, 'member', act.by)
    if (act.type === 'leave') return leave(act.accountId)
    if (act.type === 'post') return post(act.post)
    if (act.type === 'change') {
      log('conversation.changed', { accountId: act.accountId, data: { change: act.change } })
      if (act.change === 'archived') archivedAt = time()
      return
    }
    const kept = messages.get(act.post)!
    if (act.type === 'edit') {
      logChange(kept, 'message.edited', act.post.author.accountId)
      kept.row.edited_at = time()
      kept.meant = meantBy(act.post)
    } else if (act.type === 'delete') {
      logChange(kept, 'message.deleted', act.accountId)
      Object.assign(kept.row, { body: '', deleted_at: time(), deleted_by: act.accountId })
      kept.reactions.clear()
      kept.meant.clear()
    } else {
      const { accountId, emoji } = act
      const key = `${emoji} ${accountId}`
      const seq = logChange(kept, act.type === 'react' ? 'reaction.added' : 'reaction.removed', accountId, { emoji })
      if (act.type === 'unreact') kept.reactions.delete(key)
      else kept.reactions.set(key, { conversation_id: id, message_id: kept.row.id, emoji, account_id: accountId, seq })
    }
  }

  const [creator = ''] = people
  log('conversation.changed', { accountId: creator, data: { change: 'created' } })
  for (const each of people) enrol(each, each === creator || facts.kind === 'direct' ? 'owner' : 'member', creator)
  for (const act of acts) {
    // No two of a conversation in one millisecond, so that ids, times and numbers agree.
    now = Math.max(act.at, now + 1)
    follow(act)
  }

  const all = [...messages.values()]
  readAlong(members.values(), all, readUntil)
  return {
    conversations: [
      {
        id,
        ...facts,
        created_by: creator,
        created_at: new Date(beginning).toISOString(),
        archived_at: archivedAt,
        last_seq: events.length,
        last_ordinal: ordinal,
        active_at: new Date(activeAt).toISOString(),
      },
    ],
    members: [...members.values()],
    events,
    messages: all.map(({ row }) => row),
    reactions: all.flatMap(({ reactions }) => [...reactions.values()]),
    mentions: all.flatMap(({ row: { id: message_id, ordinal, thread_root, reply_ordinal }, meant }) =>
      [...meant].map((account_id) => ({
        conversation_id: id,
        account_id,
        message_id,
        ordinal,
        thread_root,
        reply_ordinal,
      })),
    ),
    thread_followers: all.flatMap(({ row, followers }) =>
      [...followers].map(([account_id, read_ordinal]) => ({
        conversation_id: id,
        thread_root: row.id,
        account_id,
        read_ordinal,
      })),
    ),
  }
}

/** Everybody has read what came while they were there, and what they wrote themselves. */
function readAlong(
  members: Iterable<MemberRow>,
  messages: readonly Kept[],
  readUntil: ReadonlyMap<string, number>,
): void {
  const tops = messages.filter(({ row }) => !row.thread_root).map(({ at }) => at)
  for (const member of members)
    member.read_ordinal = Math.max(member.read_ordinal, countUntil(tops, readUntil.get(member.account_id)!))
  for (const { followers, replies } of messages)
    for (const [accountId, read] of followers)
      followers.set(accountId, Math.max(read, countUntil(replies, readUntil.get(accountId)!)))
}

/** How many of these moments, in order, are not after `end`. */
function countUntil(moments: readonly number[], end: number): number {
  const next = moments.findLastIndex((at) => at <= end)
  return next + 1
}
