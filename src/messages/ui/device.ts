// Of some length: the same few operations on a database that may not answer, and in memory where it does not.
import { createStore, type Store } from '#platform/ui/store.ts'
import { openDatabase, settled, soon, type Database } from './device-database.ts'

/** What this browser keeps of one account's writing. Everything has its account's id: browsers are shared. */
export interface KeptOutgoing {
  clientId: string
  accountId: string
  conversationId: string
  threadRoot: string | null
  body: string
  /** Milliseconds since 1970, by this device's clock; within a browser it only grows, so it gives the order. */
  writtenAt: number
  /** Whether the server may have it already: from then on its text is fixed. */
  tried: boolean
  refused: { code: string; reason: string } | null
}

export interface KeptDraft {
  accountId: string
  /** `{conversationId}`, `{conversationId}/{threadRoot}`, `edit {messageId}`. */
  place: string
  text: string
  /** Names this text: a change makes a new one. It is the clientId of the message that the text becomes. */
  id?: string
  changedAt: number
}

export interface Device {
  /** False: nothing that is written is kept by this browser, only by this page. */
  keeps: Store<boolean>
  outgoing(accountId: string): Promise<KeptOutgoing[]>
  keepOutgoing(message: KeptOutgoing): Promise<void>
  /** Reads and changes in one transaction, so that two tabs cannot both decide. `undefined` deletes. */
  changeOutgoing(
    clientId: string,
    change: (message: KeptOutgoing) => KeptOutgoing | undefined,
  ): Promise<KeptOutgoing | undefined>
  drafts(accountId: string): Promise<KeptDraft[]>
  /** As `changeOutgoing`; a draft need not be there. */
  changeDraft(
    accountId: string,
    place: string,
    change: (draft: KeptDraft | undefined) => KeptDraft | undefined,
  ): Promise<KeptDraft | undefined>
  /** Nothing of this account is left. */
  forget(accountId: string): Promise<void>
  close(): void
}

export interface DeviceOptions {
  /** Asked before each write: false when the account signed out here meanwhile. */
  mayKeep?: () => boolean | Promise<boolean>
  /** Milliseconds without an answer until the browser's database is given up. */
  patience?: number
  /** After it was given up it has answered: what it holds from before can be read. */
  onBack?: () => void
}

/**
 * Where a browser forbids storage, or its database does not answer (known of Safari, and of damaged profiles), the same
 * in memory: everything works, only a reload forgets. An answer that comes later, as after a sleep, brings it back.
 */
export function openDevice(name = 'all-is-whale', options: DeviceOptions = {}): Device {
  const { mayKeep = () => true, patience = 3_000, onBack } = options
  const memory = memoryDevice()
  const keeps = createStore(true)
  let database: Promise<Database> | undefined
  let closed = false

  const giveUp = () => keeps.set(false)
  const comeBack = async () => {
    if (keeps.get() || closed) return
    keeps.set(true)
    await memory.moveTo(device).catch(() => {})
    onBack?.()
  }
  const inTime = <T>(work: Promise<T>): Promise<T> =>
    soon(work, patience, () => {
      giveUp()
      void settled(work).then((answered) => (answered ? comeBack() : undefined))
    })
  const open = () => {
    database ??= openDatabase(name, () => (database = undefined))
    return database
  }
  /** A full disk fails one write and not the next; only what cannot be opened, or does not answer, is given up. */
  const or = async <T>(does: (database: Database) => Promise<T>, instead: () => Promise<T>): Promise<T> => {
    if (!keeps.get()) return instead()
    let opened: Database
    try {
      opened = await inTime(open())
    } catch {
      giveUp()
      return instead()
    }
    try {
      return await inTime(does(opened))
    } catch (error) {
      if (keeps.get()) throw error
      return instead()
    }
  }
  const allowed = async () => {
    const may = mayKeep()
    if (!(may === true || (await may))) throw new Error('Signed out.')
  }

  const device: Device = {
    keeps,
    outgoing: (accountId) =>
      or(
        async (db) => [...(await db.all('outgoing', accountId)), ...(await memory.outgoing(accountId))],
        () => memory.outgoing(accountId),
      ),
    keepOutgoing: async (message) => {
      try {
        await allowed()
        await or(
          (db) => db.put('outgoing', message),
          () => memory.keepOutgoing(message),
        )
      } catch {
        await memory.keepOutgoing(message)
      }
    },
    changeOutgoing: (clientId, change) =>
      or(
        async (db) => {
          let held = false
          const next = await db.change('outgoing', clientId, (found) => {
            held = found !== undefined
            return found && change(found)
          })
          return held ? next : memory.changeOutgoing(clientId, change)
        },
        () => memory.changeOutgoing(clientId, change),
      ),
    drafts: (accountId) =>
      or(
        (db) => db.all('drafts', accountId),
        () => memory.drafts(accountId),
      ),
    changeDraft: async (accountId, place, change) => {
      await allowed()
      return or(
        (db) => db.change('drafts', [accountId, place], change),
        () => memory.changeDraft(accountId, place, change),
      )
    },
    forget: async (accountId) => {
      await memory.forget(accountId)
      await or(
        (db) => db.forget(accountId),
        async () => {},
      )
    },
    close: () => {
      closed = true
      void database?.then((opened) => opened.close()).catch(() => {})
    },
  }
  return device
}

function memoryDevice() {
  const outgoing = new Map<string, KeptOutgoing>()
  const drafts = new Map<string, KeptDraft>()
  const key = (accountId: string, place: string) => `${accountId} ${place}`
  return {
    outgoing: async (accountId: string) => [...outgoing.values()].filter((each) => each.accountId === accountId),
    keepOutgoing: async (message: KeptOutgoing) => void outgoing.set(message.clientId, message),
    changeOutgoing: async (clientId: string, change: (message: KeptOutgoing) => KeptOutgoing | undefined) => {
      const held = outgoing.get(clientId)
      const next = held && change(held)
      if (next) outgoing.set(clientId, next)
      else outgoing.delete(clientId)
      return next
    },
    drafts: async (accountId: string) => [...drafts.values()].filter((each) => each.accountId === accountId),
    changeDraft: async (
      accountId: string,
      place: string,
      change: (draft: KeptDraft | undefined) => KeptDraft | undefined,
    ) => {
      const next = change(drafts.get(key(accountId, place)))
      if (next) drafts.set(key(accountId, place), next)
      else drafts.delete(key(accountId, place))
      return next
    },
    forget: async (accountId: string) => {
      for (const kept of [outgoing, drafts] as Map<string, { accountId: string }>[])
        for (const [at, each] of kept) if (each.accountId === accountId) kept.delete(at)
    },
    /** What was written meanwhile goes to the browser's database, which answers again. */
    moveTo: async (device: Device) => {
      for (const message of outgoing.values()) {
        outgoing.delete(message.clientId)
        await device.keepOutgoing(message)
      }
      for (const [at, draft] of drafts) {
        drafts.delete(at)
        await device.changeDraft(draft.accountId, draft.place, () => draft)
      }
    },
  }
}
