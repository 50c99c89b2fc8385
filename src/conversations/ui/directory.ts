// A little long: fetching, following and playing back what came meanwhile are one promise, and only right together.
import type { ServerFrame } from '#delivery/contract.ts'
import type { Membership, ReadState } from '#members/contract.ts'
import { createStore, type Store } from '#platform/ui/store.ts'
import type { Conversation } from '../contract.ts'
import { applyEvent, moveRead, type AnyEvent, type Viewpoint } from './apply.ts'

/** What the list is fetched through. */
export type ConversationsApi = {
  page(after: string | undefined): Promise<{ conversations: readonly Conversation[]; next: string | null }>
  /** Undefined: there is none, or none for you. */
  one(conversationId: string): Promise<Conversation | undefined>
}

export type Directory = {
  /** Whether every page of the list is here. */
  loaded: boolean
  /** Yours, and public channels that were looked at (without a membership). */
  byId: ReadonlyMap<string, Conversation>
  /** Asked for, and not there or not for you. */
  missing: ReadonlySet<string>
}

const empty: Directory = { loaded: false, byId: new Map(), missing: new Set() }

type Head = Extract<ServerFrame, { type: 'welcome' }>['heads'][number]
/** What happens to a conversation while it is being fetched; played again on what the fetch brings. */
type Happening = AnyEvent | { read: number; threadRoot: string | null }

/** From this many conversations to fetch on, the pages of the list are the cheaper way. */
const many = 12

/**
 * The list of conversations, kept exact by the stream: fetched state + the events after it. Whatever cannot follow
 * from events (a hole, a reset, a joined channel) is fetched again; events that come meanwhile are kept and played
 * on top, so no order of replies and events can lose one.
 */
export class ConversationDirectory {
  readonly store: Store<Directory> = createStore(empty)
  readonly #api: ConversationsApi
  readonly #wait: (ms: number) => Promise<void>
  #view: Viewpoint | undefined
  /** Whose work is still wanted: whatever began before the last stop is not. */
  #generation = 0
  #loading: Promise<void> | undefined
  #fetching = new Map<string, { again: boolean; done: Promise<void> }>()
  #meanwhile = new Map<string, Happening[]>()
  /** Ours, as the last greeting named them, and as joining and leaving changed them since. */
  #heads = new Map<string, Head>()
  #stream: 'none' | 'catching-up' | 'live' = 'none'
  /** The stream was lost since it was last live. */
  #resumed = false

  constructor(api: ConversationsApi, wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))) {
    this.#api = api
    this.#wait = wait
  }

  /** Loads all pages, and follows `onFrame` from now on. Returns the way to stop, which forgets everything. */
  start(view: Viewpoint, onFrame: (listener: (frame: ServerFrame) => void) => () => void): () => void {
    this.#view = view
    const stopFrames = onFrame((frame) => this.#hear(frame))
    void this.load()
    return () => {
      stopFrames()
      this.#generation++
      this.#view = undefined
      this.#loading = undefined
      this.#stream = 'none'
      this.#resumed = false
      for (const map of [this.#heads, this.#fetching, this.#meanwhile]) map.clear()
      this.store.set(empty)
    }
  }

  get(id: string): Conversation | undefined {
    return this.store.get().byId.get(id)
  }

  /** For `Hello.positions`. */
  *positions(): Generator<readonly [conversationId: string, seq: number]> {
    for (const [id, { membership, lastSeq }] of this.store.get().byId) if (membership) yield [id, lastSeq]
  }

  /** Fetches every page, and again until it works. */
  load(): Promise<void> {
    if (this.#loading) return this.#loading
    const first = !this.store.get().loaded
    const loading = this.#retrying(async (current) => {
      const found: Conversation[] = []
      let after: string | undefined
      do {
        const page = await this.#api.page(after)
        if (!current()) return
        found.push(...page.conversations)
        after = page.next ?? undefined
      } while (after !== undefined)
      this.#loading = undefined
      const stale = this.#adopt(found, true)
      for (const id of this.#meanwhile.keys()) if (!this.#fetching.has(id)) this.#meanwhile.delete(id)
      for (const id of stale) void this.fetch(id)
      if (first && this.#stream === 'live') this.#agreeWithHeads()
    })
    this.#loading = loading
    return loading
  }

  /** Fetches one conversation; asked while that runs, it runs once more. Ends when it is here or known to be missing. */
  fetch(id: string): Promise<void> {
    const running = this.#fetching.get(id)
    if (running) {
      running.again = true
      return running.done
    }
    if (!this.#meanwhile.has(id)) this.#meanwhile.set(id, [])
    const entry = { again: false, done: Promise.resolve() }
    this.#fetching.set(id, entry)
    entry.done = this.#retrying(async (current) => {
      do {
        entry.again = false
        const found = await this.#api.one(id)
        if (!current()) return
        if (found) entry.again ||= this.#adopt([found], false).has(id)
        else this.#drop(id)
        // Asked at once, a replica that lags would only answer the same.
        if (entry.again) await this.#wait(250)
      } while (entry.again && current())
      if (!current()) return
      this.#fetching.delete(id)
      if (!this.#loading) this.#meanwhile.delete(id)
    })
    return entry.done
  }

  /** Takes a conversation that came as the reply to something else, such as creating it. */
  adopt(conversation: Conversation): void {
    this.#adopt([conversation], false)
  }

  /** After `changeMembership` or `joinConversation`. */
  setMembership(id: string, membership: Membership): void {
    this.#change(id, (one) => {
      const readOrdinal = Math.max(membership.readOrdinal, one.membership?.readOrdinal ?? 0)
      return moveRead({ ...one, membership: { ...membership, readOrdinal } }, readOrdinal).conversation
    })
  }

  /** The position moves here at once; telling the server is `markRead`'s business. */
  read(id: string, ordinal: number, threadRoot: string | null = null): void {
    this.#happen([[id, { read: ordinal, threadRoot }]])
  }

  /** The reply to moving a read position: exact, where the list is at the same place. */
  setReadState(id: string, state: ReadState): void {
    this.#change(id, (one) => {
      const moved = moveRead(one, state.readOrdinal).conversation
      if (moved.unreadCount !== state.unreadCount) return moved
      return { ...moved, unreadMentions: state.unreadMentions, mentionCount: state.mentionCount }
    })
  }

  // ── Frames ───────────────────────────────────────────────────────────────────────────────────────────

  #hear(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome': {
        this.#resumed = this.#stream !== 'none'
        this.#stream = 'catching-up'
        this.#heads = new Map(frame.heads.map((head) => [head.conversationId, head]))
        this.#happen(frame.heads.map((head) => [head.conversationId, { read: head.readOrdinal, threadRoot: null }]))
        if (!this.store.get().loaded) return
        for (const [id, one] of this.store.get().byId) if (one.membership && !this.#heads.has(id)) this.#leave(id)
        return this.#fetchAll([...this.#heads.keys()].filter((id) => !this.get(id)?.membership))
      }
      case 'live':
        this.#stream = 'live'
        if (this.store.get().loaded) this.#agreeWithHeads()
        return
      case 'events':
        return this.#happen(frame.events.map((event) => [event.conversationId, event]))
      case 'read':
        return this.read(frame.conversationId, frame.readOrdinal, frame.threadRoot)
      case 'joined': {
        const { conversationId, lastSeq } = frame
        this.#heads.set(conversationId, { conversationId, lastSeq, lastOrdinal: 0, readOrdinal: 0 })
        return void this.fetch(conversationId)
      }
      case 'reset':
        return void this.fetch(frame.conversationId)
      case 'left':
        this.#heads.delete(frame.conversationId)
        return this.#leave(frame.conversationId)
      case 'typing':
      case 'presence':
      case 'account':
      case 'closing':
      case 'refused':
      case 'pong':
        return undefined
    }
  }

  /** Once all that was missing has come: what is behind the greeting nevertheless, or cannot be known, is fetched. */
  #agreeWithHeads(): void {
    const resumed = this.#resumed
    this.#resumed = false
    const wanted = [...this.#heads.values()].filter((head) => {
      const one = this.get(head.conversationId)
      if (!one?.membership || one.lastSeq < head.lastSeq || one.lastOrdinal < head.lastOrdinal) return true
      // Positions in threads are not in the greeting, and may have moved on another device meanwhile.
      return resumed && one.unreadMentions.some((mention) => mention.threadRoot !== null)
    })
    const left = [...this.store.get().byId.values()].filter((one) => one.membership && !this.#heads.has(one.id))
    this.#fetchAll([...wanted.map((head) => head.conversationId), ...left.map((one) => one.id)])
  }

  #fetchAll(ids: readonly string[]): void {
    if (ids.length >= many) void this.load()
    else for (const id of ids) void this.fetch(id)
  }

  #happen(happenings: readonly (readonly [conversationId: string, happening: Happening])[]): void {
    const view = this.#view
    if (!view) return
    const { byId } = this.store.get()
    let changed: Map<string, Conversation> | undefined
    const stale = new Set<string>()
    for (const [id, happening] of happenings) {
      const kept = this.#meanwhile.get(id)
      if (kept) kept.push(happening)
      else if (this.#loading) this.#meanwhile.set(id, [happening])
      const before = (changed ?? byId).get(id)
      if (!before) continue
      const after = happens(before, happening, view)
      if (after.stale) stale.add(id)
      if (after.conversation !== before) (changed ??= new Map(byId)).set(id, after.conversation)
    }
    const next = changed
    if (next) this.store.set((current) => ({ ...current, byId: next }))
    // One on its way already is played on top of, and says itself when that is not enough.
    for (const id of stale) if (!this.#fetching.has(id)) void this.fetch(id)
  }

  // ── State ────────────────────────────────────────────────────────────────────────────────────────────

  #change(id: string, change: (conversation: Conversation) => Conversation): void {
    this.store.set((current) => {
      const before = current.byId.get(id)
      return before ? { ...current, byId: new Map(current.byId).set(id, change(before)) } : current
    })
  }

  /** Puts in what was fetched, with what happened meanwhile on top. Returns those where that left a hole. */
  #adopt(found: readonly Conversation[], all: boolean): ReadonlySet<string> {
    const stale = new Set<string>()
    const view = this.#view
    if (!view) return stale
    this.store.set((current) => {
      const byId = new Map(current.byId)
      const missing = new Set(current.missing)
      for (const fetched of found) {
        const before = byId.get(fetched.id)
        let next = fetched
        for (const happening of this.#meanwhile.get(fetched.id) ?? []) {
          const after = happens(next, happening, view)
          next = after.conversation
          if (after.stale) stale.add(fetched.id)
        }
        if (before?.membership && next.membership) {
          // A read replica may answer with the past: what is here is newer then. Nor does a position go back.
          if (before.lastSeq > next.lastSeq) next = before
          next = moveRead(next, before.membership.readOrdinal).conversation
        }
        byId.set(fetched.id, next)
        missing.delete(fetched.id)
      }
      return { loaded: current.loaded || all, byId, missing }
    })
    return stale
  }

  /** A public channel stays readable, and is asked about; anything else is gone at once. */
  #leave(id: string): void {
    const one = this.get(id)
    if (one?.visibility !== 'public') return this.#drop(id)
    this.#change(id, (one) => ({ ...one, membership: null, unreadCount: 0, mentionCount: 0, unreadMentions: [] }))
    void this.fetch(id)
  }

  #drop(id: string): void {
    this.store.set((current) => {
      const byId = new Map(current.byId)
      byId.delete(id)
      return { ...current, byId, missing: new Set(current.missing).add(id) }
    })
  }

  /** Runs until it does not throw, with growing pauses; gives up when the list was stopped meanwhile. */
  async #retrying(work: (current: () => boolean) => Promise<void>): Promise<void> {
    const mine = this.#generation
    const current = () => mine === this.#generation
    for (let pause = 1000; current(); pause = Math.min(pause * 2, 15_000)) {
      try {
        return await work(current)
      } catch {
        await this.#wait(pause)
      }
    }
  }
}

function happens(conversation: Conversation, happening: Happening, view: Viewpoint) {
  return 'read' in happening
    ? moveRead(conversation, happening.read, happening.threadRoot)
    : applyEvent(conversation, happening, view)
}
