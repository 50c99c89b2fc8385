import { createStore, type Store } from '#platform/ui/store.ts'
import type { Member, MemberAdded, MemberRemoved } from '../contract.ts'

export interface Named {
  id: string
  name: string
}

/** What the server is asked; a reply that is not complete is never taken for the whole. */
export interface Questions {
  /** The first members: all of a conversation that is not large. */
  first: () => Promise<{ members: readonly Member[]; complete: boolean }>
  found: (query: string) => Promise<{ members: readonly Member[]; complete: boolean }>
  among: (ids: readonly string[]) => Promise<readonly Member[]>
  named: (texts: readonly string[]) => Promise<{ members: readonly Named[]; complete: boolean }>
}

export interface Knowledge {
  /** Members, and when they joined. */
  inside: ReadonlyMap<string, string>
  outside: ReadonlySet<string>
  /** Whether everybody is in `inside`. */
  complete: boolean
  /** Members with whose name a text begins, by text. */
  named: ReadonlyMap<string, readonly Named[]>
}

const nothing: Knowledge = { inside: new Map(), outside: new Set(), complete: false, named: new Map() }

/** Texts that one question holds, and those that are looked through at once: a list of all people is no message. */
const atOnce = 10
const mostNamed = 100

export type KnownMembers = ReturnType<typeof createKnownMembers>

/**
 * Who is in one conversation, as far as it was asked for: true for a conversation of any size, and for whoever comes or
 * goes meanwhile.
 */
export function createKnownMembers(ask: Questions) {
  const store: Store<Knowledge> = createStore<Knowledge>(nothing)
  /** What the stream said of somebody is newer than any reply that was on its way. */
  let heard = new Map<string, Member | null>()
  let opened: Promise<void> | undefined
  let generation = 0
  const asked = new Map<string, Promise<void>>()
  /** What was looked for, and whether all of it was found. */
  const found = new Map<string, boolean>()

  const learn = (
    members: readonly Member[],
    more: Partial<Pick<Knowledge, 'complete'>> & { outside?: string[] } = {},
  ) =>
    store.set((now) => {
      const inside = new Map(now.inside)
      const outside = new Set([...now.outside, ...(more.outside ?? [])])
      for (const member of members) inside.set(member.accountId, member.joinedAt)
      for (const [id, member] of heard) {
        if (member) inside.set(id, member.joinedAt)
        else inside.delete(id)
        if (member) outside.delete(id)
        else outside.add(id)
      }
      return { ...now, inside, outside, complete: more.complete ?? now.complete }
    })
  /** One question at a time for one thing; what failed is asked again the next time. */
  const once = (key: string, question: () => Promise<void>): Promise<void> => {
    const before = asked.get(key)
    if (before) return before
    const mine = generation
    const current = question().catch(() => {
      if (mine === generation) asked.delete(key)
    })
    asked.set(key, current)
    return current
  }
  const during = async <T>(question: Promise<T>, then: (reply: T) => void): Promise<void> => {
    const mine = generation
    const reply = await question
    if (mine === generation) then(reply)
  }
  const lookFor = (texts: readonly string[]) =>
    during(ask.named(texts), ({ members, complete }) =>
      store.set((now) => {
        const named = new Map(now.named)
        // One of many who all have that name is not found by it.
        for (const text of texts) named.set(text, complete ? members : [])
        return { ...now, named }
      }),
    )
  const isIn = (id: string): boolean | undefined => {
    const { inside, outside, complete } = store.get()
    return inside.has(id) || (complete || outside.has(id) ? false : undefined)
  }

  return {
    store,
    /** Whether somebody is a member; undefined until it is known. */
    isIn,
    open: (): Promise<void> =>
      (opened ??= during(ask.first(), ({ members, complete }) => learn(members, { complete })).catch(() => {
        opened = undefined
      })),
    /** Looks for members by a part of their names. False: there are more of them than were found. */
    find: async (query: string): Promise<boolean> => {
      if (store.get().complete) return true
      await once(`find ${query}`, () =>
        during(ask.found(query), ({ members, complete }) => {
          found.set(query, complete)
          learn(members)
        }),
      )
      return found.get(query) ?? false
    },
    check: async (ids: readonly string[]): Promise<void> => {
      const unknown = ids.filter((id) => isIn(id) === undefined)
      if (unknown.length === 0) return
      await during(ask.among(unknown), (members) => {
        const found = new Set(members.map(({ accountId }) => accountId))
        learn(members, { outside: unknown.filter((id) => !found.has(id)) })
      }).catch(() => {})
    },
    /** Looks for members whose names stand at the beginning of these texts. Undefined where all was asked before. */
    settle: (texts: readonly string[]): Promise<void> | undefined => {
      const unknown = texts.filter((text) => !store.get().named.has(text)).slice(0, mostNamed)
      if (unknown.length === 0) return undefined
      const parts = Array.from({ length: Math.ceil(unknown.length / atOnce) }, (_, at) =>
        unknown.slice(at * atOnce, (at + 1) * atOnce),
      )
      const asking = parts.map((part) => once(`named ${part.join('\n')}`, () => lookFor(part)))
      return Promise.all(asking).then(() => undefined)
    },
    heard: (event: MemberAdded | MemberRemoved): void => {
      if (event.type === 'member.added') heard.set(event.member.accountId, event.member)
      else heard.set(event.accountId, null)
      asked.clear()
      store.set((now) => ({ ...now, named: new Map() }))
      learn([])
    },
    /** Somebody was renamed. */
    renamed: (): void => {
      asked.clear()
      store.set((now) => (now.named.size === 0 ? now : { ...now, named: new Map() }))
    },
    /** What the stream left out has to be asked for again. */
    forget: (): void => {
      generation++
      heard = new Map()
      opened = undefined
      asked.clear()
      store.set(nothing)
    },
  }
}
