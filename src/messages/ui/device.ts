import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** What this browser keeps of one account's writing. Everything has its account's id: browsers are shared. */
interface Schema extends DBSchema {
  outgoing: { key: string; value: KeptOutgoing; indexes: { account: string } }
  drafts: { key: [string, string]; value: KeptDraft; indexes: { account: string } }
}

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
  /** `{conversationId}` or `{conversationId}/{threadRoot}`. */
  place: string
  text: string
  changedAt: number
}

export interface Device {
  outgoing(accountId: string): Promise<KeptOutgoing[]>
  keepOutgoing(message: KeptOutgoing): Promise<void>
  /** Reads and changes in one transaction, so that two tabs cannot both decide. `undefined` deletes. */
  changeOutgoing(
    clientId: string,
    change: (message: KeptOutgoing) => KeptOutgoing | undefined,
  ): Promise<KeptOutgoing | undefined>
  drafts(accountId: string): Promise<KeptDraft[]>
  keepDraft(draft: KeptDraft): Promise<void>
  dropDraft(accountId: string, place: string): Promise<void>
  close(): void
}

/** Where a browser forbids storage, the same in memory: everything works, only a reload forgets. */
export function openDevice(name = 'all-is-whale'): Device {
  const memory = memoryDevice()
  let database: Promise<IDBPDatabase<Schema>> | undefined
  const open = () => {
    database ??= openDB<Schema>(name, 1, {
      upgrade(made) {
        made.createObjectStore('outgoing', { keyPath: 'clientId' }).createIndex('account', 'accountId')
        made.createObjectStore('drafts', { keyPath: ['accountId', 'place'] }).createIndex('account', 'accountId')
      },
      terminated: () => (database = undefined),
    })
    return database
  }
  let broken = typeof indexedDB === 'undefined'
  /** A full disk fails one write and not the next; only what cannot be opened at all is given up. */
  const or = async <T>(does: (database: IDBPDatabase<Schema>) => Promise<T>, instead: () => Promise<T>): Promise<T> => {
    if (broken) return instead()
    let opened: IDBPDatabase<Schema>
    try {
      opened = await open()
    } catch {
      broken = true
      return instead()
    }
    return does(opened)
  }
  return {
    outgoing: (accountId) =>
      or(
        async (db) => [
          ...(await db.getAllFromIndex('outgoing', 'account', accountId)),
          ...(await memory.outgoing(accountId)),
        ],
        () => memory.outgoing(accountId),
      ),
    keepOutgoing: (message) =>
      or(
        (db) => db.put('outgoing', message).then(() => undefined),
        () => memory.keepOutgoing(message),
      ).catch(() => memory.keepOutgoing(message)),
    changeOutgoing: (clientId, change) =>
      or(
        async (db) => {
          const transaction = db.transaction('outgoing', 'readwrite')
          const held = await transaction.store.get(clientId)
          const next = held && change(held)
          if (held && next) await transaction.store.put(next)
          else if (held) await transaction.store.delete(clientId)
          await transaction.done
          return held ? next : memory.changeOutgoing(clientId, change)
        },
        () => memory.changeOutgoing(clientId, change),
      ),
    drafts: (accountId) =>
      or(
        (db) => db.getAllFromIndex('drafts', 'account', accountId),
        () => memory.drafts(accountId),
      ),
    keepDraft: (draft) =>
      or(
        (db) => db.put('drafts', draft).then(() => undefined),
        () => memory.keepDraft(draft),
      ),
    dropDraft: (accountId, place) =>
      or(
        (db) => db.delete('drafts', [accountId, place]),
        () => memory.dropDraft(accountId, place),
      ),
    close: () => void database?.then((opened) => opened.close()).catch(() => {}),
  }
}

function memoryDevice(): Device {
  const outgoing = new Map<string, KeptOutgoing>()
  const drafts = new Map<string, KeptDraft>()
  return {
    outgoing: async (accountId) => [...outgoing.values()].filter((each) => each.accountId === accountId),
    keepOutgoing: async (message) => void outgoing.set(message.clientId, message),
    changeOutgoing: async (clientId, change) => {
      const held = outgoing.get(clientId)
      const next = held && change(held)
      if (next) outgoing.set(clientId, next)
      else outgoing.delete(clientId)
      return next
    },
    drafts: async (accountId) => [...drafts.values()].filter((each) => each.accountId === accountId),
    keepDraft: async (draft) => void drafts.set(`${draft.accountId} ${draft.place}`, draft),
    dropDraft: async (accountId, place) => void drafts.delete(`${accountId} ${place}`),
    close: () => {},
  }
}
