import type { ServerFrame } from '#delivery/contract.ts'
import { mayKeepHere } from '#accounts/ui/session.ts'
import type { Connection, ConnectionStatus } from '#delivery/ui/connection.ts'
import { call, explain } from '#platform/ui/api.ts'
import { announce } from '#platform/ui/announce.ts'
import { keptHere } from '#platform/ui/storage.ts'
import { createStore, type Store } from '#platform/ui/store.ts'
import { toast } from '#platform/ui/toast.ts'
import {
  addReaction,
  deleteMessage,
  editMessage,
  followThread,
  getMessage,
  listMessages,
  listReplies,
  removeReaction,
} from '../contract.ts'
import type { Message } from '../shapes.ts'
import { openDevice, type Device } from './device.ts'
import { createDrafts, type Drafts } from './drafts.ts'
import { readRecentEmoji } from './emoji-recents.ts'
import { MessageStore } from './message-store.ts'
import { createOutgoing, type Network, type Outgoing, type OutgoingMessage } from './outgoing.ts'

/** Every message that waits on this device, of every conversation, in sending order; refused ones among them. */
export const outbox: Store<OutgoingMessage[]> = createStore<OutgoingMessage[]>([])
/** Conversations in which something was typed and not sent. */
export const draftConversations: Store<ReadonlySet<string>> = createStore<ReadonlySet<string>>(new Set())

export interface Messaging {
  accountId: string
  connection: Connection
  store: MessageStore
  outgoing: Outgoing
  drafts: Drafts
  /** Reactions that were pressed and not answered yet: `messageId emoji` → whether it is to be there. */
  reacting: Store<ReadonlyMap<string, boolean>>
}

let current: Messaging | undefined

/** What was typed in this page is on the device. */
export const flushDrafts = async (): Promise<void> => current?.drafts.flush()

/** Of whoever is signed in to this page. Only for what is rendered, or done, after `startMessages`. */
export function messaging(): Messaging {
  if (!current) throw new Error('Nobody is signed in.')
  return current
}

/** Begins with sign-in, ends with signing out; what waits stays on the device, for the same account alone. */
export function startMessages({ accountId, connection }: { accountId: string; connection: Connection }): () => void {
  const device: Device = openDevice(undefined, {
    mayKeep: mayKeepHere,
    onBack: () => {
      outgoing.reload()
      void drafts.load()
    },
  })
  const waits = new Set<() => void>()
  const store = new MessageStore(
    {
      messages: (conversationId, query) => call(listMessages, { params: { conversationId }, query }),
      replies: (conversationId, messageId, { before, after, limit }) =>
        call(listReplies, { params: { conversationId, messageId }, query: { before, after, limit } }),
      message: (conversationId, messageId) => call(getMessage, { params: { conversationId, messageId } }),
    },
    (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => wake(), milliseconds)
        const wake = () => {
          clearTimeout(timer)
          waits.delete(wake)
          resolve()
        }
        waits.add(wake)
      }),
  )
  const network = createStore<Network>(networkOf(connection.status.get()))
  const onKept = (message: Message) => {
    store.onMessage(message)
    if (message.threadRoot) store.onFollowing(message.conversationId, message.threadRoot, true)
  }
  const outgoing = createOutgoing({ accountId, device, network, onKept })
  const drafts = createDrafts({ accountId, device })
  const reacting: Messaging['reacting'] = createStore<ReadonlyMap<string, boolean>>(new Map())
  readRecentEmoji(accountId)
  current = { accountId, connection, store, outgoing, drafts, reacting }

  const mirror = <T>(from: Store<T>, to: Store<T>) => {
    to.set(() => from.get())
    return from.subscribe(() => to.set(() => from.get()))
  }
  const stops = [
    connection.onFrame((frame) => hear(store, frame)),
    connection.status.subscribe(() => {
      const before = network.get()
      network.set(networkOf(connection.status.get()))
      // Whatever waits for its next try can have it now.
      if (before !== 'live' && network.get() === 'live') for (const wake of waits) wake()
    }),
    mirror(outgoing.outbox, outbox),
    sayRefusals(outgoing),
    mirror(drafts.conversations, draftConversations),
    mirror(device.keeps, keptHere),
  ]
  return () => {
    for (const stop of stops) stop()
    outgoing.close()
    drafts.close()
    store.close()
    void drafts.flush().then(() => device.close())
    current = undefined
    outbox.set([])
    keptHere.set(true)
    draftConversations.set(new Set())
  }
}

/** For those who listen: a refusal when it happens, and never what an earlier page knew already. */
function sayRefusals({ outbox, ready }: Outgoing): () => void {
  let known: ReadonlySet<string> | undefined
  const look = () => {
    const refused = outbox
      .get()
      .flatMap(({ clientId, delivery }) => (delivery.state === 'refused' ? [{ clientId, delivery }] : []))
    for (const { clientId, delivery } of refused)
      if (known && !known.has(clientId)) announce(`Not sent: ${delivery.reason}`)
    known = new Set(refused.map((each) => each.clientId))
  }
  let stop = () => {}
  let stopped = false
  const begin = async () => {
    await ready
    if (stopped) return
    look()
    stop = outbox.subscribe(look)
  }
  void begin()
  return () => {
    stopped = true
    stop()
  }
}

function hear(store: MessageStore, frame: ServerFrame): void {
  if (frame.type === 'events') store.onEvents(frame.events)
  else if (frame.type === 'reset' || frame.type === 'joined') store.onReset(frame.conversationId)
  else if (frame.type === 'left') store.onLeft(frame.conversationId)
  else if (frame.type === 'read' && frame.threadRoot) {
    store.onRead(frame.conversationId, frame.threadRoot, frame.readOrdinal)
  }
}

const networkOf = ({ state }: ConnectionStatus): Network =>
  state === 'live' || state === 'catching-up' ? 'live' : state === 'offline' ? 'offline' : 'unknown'

// ── Verbs. Each shows its result at once when the server answers, before its event comes ─────────────

const at = (message: Message) => ({ conversationId: message.conversationId, messageId: message.id })

/** Throws what the API throws: whoever edits keeps the text. */
export async function edit(message: Message, body: string): Promise<void> {
  const { store } = messaging()
  store.onMessage(await call(editMessage, { params: at(message), body: { body } }))
}

/** Throws what the API throws. */
export async function remove(message: Message): Promise<void> {
  const { store } = messaging()
  store.onMessage(await call(deleteMessage, { params: at(message) }))
}

export const reactionKey = (messageId: string, emoji: string) => `${messageId} ${emoji}`

/** Shown as done at once; a refusal takes it back and says why. */
export async function react(message: Message, emoji: string, on: boolean): Promise<void> {
  const { store, reacting } = messaging()
  const key = reactionKey(message.id, emoji)
  reacting.set((all) => new Map(all).set(key, on))
  try {
    const params = { ...at(message), emoji }
    store.onMessage(await (on ? call(addReaction, { params }) : call(removeReaction, { params })))
  } catch (error) {
    toast(explain(error), { danger: true })
  } finally {
    reacting.set((all) => {
      const left = new Map(all)
      left.delete(key)
      return left
    })
  }
}

export async function follow(root: Message, following: boolean): Promise<void> {
  const { store } = messaging()
  store.onFollowing(root.conversationId, root.id, following)
  try {
    await call(followThread, { params: at(root), body: { following } })
  } catch (error) {
    store.onFollowing(root.conversationId, root.id, !following)
    toast(explain(error), { danger: true })
  }
}
