import { useEffect } from 'react'
import type { Connection } from '#delivery/ui/connection.ts'
import { moveReadPosition } from '#members/contract.ts'
import { ApiProblem, call } from '#platform/ui/api.ts'
import { useStore } from '#platform/ui/store.ts'
import { getConversation, listConversations, type Conversation } from '../contract.ts'
import { ConversationDirectory, type Directory } from './directory.ts'
import { createReading } from './reading.ts'

const pageSize = 200

/** The conversations of whoever is signed in to this page. */
export const conversations = new ConversationDirectory({
  page: (after) => call(listConversations, { query: { limit: pageSize, ...(after === undefined ? {} : { after }) } }),
  async one(conversationId) {
    try {
      return await call(getConversation, { params: { conversationId } })
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return undefined
      throw error
    }
  },
})

const reading = createReading(conversations, (conversationId, ordinal, threadRoot) =>
  call(moveReadPosition, {
    params: { conversationId },
    body: { ordinal, ...(threadRoot === null ? {} : { threadRoot }) },
  }),
)
export const { markRead, markConversationRead, markEverythingRead } = reading

let stream: Connection | undefined

/**
 * Follows the list over a connection, whose option `positions` is to be `() => conversations.positions()`.
 * `mentionsIn` is the messages' rule of whom a body means. Returns the way to stop, for signing out.
 */
export function startConversations(options: {
  accountId: string
  connection: Connection
  mentionsIn: (body: string) => { accountIds: readonly string[]; channel: boolean }
}): () => void {
  const { accountId, connection, mentionsIn } = options
  const means = (body: string) => {
    const { accountIds, channel } = mentionsIn(body)
    return channel || accountIds.includes(accountId)
  }
  stream = connection
  const stop = conversations.start({ me: accountId, means }, (listener) => connection.onFrame(listener))
  return () => {
    stop()
    reading.forget()
    stream = undefined
  }
}

export function useConversations<S>(selector: (directory: Directory) => S, equal?: (a: S, b: S) => boolean): S {
  return useStore(conversations.store, selector, equal)
}

/** One conversation; undefined until it is here, null when there is none or none for you. */
export function useConversation(id: string | undefined): Conversation | null | undefined {
  return useConversations(({ byId, missing }) =>
    id === undefined ? undefined : (byId.get(id) ?? (missing.has(id) ? null : undefined)),
  )
}

/**
 * For the conversation on the screen: fetches it where it is not ours, and follows a public channel for as long as it
 * is looked at without being joined.
 */
export function useOpenConversation(id: string | undefined): Conversation | null | undefined {
  const conversation = useConversation(id)
  const loaded = useConversations((directory) => directory.loaded)
  useEffect(() => {
    // Also what was missing a while ago is asked about again when it is opened again.
    if (id !== undefined && loaded && !conversations.get(id)) void conversations.fetch(id)
  }, [id, loaded])
  const watching = conversation && !conversation.membership
  useEffect(() => {
    if (!id || !watching) return undefined
    stream?.send({ type: 'watch', conversationId: id, after: conversations.get(id)?.lastSeq ?? 0 })
    return () => void stream?.send({ type: 'unwatch', conversationId: id })
  }, [id, watching])
  return conversation
}

/** Mentions in all conversations: the number in the title, on Activity and on the icon. */
export function useMentionCount(): number {
  return useConversations(countMentions)
}

export function countMentions({ byId }: Directory): number {
  let count = 0
  for (const one of byId.values()) count += one.mentionCount
  return count
}
