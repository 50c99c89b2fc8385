import { useEffect } from 'react'
import { ensurePeople } from '#accounts/ui/people.ts'
import type { Connection } from '#delivery/ui/connection.ts'
import { call } from '#platform/ui/api.ts'
import { createStore, useStore, type Store } from '#platform/ui/store.ts'
import { listMembers, type Member, type MemberAdded, type MemberRemoved } from '../contract.ts'

export type Members =
  | { state: 'loading' }
  | { state: 'here'; conversationId: string; members: readonly Member[] }
  | { state: 'failed'; error: unknown }

/** Members after an event: pure. In the order in which they joined. */
export function applyMember(members: readonly Member[], event: MemberAdded | MemberRemoved): readonly Member[] {
  if (event.type === 'member.removed') {
    const left = members.filter((member) => member.accountId !== event.accountId)
    if (left.length === members.length) return members
    return left.map((member) => (member.accountId === event.newOwner ? { ...member, role: 'owner' } : member))
  }
  return [...members.filter((member) => member.accountId !== event.member.accountId), event.member]
}

/** Loads all members, and follows who comes and goes. Returns the way to stop. */
export function followMembers(store: Store<Members>, conversationId: string, connection: Connection): () => void {
  let current = true
  let round = 0
  const meanwhile: (MemberAdded | MemberRemoved)[] = []
  const load = async () => {
    const mine = ++round
    const mayGoOn = () => current && mine === round
    meanwhile.length = 0
    try {
      const all: Member[] = []
      let after: string | undefined
      do {
        const page = await call(listMembers, {
          params: { conversationId },
          query: { limit: 500, ...(after === undefined ? {} : { after }) },
        })
        if (!mayGoOn()) return
        all.push(...page.members)
        after = page.next ?? undefined
      } while (after !== undefined)
      // Replaying what the pages may contain already is harmless: both kinds set, and count nothing.
      const members = meanwhile.reduce<readonly Member[]>(applyMember, all)
      ensurePeople(members.map((member) => member.accountId))
      store.set({ state: 'here', conversationId, members })
    } catch (error) {
      if (mayGoOn()) store.set({ state: 'failed', error })
    }
  }
  const stopFrames = connection.onFrame((frame) => {
    if (frame.type === 'events') {
      for (const event of frame.events) {
        if (event.conversationId !== conversationId) continue
        if (event.type !== 'member.added' && event.type !== 'member.removed') continue
        const change = event as unknown as MemberAdded | MemberRemoved
        meanwhile.push(change)
        if (change.type === 'member.added') ensurePeople([change.member.accountId])
        store.set((now) => (now.state === 'here' ? { ...now, members: applyMember(now.members, change) } : now))
      }
    }
    const again = frame.type === 'reset' || frame.type === 'joined'
    if (again && frame.conversationId === conversationId) void load()
    if (frame.type === 'live' && store.get().state === 'failed') void load()
  })
  store.set({ state: 'loading' })
  void load()
  return () => {
    current = false
    stopFrames()
  }
}

const store = createStore<Members>({ state: 'loading' })

/** Of the one conversation whose members are on the screen. */
export function useMembers(conversationId: string, connection: Connection): Members {
  useEffect(() => followMembers(store, conversationId, connection), [conversationId, connection])
  const members = useStore(store)
  return members.state === 'here' && members.conversationId !== conversationId ? loading : members
}

const loading: Members = { state: 'loading' }
