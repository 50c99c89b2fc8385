// Of some length: what is written in one place, by several windows, on a device that may fail, is one state.
import { openChannel, type Channel } from '#platform/ui/channel.ts'
import { randomId } from '#platform/ui/insecure.ts'
import { createStore, type Store } from '#platform/ui/store.ts'
import type { Device, KeptDraft } from './device.ts'
import { forgetLeft, leaveDrafts, leftDrafts } from './left-drafts.ts'
import { mergeDrafts, withBoth, type Draft } from './merge-drafts.ts'

/** Where something is being written. What is written there is a body: mentions are ids, whoever is renamed. */
export const draftPlace = (conversationId: string, threadRoot: string | null): string =>
  threadRoot ? `${conversationId}/${threadRoot}` : conversationId
export const editPlace = (messageId: string): string => `edit ${messageId}`

export type Drafts = ReturnType<typeof createDrafts>

/** What a window tells the others: what is kept at a place from now on; without a draft, nothing is. */
type Told = { place: string; draft: Draft | undefined }

/**
 * What was typed and not sent, by place. Reading and writing are immediate; the device follows at once, every `delay`
 * milliseconds while one writes on, and when the page is left.
 *
 * The windows of a browser write one draft. A window shows what another has kept, unless something else was typed in it
 * since; what two windows typed at once is put together when it is kept (`mergeDrafts`), so that no window overwrites
 * what it has not seen. Each text has an id, which becomes the clientId of the message: sent from two windows it is one
 * message.
 */
export function createDrafts({
  accountId,
  device,
  delay = 300,
  channel = openChannel<Told>(`drafts ${accountId}`),
}: {
  accountId: string
  device: Device
  delay?: number
  channel?: Channel<Told>
}) {
  /** What is written here. */
  const drafts = new Map<string, Draft>()
  /** What was kept when this window last looked: what is written here is written upon it. */
  const kept = new Map<string, Draft>()
  const changed = new Set<string>()
  const listeners = new Map<string, Set<() => void>>()
  const conversations: Store<ReadonlySet<string>> = createStore<ReadonlySet<string>>(new Set())
  const windowId = randomId()
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = () => {
    const now = new Set(
      [...drafts.keys()].flatMap((place) => (place.startsWith('edit ') ? [] : [place.split('/')[0]!])),
    )
    conversations.set((held) => (held.size === now.size && held.isSubsetOf(now) ? held : now))
  }
  const set = (map: Map<string, Draft>, place: string, draft: Draft | undefined) =>
    draft ? map.set(place, draft) : map.delete(place)
  /** Shows what came from elsewhere. */
  const show = (place: string, draft: Draft | undefined) => {
    if (drafts.get(place)?.id === draft?.id) return
    const before = drafts.get(place)?.text ?? ''
    set(drafts, place, draft)
    tell()
    if (before !== (draft?.text ?? '')) for (const listener of listeners.get(place) ?? []) listener()
  }
  /** Another window, or an earlier page, has kept this. What was typed here meanwhile meets it when it is kept itself. */
  const hear = (place: string, draft: Draft | undefined) => {
    if (changed.has(place) || drafts.get(place)?.id !== kept.get(place)?.id) return
    set(kept, place, draft)
    show(place, draft)
  }
  const row = (place: string, { id, text }: Draft): KeptDraft => ({ accountId, place, text, id, changedAt: Date.now() })

  const keepOne = async (place: string) => {
    const mine = drafts.get(place)
    const base = kept.get(place)
    let foreign: Draft | undefined
    const next = await device.changeDraft(accountId, place, (held) => {
      const theirs = held && draftOf(held)
      const merged = mergeDrafts(base, mine, theirs)
      foreign = theirs && merged && merged.id !== mine?.id ? theirs : undefined
      return merged && row(place, merged)
    })
    const now = next && draftOf(next)
    set(kept, place, now)
    const here = drafts.get(place)
    if (here?.id === mine?.id) show(place, now)
    // Typed on while it was being kept: then what came from elsewhere has to come in here too, or it would be overwritten.
    else if (here && foreign) {
      show(place, withBoth(foreign, here))
      changed.add(place)
    }
    channel.say({ place, draft: now })
  }
  // One after the other: what is kept or read meets what was kept before, not itself.
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => (turn = turn.then(work, work))
  const flush = () => inTurn(keepChanged)
  const keepChanged = async (): Promise<void> => {
    const places = [...changed]
    changed.clear()
    // A full disk loses the copy, not the text in front of the person: the next change tries again.
    const results = await Promise.allSettled(places.map(keepOne))
    for (const [at, result] of results.entries()) if (result.status === 'rejected') changed.add(places[at]!)
    if (changed.size === 0) forgetLeft(accountId, windowId)
    if (changed.size > 0 && results.every((result) => result.status === 'fulfilled')) await keepChanged()
  }
  /** Places of which another window told while the device was read: what was read may be older. */
  const heard = new Set<string>()
  const readAll = async () => {
    heard.clear()
    const rows = await device.drafts(accountId)
    const found = new Map(rows.map((each) => [each.place, draftOf(each)]))
    for (const { windowId: other, left } of leftDrafts(accountId)) {
      if (other === windowId) continue
      for (const { place, draft, base } of left) {
        const change = (held: KeptDraft | undefined) => {
          const merged = mergeDrafts(
            base === undefined ? undefined : { id: base, text: '' },
            draft,
            held && draftOf(held),
          )
          return merged && row(place, merged)
        }
        const next = await device.changeDraft(accountId, place, change)
        if (next) found.set(place, draftOf(next))
      }
      forgetLeft(accountId, other)
    }
    for (const place of new Set([...found.keys(), ...kept.keys()])) if (!heard.has(place)) hear(place, found.get(place))
    tell()
  }
  /** Never rejects: what cannot be read now is read with the next reason. */
  const load = () => inTurn(readAll).catch(() => {})
  const hidden = () => {
    if (document.visibilityState === 'hidden') void flush()
    // It may have been asleep while another window sent what it still shows.
    else void load()
  }
  const shown = () => void load()
  const put = (place: string, draft: Draft | undefined) => {
    set(drafts, place, draft)
    changed.add(place)
    tell()
    // The first letter is kept at once: a page may be gone a moment later, and not every browser says so before. What
    // was sent is in the outbox soon, and stays here until then.
    if (timer === undefined && draft) void flush()
    timer ??= setTimeout(() => {
      timer = undefined
      if (changed.size > 0) void flush()
    }, delay)
  }
  const leave = () => {
    const left = []
    // Also what is being kept at this moment, which may not come to its end.
    for (const [place, draft] of drafts) {
      const base = kept.get(place)?.id
      if (draft.id !== base) left.push({ place, draft, base })
    }
    leaveDrafts(accountId, windowId, left)
    void flush()
  }
  const page = typeof document === 'undefined' ? undefined : document
  page?.addEventListener('visibilitychange', hidden)
  page?.defaultView?.addEventListener('pagehide', leave)
  page?.defaultView?.addEventListener('pageshow', shown)
  page?.defaultView?.addEventListener('focus', shown)
  channel.listen(({ place, draft }) => {
    heard.add(place)
    hear(place, draft)
  })

  return {
    /** Conversations with something unsent in them or in one of their threads: the list shows a pencil. */
    conversations,
    /** Resolves when what an earlier page left has been read; never rejects. */
    ready: load(),
    /** Reads what the device holds by now. */
    load,
    read: (place: string): string => drafts.get(place)?.text ?? '',
    write(place: string, text: string): void {
      if ((drafts.get(place)?.text ?? '') === text) return
      put(place, text.trim() ? { id: randomId(), text } : undefined)
    },
    /**
     * It becomes a message, of which this gives the clientId, and the place is empty. To be flushed once the message is
     * on the device, so that the text is always in one of the two.
     */
    send(place: string): string {
      const id = drafts.get(place)?.id ?? randomId()
      if (drafts.has(place)) put(place, undefined)
      return id
    },
    /** Calls back when what is written at a place came from another window; returns the way to stop. */
    follow(place: string, listener: () => void): () => void {
      const all = listeners.get(place) ?? new Set()
      listeners.set(place, all.add(listener))
      return () => all.delete(listener)
    },
    flush,
    close(): void {
      page?.removeEventListener('visibilitychange', hidden)
      page?.defaultView?.removeEventListener('pagehide', leave)
      page?.defaultView?.removeEventListener('pageshow', shown)
      page?.defaultView?.removeEventListener('focus', shown)
      clearTimeout(timer)
      void flush().finally(() => channel.close())
    },
  }
}

/** Earlier versions gave texts no id. */
const draftOf = ({ id, text, changedAt }: KeptDraft): Draft => ({ id: id ?? `of ${changedAt}`, text })
