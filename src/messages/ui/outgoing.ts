// Of some length: the way of one message from the key press to its acknowledgement is told in one place.
import { randomId } from '#platform/ui/insecure.ts'
import { ApiProblem, call, explain } from '#platform/ui/api.ts'
import { openChannel } from '#platform/ui/channel.ts'
import { createStore, type Store } from '#platform/ui/store.ts'
import { serverNow, ticks } from '#platform/ui/ticks.ts'
import { postMessage } from '../contract.ts'
import type { Message } from '../shapes.ts'
import type { Device, KeptOutgoing } from './device.ts'
import { laneLock, type LockWord } from './lane-lock.ts'

/*
 * A message from the key press to the server's acknowledgement.
 *
 * It is written to the device before anything else, under the clientId that it keeps for ever. Each conversation is a
 * lane: its messages go one after the other, in the order written. No answer, 5xx and 429 try the same id again; a
 * refusal waits for the person and holds up nobody behind it. Tabs of one browser share the device: a lock per lane
 * lets one of them send at a time (`lane-lock.ts`). Where a browser has no locks, or the tab that holds one does not
 * run any more, the clientId makes a duplicate harmless.
 */

export type Delivery =
  /** So short ago that nothing needs to be said. */
  | { state: 'written' }
  /** `resumesAt`: the server asked for a pause until then (`ticks`). */
  | { state: 'sending'; resumesAt: number | null }
  | { state: 'waiting' }
  | { state: 'not-confirmed' }
  | { state: 'refused'; code: string; reason: string }

export interface OutgoingMessage extends KeptOutgoing {
  delivery: Delivery
}

/** `live`: the stream works; `offline`: surely no network; `unknown`: only trying can tell. */
export type Network = 'live' | 'unknown' | 'offline'

export interface OutgoingOptions {
  accountId: string
  device: Device
  network: Store<Network>
  /** The server has it: called before it leaves the outbox, so that it is always in one of the two. */
  onKept: (message: Message) => void
  post?: (message: KeptOutgoing, signal: AbortSignal) => Promise<Message>
  /** Milliseconds that pass, for durations. */
  now?: () => number
  /** Milliseconds since 1970: when a message was written. */
  clock?: () => number
  random?: () => number
  /** Milliseconds of the first pause between tries, and of the longest. */
  pause?: { first: number; longest: number }
  locks?: Pick<LockManager, 'request'> | undefined
  lockPatience?: number
}

/** What tabs tell each other: that something is kept, that something changed, and what `laneLock` says. */
type Told = LockWord & { kept?: Message }

export type Outgoing = ReturnType<typeof createOutgoing>

const patience = 400
const unsureAfter = 120_000

const postToServer = (message: KeptOutgoing, signal: AbortSignal): Promise<Message> =>
  call(
    postMessage,
    {
      params: { conversationId: message.conversationId },
      body: {
        clientId: message.clientId,
        body: message.body,
        ...(message.threadRoot ? { threadRoot: message.threadRoot } : {}),
      },
    },
    { signal },
  )

export function createOutgoing(options: OutgoingOptions) {
  const { accountId, device, network, onKept, post = postToServer } = options
  const {
    lockPatience,
    now = ticks,
    clock = serverNow,
    random = Math.random,
    pause = { first: 1000, longest: 30_000 },
  } = options
  const locks = 'locks' in options ? options.locks : globalThis.navigator?.locks
  const outbox = createStore<OutgoingMessage[]>([])
  const lanes = new Map<string, { wake: () => void }>()
  const closing = new AbortController()
  const channel = openChannel<Told>(`outgoing ${accountId}`)
  /** Of what is being tried: since when, whether the last try found nobody, until when to pause. */
  const tries = new Map<string, { since: number; failing: boolean; resumesAt: number | null }>()
  /** When what was written in this tab came on the screen. */
  const shownAt = new Map<string, number>()
  let lastWrittenAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  /** The last try of anything found nobody: then what stands behind it, or in another lane, waits too. */
  const nobodyThere = () => [...tries.values()].some((each) => each.failing)

  const deliveryOf = (message: KeptOutgoing): Delivery => {
    if (message.refused) return { state: 'refused', ...message.refused }
    const tried = tries.get(message.clientId)
    const reach = network.get()
    if (reach === 'offline' || (reach === 'unknown' && nobodyThere())) return { state: 'waiting' }
    if (tried && now() - tried.since >= unsureAfter) return { state: 'not-confirmed' }
    if (now() - (shownAt.get(message.clientId) ?? -patience) < patience) return { state: 'written' }
    return { state: 'sending', resumesAt: tried?.resumesAt ?? null }
  }

  /** Looks again at what each one has to say, now and when time alone will change it. */
  const refresh = (change: (list: OutgoingMessage[]) => KeptOutgoing[] = (list) => list) => {
    clearTimeout(timer)
    if (closing.signal.aborted) return
    outbox.set((list) => {
      const next = change(list).map((message) => withDelivery(message, deliveryOf(message)))
      const same = next.length === list.length && next.every((message, at) => message === list[at])
      return same ? list : next.sort(inOrder)
    })
    const moments = outbox.get().flatMap((message) => {
      const since = tries.get(message.clientId)?.since
      const shown = shownAt.get(message.clientId)
      return [...(shown === undefined ? [] : [shown + patience]), ...(since === undefined ? [] : [since + unsureAfter])]
    })
    const next = Math.min(...moments.filter((moment) => moment > now()))
    if (Number.isFinite(next)) timer = setTimeout(() => refresh(), next - now())
  }
  const put = (message: KeptOutgoing) =>
    refresh((list) => [...list.filter((each) => each.clientId !== message.clientId), message])
  const drop = (clientId: string) => {
    tries.delete(clientId)
    shownAt.delete(clientId)
    refresh((list) => list.filter((each) => each.clientId !== clientId))
  }
  const tell = (kept?: Message) => closing.signal.aborted || channel.say(kept ? { kept } : {})
  const lock = laneLock({ locks, channel, signal: closing.signal, ...(lockPatience ? { patience: lockPatience } : {}) })

  const reload = async () => {
    const found = await device.outgoing(accountId)
    if (closing.signal.aborted) return
    lastWrittenAt = Math.max(lastWrittenAt, ...found.map((each) => each.writtenAt))
    const unsaved = unsettled
    refresh((list) => [
      ...found,
      ...list.filter((each) => unsaved.has(each.clientId) && !found.some((one) => one.clientId === each.clientId)),
    ])
    for (const lane of new Set(found.filter((each) => !each.refused).map((each) => each.conversationId))) run(lane)
  }
  /** Shown, and being written to the device at this moment. */
  const unsettled = new Set<string>()

  const run = (lane: string) => {
    if (closing.signal.aborted) return
    const running = lanes.get(lane)
    if (running) return running.wake()
    let wake = () => {}
    let woken = false
    const nap = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        const alarm = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined
        wake = () => {
          clearTimeout(alarm)
          resolve()
        }
        if (woken) wake()
      })
    const state = {
      wake: () => {
        woken = true
        wake()
      },
    }
    lanes.set(lane, state)
    const work = async () => {
      let failures = 0
      while (!closing.signal.aborted) {
        woken = false
        const outcome = network.get() === 'offline' ? 'unreachable' : await sendNext(lane)
        if (outcome === 'nothing') return
        if (outcome === 'done') {
          failures = 0
          continue
        }
        failures = outcome === 'unreachable' || outcome.retry ? failures + 1 : 0
        const usual = Math.min(pause.longest, pause.first * 2 ** (failures - 1)) * (0.5 + random() / 2)
        if (network.get() === 'offline') await nap(Infinity)
        else await nap(outcome === 'unreachable' ? usual : Math.max(usual, outcome.retry))
        if (woken) failures = 0
      }
    }
    const turn = async () => {
      try {
        await lock.hold(`outgoing ${accountId} ${lane}`, work)
      } catch (error) {
        if (!closing.signal.aborted) throw error
      }
      lanes.delete(lane)
      // Something may have been written between the last look and the end.
      const left = outbox
        .get()
        .some((each) => each.conversationId === lane && !each.refused && !unsettled.has(each.clientId))
      if (left) run(lane)
    }
    void turn()
  }

  type Outcome = 'done' | 'nothing' | 'unreachable' | { retry: number }

  const sendNext = async (lane: string): Promise<Outcome> => {
    const all = (await device.outgoing(accountId)).filter((each) => each.conversationId === lane)
    const [first] = all.filter((each) => !each.refused).sort(inOrder)
    if (!first) {
      // Another tab sent what we still show.
      for (const each of outbox.get()) {
        const gone = each.conversationId === lane && !unsettled.has(each.clientId)
        if (gone && !all.some((one) => one.clientId === each.clientId)) drop(each.clientId)
      }
      return 'nothing'
    }
    // From here on the server may have it, so its text is fixed, also for another tab and after a crash.
    const message = first.tried
      ? first
      : await device.changeOutgoing(first.clientId, (held) => ({ ...held, tried: true }))
    if (closing.signal.aborted) return 'nothing'
    if (!message) return 'done'
    const tried = tries.get(message.clientId)
    tries.set(message.clientId, { since: tried?.since ?? now(), failing: tried?.failing ?? false, resumesAt: null })
    put(message)
    try {
      const kept = await post(message, closing.signal)
      onKept(kept)
      await device.changeOutgoing(message.clientId, () => undefined)
      drop(message.clientId)
      tell(kept)
      return 'done'
    } catch (error) {
      if (closing.signal.aborted) return 'nothing'
      return failed(message, error)
    }
  }

  const failed = async (message: KeptOutgoing, error: unknown): Promise<Outcome> => {
    const again = tries.get(message.clientId)
    if (!(error instanceof ApiProblem)) {
      if (again) tries.set(message.clientId, { ...again, failing: true })
      refresh()
      return 'unreachable'
    }
    if (mayWorkLater(error)) {
      const wait = (error.retryAfterSeconds ?? 0) * 1000
      if (again) tries.set(message.clientId, { ...again, failing: false, resumesAt: wait > 0 ? now() + wait : null })
      refresh()
      return { retry: wait }
    }
    const refused = { code: error.code, reason: explain(error) }
    tries.delete(message.clientId)
    const held = await device.changeOutgoing(message.clientId, (held) => ({ ...held, refused }))
    if (held) put(held)
    tell()
    return 'done'
  }

  const wake = () => {
    for (const lane of lanes.values()) lane.wake()
    for (const lane of new Set(
      outbox
        .get()
        .filter((each) => !each.refused)
        .map((each) => each.conversationId),
    ))
      run(lane)
  }

  channel.listen((told) => {
    if (told.asks ?? told.holds) return
    if (told.kept) {
      onKept(told.kept)
      drop(told.kept.clientId)
    } else void reload()
  })
  const unsubscribe = network.subscribe(() => {
    // Two minutes without an answer count only while there is somebody to answer.
    if (network.get() === 'offline') tries.clear()
    refresh()
    if (network.get() !== 'offline') wake()
  })
  const ready = reload()

  return {
    /** Every message that waits, of every conversation, in sending order; refused ones among them. */
    outbox,
    /** Resolves once what an earlier page left behind has been read. */
    ready,

    /** Shows the message at once; resolves with its clientId when the device has it, which no crash undoes. */
    async send(draft: {
      conversationId: string
      threadRoot: string | null
      body: string
      /** The draft's, which is the same in every window that shows it. */
      clientId?: string
    }): Promise<string> {
      lastWrittenAt = Math.max(Math.trunc(clock()), lastWrittenAt + 1)
      const message: KeptOutgoing = {
        ...draft,
        clientId: draft.clientId ?? randomId(),
        accountId,
        writtenAt: lastWrittenAt,
        // Tried at once unless it must wait, so the usual case needs one write and not two.
        tried: network.get() !== 'offline' && !nobodyThere(),
        refused: null,
      }
      shownAt.set(message.clientId, now())
      unsettled.add(message.clientId)
      put(message)
      try {
        await device.keepOutgoing(message)
      } finally {
        unsettled.delete(message.clientId)
      }
      tell()
      run(message.conversationId)
      return message.clientId
    },

    /** Does not wait for the next try of anything. */
    tryNow: wake,
    /** The device holds more than it did. */
    reload: () => void reload(),

    /** Takes it out and gives its text back, for editing or for good; undefined when the server may have it. */
    async takeBack(clientId: string): Promise<string | undefined> {
      let text: string | undefined
      await device.changeOutgoing(clientId, (held) => {
        if (held.tried && !held.refused) return held
        text = held.body
        return undefined
      })
      if (text !== undefined) drop(clientId)
      tell()
      return text
    },

    close() {
      closing.abort()
      clearTimeout(timer)
      unsubscribe()
      channel.close()
      for (const lane of lanes.values()) lane.wake()
    },
  }
}

const inOrder = (a: KeptOutgoing, b: KeptOutgoing) => a.writtenAt - b.writtenAt || (a.clientId < b.clientId ? -1 : 1)

/** Signed out, or another account is signed in: what was written waits for its own account to be back. */
const mayWorkLater = ({ status, code }: ApiProblem) =>
  status >= 500 || status === 429 || status === 408 || status === 425 || status === 401 || code === 'other-account'

function withDelivery(message: KeptOutgoing, delivery: Delivery): OutgoingMessage {
  const held = (message as Partial<OutgoingMessage>).delivery
  const same = held && JSON.stringify(held) === JSON.stringify(delivery)
  return same ? (message as OutgoingMessage) : { ...message, delivery }
}

/** Whether its text can still be changed or thrown away. */
export const mayTakeBack = (message: KeptOutgoing): boolean => !message.tried || message.refused !== null
