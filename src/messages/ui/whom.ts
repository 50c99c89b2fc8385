import { useEffect, useMemo, useState } from 'react'
import { listAccounts } from '#accounts/contract.ts'
import type { Account } from '#accounts/shapes.ts'
import { ensurePeople, keepPeople, people } from '#accounts/ui/people.ts'
import type { Connection } from '#delivery/ui/connection.ts'
import { findNamedMembers, listMembers, type MemberAdded, type MemberRemoved } from '#members/contract.ts'
import { createKnownMembers, type KnownMembers } from '#members/ui/known-members.ts'
import { call } from '#platform/ui/api.ts'
import { useStore } from '#platform/ui/store.ts'
import type { Meant, Person } from './meant.ts'
import type { matching } from './matching.ts'
import { unknownNames, type Called } from './mentions.ts'
import { messaging } from './messaging.ts'

/** Members of a conversation that are fetched at once, and of those found by name. */
const firstMembers = 500
const foundMembers = 20

const ofConnection = new WeakMap<Connection, Map<string, KnownMembers>>()

/** What is known of who is in a conversation, for as long as the connection lives. */
function knownMembers(conversationId: string): KnownMembers {
  const { connection } = messaging()
  let all = ofConnection.get(connection)
  if (!all) {
    all = new Map()
    ofConnection.set(connection, all)
    followChanges(connection, all)
  }
  let known = all.get(conversationId)
  if (!known) {
    known = createKnownMembers(questionsAbout(conversationId))
    all.set(conversationId, known)
  }
  return known
}

function followChanges(connection: Connection, all: ReadonlyMap<string, KnownMembers>): void {
  connection.onFrame((frame) => {
    if (frame.type === 'events') {
      for (const event of frame.events) {
        if (event.type !== 'member.added' && event.type !== 'member.removed') continue
        all.get(event.conversationId)?.heard(event as unknown as MemberAdded | MemberRemoved)
      }
    }
    if (frame.type === 'reset' || frame.type === 'joined' || frame.type === 'left') {
      all.get(frame.conversationId)?.forget()
    }
    if (frame.type === 'account') for (const known of all.values()) known.renamed()
  })
}

function questionsAbout(conversationId: string) {
  const params = { conversationId }
  const list = async (query: { ids?: string; query?: string; limit: number }) => {
    const { members, next } = await call(listMembers, { params, query })
    ensurePeople(members.map((member) => member.accountId))
    return { members, complete: next === null }
  }
  return {
    first: () => list({ limit: firstMembers }),
    found: (query: string) => list({ query, limit: foundMembers }),
    among: async (ids: readonly string[]) => (await list({ ids: ids.slice(0, 100).join(), limit: 100 })).members,
    named: async (texts: readonly string[]) => {
      const { members, complete } = await call(findNamedMembers, { params, body: { texts: [...texts] } })
      return { members: members.map(({ accountId, name }) => ({ id: accountId, name })), complete }
    },
  }
}

/** Looks for the names that a text was given by hand; undefined when nothing has to be waited for. */
export function namesSettled(conversationId: string, text: string, meant: readonly Meant[]): Promise<void> | undefined {
  const texts = unknownNames(text, meant)
  if (texts.length === 0) return undefined
  const members = knownMembers(conversationId)
  return membersByName(members) ? undefined : members.settle(texts)
}

/** All members with their names; undefined until everybody is here. */
function membersByName(members: KnownMembers): Person[] | undefined {
  const { inside, complete } = members.store.get()
  if (!complete) return undefined
  const known = people.get()
  const all = Array.from(inside.keys(), (id) => known.get(id))
  return all.every((account) => account !== undefined) ? all.filter((account) => !account.deactivated) : undefined
}

/** Members whose name stands in a text that was looked through. Two that look alike are told apart by picking alone. */
export function typedNames(conversationId: string): Called[] {
  const found = new Map<string, Person>()
  const members = knownMembers(conversationId)
  const groups = [...members.store.get().named.values(), membersByName(members) ?? []]
  for (const { id, name } of groups.flat()) found.set(id, { id, name })
  const alike = Map.groupBy(found.values(), ({ name }) => name.normalize('NFKC').replace(/\p{DI}/gu, ''))
  return [...alike.values()].flatMap((group) => (group.length === 1 ? [{ ...group[0]!, byHand: true }] : []))
}

export interface Candidate {
  /** Undefined stands for everybody in the conversation: `@channel`. */
  account: Account | undefined
  /** Somebody who is not in the conversation does not hear of it. */
  outside: boolean
  /** Of a member: when they joined. */
  joinedAt?: string | undefined
}

const most = 8

/** Whom `query` may mean: people of the conversation first, then others of the place. Nobody, until `match` is loaded. */
export function useCandidates(
  conversationId: string,
  query: string | undefined,
  channel: boolean,
  match: typeof matching | undefined,
): { candidates: readonly Candidate[]; more: boolean } {
  const members = useMemo(() => knownMembers(conversationId), [conversationId])
  const knowledge = useStore(members.store)
  const known = useStore(people)
  const [further, setFurther] = useState(false)
  const active = query !== undefined
  const wanted = query?.trim() ?? ''
  useEffect(() => {
    if (active) void members.open()
  }, [active, members])
  useEffect(() => {
    if (wanted === '') return undefined
    const asking = new AbortController()
    const ask = async () => {
      const membersFound = members.find(wanted)
      const others = namesOthers(wanted) ? await findAccounts(wanted, asking.signal) : { accounts: [], next: null }
      const checked = members.check(others.accounts.map((account) => account.id))
      const complete = await membersFound
      await checked
      if (!asking.signal.aborted) setFurther(!complete || others.next !== null)
    }
    // Asked when the typing pauses.
    const timer = setTimeout(() => void ask().catch(() => {}), 120)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [wanted, members])
  return useMemo(() => {
    if (query === undefined || !match) return { candidates: [], more: false }
    const inside: Account[] = []
    const outside: Account[] = []
    for (const account of known.values()) {
      if (account.deactivated) continue
      const isIn = members.isIn(account.id)
      if (isIn === true) inside.push(account)
      else if (isIn === false && namesOthers(wanted)) outside.push(account)
    }
    const near = match(inside, wanted, byName)
    const far = match(outside, wanted, byName)
    const shownNear = near.slice(0, most)
    const shownFar = far.slice(0, most - shownNear.length)
    const everybody = channel && 'channel'.startsWith(wanted.toLocaleLowerCase())
    const candidates: Candidate[] = [
      ...shownNear.map((account) => ({ account, outside: false, joinedAt: knowledge.inside.get(account.id) })),
      ...(everybody ? [{ account: undefined, outside: false }] : []),
      ...shownFar.map((account) => ({ account, outside: true })),
    ]
    const left = near.length + far.length > shownNear.length + shownFar.length
    return { candidates, more: left || (wanted === '' ? !knowledge.complete : further) }
  }, [query, wanted, knowledge, members, known, channel, further, match])
}

async function findAccounts(query: string, signal: AbortSignal) {
  const found = await call(listAccounts, { query: { query: query.slice(0, 254), limit: foundMembers } }, { signal })
  keepPeople(found.accounts)
  return found
}

/** A single letter finds people of the conversation alone; a single sign of a script without spaces is a word. */
const namesOthers = (query: string): boolean => query.length > 1 || spaceless.test(query)

const spaceless =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u
const { compare } = new Intl.Collator()
const byName = (a: Account, b: Account) => compare(a.name, b.name)
