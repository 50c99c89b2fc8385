import { useEffect, useMemo, useState } from 'react'
import { listAccounts } from '#accounts/contract.ts'
import type { Account } from '#accounts/shapes.ts'
import { ensurePeople, keepPeople, people } from '#accounts/ui/people.ts'
import { listMembers } from '#members/contract.ts'
import { call } from '#platform/ui/api.ts'
import { createStore, useStore, type Store } from '#platform/ui/store.ts'
import { matching } from './mentions.ts'

/** Who is in a conversation, by id; fetched when somebody first writes `@` there, and again after a minute. */
const members = new Map<string, { ids: Store<readonly string[]>; fetchedAt: number }>()
const freshFor = 60_000
const mostPages = 10

export function membersOf(conversationId: string): Store<readonly string[]> {
  const known = members.get(conversationId) ?? { ids: createStore<readonly string[]>([]), fetchedAt: 0 }
  members.set(conversationId, known)
  if (Date.now() - known.fetchedAt > freshFor) {
    known.fetchedAt = Date.now()
    fetchMembers(conversationId, known.ids).catch(() => (known.fetchedAt = 0))
  }
  return known.ids
}

async function fetchMembers(conversationId: string, into: Store<readonly string[]>): Promise<void> {
  const found: string[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const reply = await call(listMembers, { params: { conversationId }, query: { after, limit: 500 } })
    found.push(...reply.members.map((member) => member.accountId))
    ensurePeople(found)
    into.set([...found])
    if (reply.next === null) return
    after = reply.next
  }
}

export interface Candidate {
  /** Undefined stands for everybody in the conversation: `@channel`. */
  account: Account | undefined
  /** Somebody who is not in the conversation does not hear of it. */
  outside: boolean
}

const most = 8

/** Whom `query` may mean: people of the conversation first, then others of the place. */
export function useCandidates(conversationId: string, query: string | undefined, channel: boolean): Candidate[] {
  const active = query !== undefined
  const ids = useStore(useMemo(() => (active ? membersOf(conversationId) : nobody), [conversationId, active]))
  const known = useStore(people)
  const others = useOthers(query)
  return useMemo(() => {
    if (query === undefined) return []
    const inside = ids.map((id) => known.get(id)).filter((each) => each !== undefined)
    const near = matching(inside.sort(byName), query).slice(0, most)
    const far = matching(
      others.filter((each) => !ids.includes(each.id)),
      query,
    ).slice(0, Math.max(0, most - near.length))
    const everybody = channel && query !== '' && 'channel'.startsWith(query.toLocaleLowerCase())
    return [
      ...near.map((account) => ({ account, outside: false })),
      ...(everybody || (channel && query === '') ? [{ account: undefined, outside: false }] : []),
      ...far.map((account) => ({ account, outside: true })),
    ]
  }, [query, ids, known, others, channel])
}

const none: readonly Account[] = []
const nobody = createStore<readonly string[]>([])
const byName = (a: Account, b: Account) => a.name.localeCompare(b.name)

/** People of the place whose name begins so; asked when the typing pauses. */
function useOthers(query: string | undefined): readonly Account[] {
  const [found, setFound] = useState<readonly Account[]>([])
  const wanted = query?.trim() ?? ''
  useEffect(() => {
    if (wanted.length < 2) return undefined
    const asking = new AbortController()
    const ask = async () => {
      const { accounts } = await call(listAccounts, { query: { query: wanted, limit: 20 } }, { signal: asking.signal })
      keepPeople(accounts)
      setFound(accounts)
    }
    const timer = setTimeout(() => void ask().catch(() => {}), 150)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [wanted])
  return wanted.length < 2 ? none : found
}
