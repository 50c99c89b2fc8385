import { useEffect } from 'react'
import { call } from '#platform/ui/api.ts'
import { createStore, shallowEqual, useStore, type Store } from '#platform/ui/store.ts'
import { listAccounts } from '../contract.ts'
import type { Account } from '../shapes.ts'

export type People = ReadonlyMap<string, Account>

/** In the place of a name that is not here, where a bone cannot stand: in labels and other strings. */
export const somebody = 'Somebody'

/** Most ids in one call of `listAccounts`. */
const most = 100
/** Milliseconds until a failed batch is tried again: doubled from failure to failure, up to the last. */
const patience = { first: 1_000, last: 30_000 }

/**
 * Accounts by id, fetched when they are first needed. What is asked for within one tick goes out as one call; an id
 * is under way once at most; an id that nobody has, or nobody whom one may know, is not asked for again until it is refreshed.
 */
export function createPeople(
  fetchAccounts: (ids: readonly string[]) => Promise<readonly Account[]>,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
) {
  const store: Store<People> = createStore<People>(new Map())
  const wanted = new Set<string>()
  const underWay = new Set<string>()
  const unknown: Store<ReadonlySet<string>> = createStore<ReadonlySet<string>>(new Set())
  /** For each reply that carries accounts and is under way: who changed meanwhile. */
  const carrying = new Set<Set<string>>()
  let running = false
  let failures = 0
  let generation = 0

  const keep = (accounts: Iterable<Account>) =>
    store.set((current) => {
      const next = new Map(current)
      let changed = false
      for (const account of accounts) {
        if (shallowEqual(next.get(account.id), account)) continue
        next.set(account.id, account)
        changed = true
      }
      return changed ? next : current
    })

  const run = async () => {
    running = true
    const mine = generation
    const current = () => mine === generation
    // Until the tick ends more may come, and goes out in the same call.
    await Promise.resolve()
    while (wanted.size > 0 && current()) {
      const batch = [...wanted].slice(0, most)
      for (const id of batch) {
        wanted.delete(id)
        underWay.add(id)
      }
      try {
        const accounts = await fetchAccounts(batch)
        if (!current()) return
        failures = 0
        keep(accounts)
        const found = new Set(accounts.map((account) => account.id))
        const missing = batch.filter((id) => !found.has(id))
        if (missing.length > 0) unknown.set((ids) => new Set([...ids, ...missing]))
      } catch {
        if (!current()) return
        for (const id of batch) wanted.add(id)
        await wait(Math.min(patience.last, patience.first * 2 ** failures))
        failures++
      } finally {
        if (current()) for (const id of batch) underWay.delete(id)
      }
    }
    if (current()) running = false
  }

  const ask = (ids: Iterable<string>, also: (id: string) => boolean) => {
    for (const id of ids) if (also(id)) wanted.add(id)
    if (wanted.size > 0 && !running) void run()
  }

  const forgotten = (id: string) => {
    const was = unknown.get().has(id)
    if (was) unknown.set((ids) => new Set([...ids].filter((each) => each !== id)))
    return was
  }

  return {
    store,
    /** Whom nobody is, or nobody whom one may know. */
    unknown,
    /**
     * Puts in the accounts of another reply once it is here, but for those who changed while it was under way. A
     * process of the release before brings none: then they are asked for by id.
     */
    carried: async <Reply extends { accounts?: readonly Account[] }>(coming: Promise<Reply>): Promise<Reply> => {
      const changed = new Set<string>()
      carrying.add(changed)
      try {
        const reply = await coming
        if (carrying.has(changed)) keep((reply.accounts ?? []).filter(({ id }) => !changed.has(id)))
        return reply
      } finally {
        carrying.delete(changed)
      }
    },
    /** Puts in what came with another reply, such as oneself. */
    keep,
    ensure: (ids: Iterable<string>) =>
      ask(ids, (id) => !store.get().has(id) && !unknown.get().has(id) && !underWay.has(id)),
    /** For an `account` frame: fetches again what is known or was asked for; others come when they are needed. */
    refresh: (id: string) => {
      for (const changed of carrying) changed.add(id)
      const needed = store.get().has(id) || forgotten(id) || underWay.has(id)
      ask([id], () => needed)
    },
    /** After a time without the stream anything may have changed. */
    refreshAll: () => {
      unknown.set(new Set())
      carrying.clear()
      ask(store.get().keys(), () => true)
    },
    /** When somebody else signs in. */
    clear: () => {
      generation++
      running = false
      failures = 0
      for (const set of [wanted, underWay, carrying]) set.clear()
      unknown.set(new Set())
      store.set(new Map())
    },
  }
}

const directory = createPeople(async (ids) => {
  const { accounts } = await call(listAccounts, { query: { ids: ids.join(','), limit: most } })
  return accounts
})

export const people: Store<People> = directory.store
export const nobodyHas: Store<ReadonlySet<string>> = directory.unknown
export const keepPeople = directory.keep
export const carriedPeople = directory.carried
export const ensurePeople = directory.ensure
export const refreshPerson = directory.refresh
export const refreshPeople = directory.refreshAll
export const forgetPeople = directory.clear

/** The account, or undefined until it is here; asks for it when it is not. */
export function usePerson(id: string | undefined): Account | undefined {
  useEffect(() => {
    if (id) ensurePeople([id])
  }, [id])
  return useStore(people, (map) => (id ? map.get(id) : undefined))
}
