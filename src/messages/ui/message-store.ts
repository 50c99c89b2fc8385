// Of some length: how pages, events, jumps and leaving act on one timeline is one set of rules.
import { ApiProblem } from '#platform/ui/api.ts'
import { createStore, type Store } from '#platform/ui/store.ts'
import type { Message } from '../shapes.ts'
import {
  applyEvent,
  applyMessage,
  applyPage,
  emptyTimeline,
  endNumber,
  firstNumber,
  markStale,
  reorderedBy,
  trim,
  type Asked,
  type OtherEvent,
  type Page,
  type Timeline,
} from './timeline.ts'

/** What a thread has beyond its replies. */
export interface ThreadFacts {
  following: boolean
  readOrdinal: number
}

export interface View {
  timeline: Timeline
  thread: ThreadFacts | null
  /** Nothing can be shown, and asking again will not help: not there, or not for you. */
  missing: boolean
  /** Grows with every window that replaced the one before: a new place to look at. */
  jumps: number
}

export interface MessageApi {
  messages(conversationId: string, asked: Asked & { limit: number }): Promise<Page>
  replies(
    conversationId: string,
    rootId: string,
    asked: Asked & { limit: number },
  ): Promise<Page & ThreadFacts & { root: Message }>
  message(conversationId: string, messageId: string): Promise<Message>
}

export interface LookAt {
  around?: string | undefined
  readOrdinal?: number | undefined
  lastSeq?: number | undefined
}

/** What a page is for: a window of its own, or more at one of the ends. */
type Load = 'window' | 'older' | 'newer'

type Entry = {
  conversationId: string
  threadRoot: string | null
  view: Store<View>
  lookers: number
  /** What is on its way, by what it is for; an answer that is older than the last jump or reset is not wanted. */
  underWay: Map<Load, Promise<void>>
  generation: number
  /** The message that is being read, so that a renewed window is about the same place; null at the lower edge. */
  reading: string | null
  /** When it was left, in order of leaving. */
  left: number
}

const pageSize = 50
/** Timelines that nobody looks at and that are kept all the same, and how much of each. */
const keptTimelines = 10
const keptRows = 150
/** Rows in memory while somebody looks. */
const mostRows = 1200

/**
 * The timelines of this page: loaded by pages, kept true by the stream's events. Whatever fails to load is tried
 * again for as long as somebody looks at it.
 */
export class MessageStore {
  readonly #api: MessageApi
  readonly #wait: (milliseconds: number) => Promise<void>
  readonly #entries = new Map<string, Entry>()
  #closed = false
  #departures = 0

  constructor(api: MessageApi, wait: (milliseconds: number) => Promise<void>) {
    this.#api = api
    this.#wait = wait
  }

  view(conversationId: string, threadRoot: string | null = null): Store<View> {
    return this.#entry(conversationId, threadRoot).view
  }

  /**
   * For as long as somebody looks at it. `at` says where to begin: at a message, or after a read position; and with
   * `lastSeq`, the head of the log as far as it is known, whether what is kept is still current.
   */
  look(conversationId: string, threadRoot: string | null, at: LookAt = {}): () => void {
    const entry = this.#entry(conversationId, threadRoot)
    const { contains } = entry.view.get().timeline
    if (at.lastSeq !== undefined && at.lastSeq > contains) this.#change(entry, markStale)
    entry.lookers += 1
    void this.#show(entry, at)
    return () => {
      entry.lookers -= 1
      if (entry.lookers === 0) this.#tidy(entry)
    }
  }

  /** Another place of the same timeline: around a message, or the newest. */
  async jump(conversationId: string, threadRoot: string | null, around?: string): Promise<void> {
    const entry = this.#entry(conversationId, threadRoot)
    return this.#load(entry, 'window', around ? await this.#askAround(entry, around) : newestOf(entry), true)
  }

  older(conversationId: string, threadRoot: string | null): Promise<void> {
    const entry = this.#entry(conversationId, threadRoot)
    const { timeline } = entry.view.get()
    if (!timeline.loaded || timeline.stale || timeline.atStart || entry.underWay.has('window')) return Promise.resolve()
    return this.#load(entry, 'older', { before: firstNumber(timeline) })
  }

  newer(conversationId: string, threadRoot: string | null): Promise<void> {
    const entry = this.#entry(conversationId, threadRoot)
    const { timeline } = entry.view.get()
    const whole = timeline.atEnd && timeline.ahead.length === 0
    if (!timeline.loaded || timeline.stale || whole || entry.underWay.has('window')) return Promise.resolve()
    return this.#load(entry, 'newer', { after: endNumber(timeline) })
  }

  /** Where somebody reads, in case the window has to be renewed. */
  reading(conversationId: string, threadRoot: string | null, messageId: string | null): void {
    this.#entry(conversationId, threadRoot).reading = messageId
  }

  // ── What happens ─────────────────────────────────────────────────────────────────────────────────────

  /** Events of the stream, in order, of any conversations and of every type. */
  onEvents(events: readonly OtherEvent[]): void {
    for (const entry of this.#entries.values()) {
      const own = events.filter((event) => event.conversationId === entry.conversationId)
      if (own.length === 0) continue
      const reordered = new Set<string>()
      this.#change(entry, (before) =>
        own.reduce((timeline, event) => {
          const messageId = reorderedBy(timeline, event)
          if (messageId) reordered.add(messageId)
          return applyEvent(timeline, event)
        }, before),
      )
      for (const messageId of reordered) void this.#ask(entry.conversationId, messageId)
      const { timeline } = entry.view.get()
      if (entry.lookers === 0) this.#shrink(entry)
      else if (timeline.stale) this.#renew(entry)
      else if (entry.reading === null) this.#change(entry, (timeline) => trim(timeline, 'newest', mostRows))
    }
  }

  /** The stream does not bring what was missed here: what is shown is fetched again. */
  onReset(conversationId: string): void {
    for (const entry of this.#of(conversationId)) {
      this.#change(entry, markStale)
      this.#renew(entry)
    }
  }

  /** A conversation that is no longer ours. */
  onLeft(conversationId: string): void {
    for (const entry of this.#of(conversationId)) {
      entry.generation += 1
      if (entry.lookers === 0) this.#forget(entry)
      // A public channel can still be read; of anything else the server will say that it is not there.
      else this.#renew(entry)
    }
  }

  onRead(conversationId: string, threadRoot: string, readOrdinal: number): void {
    const entry = this.#entries.get(keyOf(conversationId, threadRoot))
    entry?.view.set((view) =>
      view.thread && view.thread.readOrdinal < readOrdinal
        ? { ...view, thread: { ...view.thread, readOrdinal } }
        : view,
    )
  }

  /** A message as the server answered with it. */
  onMessage(message: Message): void {
    for (const entry of this.#of(message.conversationId)) {
      this.#change(entry, (timeline) => applyMessage(timeline, message))
    }
  }

  onFollowing(conversationId: string, rootId: string, following: boolean): void {
    const entry = this.#entries.get(keyOf(conversationId, rootId))
    entry?.view.set((view) => (view.thread ? { ...view, thread: { ...view.thread, following } } : view))
  }

  close(): void {
    this.#closed = true
    this.#entries.clear()
  }

  /** One message again. What fails here is an order of emoji, and right again with the next page. */
  async #ask(conversationId: string, messageId: string): Promise<void> {
    const message = await this.#api.message(conversationId, messageId).catch(() => undefined)
    if (message && !this.#closed) this.onMessage(message)
  }

  // ── Loading ──────────────────────────────────────────────────────────────────────────────────────────

  async #show(entry: Entry, at: LookAt): Promise<void> {
    const { timeline, missing } = entry.view.get()
    if (missing) entry.view.set((view) => ({ ...view, missing: false }))
    const { around, readOrdinal } = at
    const there = around !== undefined && timeline.rows.some((row) => row.id === around)
    if (around !== undefined && (!there || timeline.stale)) {
      return this.#load(entry, 'window', await this.#askAround(entry, around), true)
    }
    if (timeline.loaded && !timeline.stale) return undefined
    if (readOrdinal === undefined) return this.#load(entry, 'window', newestOf(entry), true)
    // Some that were read, for context, and then the unread ones.
    return this.#load(entry, 'window', { after: Math.max(0, readOrdinal - 12) }, true)
  }

  /** Threads have no page around a reply, but one before a number. */
  async #askAround(entry: Entry, around: string): Promise<Asked> {
    if (!entry.threadRoot) return { around }
    const reply = await this.#api.message(entry.conversationId, around).catch(() => undefined)
    return reply?.replyOrdinal ? { before: reply.replyOrdinal + pageSize / 2 } : newestOf(entry)
  }

  #renew(entry: Entry): void {
    if (entry.lookers === 0) return
    const { timeline } = entry.view.get()
    const { reading } = entry
    if (timeline.atEnd || !reading) return void this.#load(entry, 'window', newestOf(entry), true)
    void this.#askAround(entry, reading).then((asked) => this.#load(entry, 'window', asked, true))
  }

  #load(entry: Entry, what: Load, asked: Asked, anew = false): Promise<void> {
    const running = entry.underWay.get(what)
    if (running && !anew) return running
    if (anew) {
      entry.generation += 1
      entry.underWay.clear()
    }
    const loading = this.#fetch(entry, asked, what).finally(() => {
      if (entry.underWay.get(what) === loading) entry.underWay.delete(what)
    })
    entry.underWay.set(what, loading)
    return loading
  }

  async #fetch(entry: Entry, asked: Asked, what: Load): Promise<void> {
    const { conversationId, threadRoot, generation } = entry
    const wanted = () => !this.#closed && entry.generation === generation && entry.lookers > 0
    let ask = asked
    for (let pause = 500; wanted(); pause = Math.min(pause * 2, 10_000)) {
      try {
        const limit = what === 'window' ? pageSize + 12 : pageSize
        const page = threadRoot
          ? await this.#api.replies(conversationId, threadRoot, { ...ask, limit })
          : await this.#api.messages(conversationId, { ...ask, limit })
        if (!wanted()) return
        if (this.#take(entry, page, ask, what)) return
      } catch (error) {
        if (!wanted()) return
        if (error instanceof ApiProblem && error.status < 500 && error.status !== 429 && error.status !== 401) {
          // The message of a link may be gone while its conversation is there.
          if (ask.around !== undefined && error.code === 'message-not-found') ask = newestOf(entry)
          else return entry.view.set((view) => ({ ...view, missing: true }))
          continue
        }
      }
      await this.#wait(pause)
    }
  }

  /** False when the page is too old to be brought up to date: then it is asked for again. */
  #take(entry: Entry, page: Page & Partial<ThreadFacts & { root: Message }>, asked: Asked, what: Load): boolean {
    const replaces = what === 'window'
    const before = entry.view.get()
    const timeline = applyPage(before.timeline, page, asked, page.root ?? null)
    if (timeline === before.timeline) return false
    // Before anybody hears of it: whoever sees it may ask for more in the same step.
    entry.underWay.delete(what)
    const { following, readOrdinal } = page
    const thread = following === undefined ? before.thread : { following, readOrdinal: readOrdinal ?? 0 }
    const keep = asked.before !== undefined && !replaces ? 'oldest' : 'newest'
    entry.view.set({
      timeline: replaces ? timeline : trim(timeline, keep, mostRows),
      thread:
        thread && before.thread
          ? { ...thread, readOrdinal: Math.max(thread.readOrdinal, before.thread.readOrdinal) }
          : thread,
      missing: false,
      jumps: before.jumps + (replaces ? 1 : 0),
    })
    return true
  }

  // ── Memory ───────────────────────────────────────────────────────────────────────────────────────────

  #entry(conversationId: string, threadRoot: string | null): Entry {
    const key = keyOf(conversationId, threadRoot)
    const known = this.#entries.get(key)
    if (known) return known
    const timeline = emptyTimeline(conversationId, threadRoot)
    const entry: Entry = {
      conversationId,
      threadRoot,
      view: createStore<View>({ timeline, thread: null, missing: false, jumps: 0 }),
      lookers: 0,
      underWay: new Map(),
      generation: 0,
      reading: null,
      left: 0,
    }
    this.#entries.set(key, entry)
    return entry
  }

  #of = (conversationId: string) =>
    [...this.#entries.values()].filter((entry) => entry.conversationId === conversationId)

  #change(entry: Entry, change: (timeline: Timeline) => Timeline): void {
    entry.view.set((view) => {
      const timeline = change(view.timeline)
      return timeline === view.timeline ? view : { ...view, timeline }
    })
  }

  /** The one looked at last is the last to go. What is in the middle of history is not kept at all. */
  #tidy(entry: Entry): void {
    entry.reading = null
    entry.left = ++this.#departures
    const { timeline } = entry.view.get()
    if (timeline.loaded && !timeline.stale && timeline.atEnd) this.#shrink(entry)
    else this.#forget(entry)
    const idle = [...this.#entries.values()].filter((each) => each.lookers === 0 && each.view.get().timeline.loaded)
    const oldest = idle.sort((a, b) => a.left - b.left).slice(0, Math.max(0, idle.length - keptTimelines))
    for (const each of oldest) this.#forget(each)
  }

  /** The entry itself stays: a component may hold its store. */
  #forget({ view, conversationId, threadRoot }: Entry): void {
    view.set(({ jumps }) => ({
      timeline: emptyTimeline(conversationId, threadRoot),
      thread: null,
      missing: false,
      jumps,
    }))
  }

  #shrink(entry: Entry): void {
    this.#change(entry, (timeline) => trim(timeline, 'newest', keptRows))
  }
}

const keyOf = (conversationId: string, threadRoot: string | null) => `${conversationId} ${threadRoot ?? ''}`

/** A thread is listed from its beginning unless it is asked for what is before some number. */
const newestOf = (entry: Entry): Asked => (entry.threadRoot ? { before: Number.MAX_SAFE_INTEGER } : {})
