import { createStore, shallowEqual, useStore, type Store } from '#platform/ui/store.ts'
import { ticks } from '#platform/ui/ticks.ts'
import type { Connection } from './connection.ts'

/** Milliseconds after which a sign of writing is forgotten, unless it comes again. */
export const typingLasts = 6_000

export type Writer = { accountId: string; threadRoot: string | null; until: number }

/** By conversation: who is writing there, the longest at it first. */
export type Writers = ReadonlyMap<string, readonly Writer[]>

export const typing: Store<Writers> = createStore<Writers>(new Map())

const same = (a: Writer, b: Omit<Writer, 'until'>) => a.accountId === b.accountId && a.threadRoot === b.threadRoot

function withWriters(all: Writers, conversationId: string, writers: readonly Writer[]): Writers {
  const next = new Map(all)
  if (writers.length > 0) next.set(conversationId, writers)
  else next.delete(conversationId)
  return next
}

/** Somebody writes; a repeat keeps its place and lasts longer. */
export function startWriting(all: Writers, conversationId: string, writer: Writer): Writers {
  const there = all.get(conversationId) ?? []
  const known = there.some((one) => same(one, writer))
  return withWriters(
    all,
    conversationId,
    known ? there.map((one) => (same(one, writer) ? writer : one)) : [...there, writer],
  )
}

/** A message of theirs arrived, so they are not writing it any more. */
export function endWriting(all: Writers, conversationId: string, writer: Omit<Writer, 'until'>): Writers {
  const there = all.get(conversationId)
  if (!there?.some((one) => same(one, writer))) return all
  return withWriters(
    all,
    conversationId,
    there.filter((one) => !same(one, writer)),
  )
}

export function forgetSilent(all: Writers, now: number): Writers {
  let next = all
  for (const [id, writers] of all) {
    const left = writers.filter((one) => one.until > now)
    if (left.length < writers.length) next = withWriters(next, id, left)
  }
  return next
}

/** Follows a connection. `self` is left out: one's own other device is nobody to wait for. */
export function followTyping(connection: Connection, self: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const sweep = () => {
    typing.set((all) => forgetSilent(all, ticks()))
    timer = typing.get().size > 0 ? setTimeout(sweep, 1000) : undefined
  }
  const stopFrames = connection.onFrame((frame) => {
    if (frame.type === 'typing' && frame.accountId !== self) {
      const { conversationId, accountId, threadRoot } = frame
      const writer = { accountId, threadRoot, until: ticks() + typingLasts }
      typing.set((all) => startWriting(all, conversationId, writer))
      timer ??= setTimeout(sweep, 1000)
    }
    if (frame.type === 'events') {
      for (const event of frame.events) {
        const writer = event.type === 'message.posted' ? authorOf(event) : undefined
        if (writer) typing.set((all) => endWriting(all, event.conversationId, writer))
      }
    }
  })
  const forget = () => typing.set((all) => (all.size > 0 ? new Map() : all))
  const stopStatus = connection.status.subscribe(() => {
    if (connection.status.get().state !== 'live') forget()
  })
  return () => {
    stopFrames()
    stopStatus()
    clearTimeout(timer)
    forget()
  }
}

/** Whose message an event brings, as `message.posted` has it; the message itself is another feature's business. */
function authorOf(event: object): Omit<Writer, 'until'> | undefined {
  const { message } = event as { message?: { accountId?: unknown; threadRoot?: unknown } }
  if (typeof message?.accountId !== 'string') return undefined
  return {
    accountId: message.accountId,
    threadRoot: typeof message.threadRoot === 'string' ? message.threadRoot : null,
  }
}

/** Account ids of who writes in a conversation, or in one of its threads. */
export function useTyping(conversationId: string, threadRoot: string | null = null): readonly string[] {
  return useStore(
    typing,
    (all) => (all.get(conversationId) ?? []).filter((one) => one.threadRoot === threadRoot).map((one) => one.accountId),
    shallowEqual,
  )
}
