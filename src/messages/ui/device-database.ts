import type { KeptDraft, KeptOutgoing } from './device.ts'

// The browser's database, as little of it as a device needs. Its form is that of the first version: windows of two
// versions of this page stand side by side after an upgrade, and one with another form would wait for the other to close.

interface Stores {
  outgoing: { key: string; value: KeptOutgoing }
  drafts: { key: [accountId: string, place: string]; value: KeptDraft }
}
type Store = keyof Stores

export interface Database {
  all<S extends Store>(store: S, accountId: string): Promise<Stores[S]['value'][]>
  put<S extends Store>(store: S, value: Stores[S]['value']): Promise<void>
  /** Reads and writes in one transaction; `undefined` deletes. */
  change<S extends Store>(
    store: S,
    key: Stores[S]['key'],
    change: (value: Stores[S]['value'] | undefined) => Stores[S]['value'] | undefined,
  ): Promise<Stores[S]['value'] | undefined>
  forget(accountId: string): Promise<void>
  close(): void
}

/** Rejects after this many milliseconds, and calls `onLate` before; the work itself goes on. */
export function soon<T>(work: Promise<T>, milliseconds: number, onLate: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLate()
      reject(new Error('No answer.'))
    }, milliseconds)
    const end = () => clearTimeout(timer)
    work.then(resolve, reject).finally(end)
  })
}

/** Whether it came to a good end; never rejects. */
export const settled = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

/** Never answers where the browser does not; see `soon`. `onGone`: it has to be opened again. */
export function openDatabase(name: string, onGone: () => void): Promise<Database> {
  return new Promise((resolve, reject) => {
    // Reading the property throws where storage is forbidden.
    const request = indexedDB.open(name, 1)
    request.addEventListener('upgradeneeded', () => {
      const made = request.result
      made.createObjectStore('outgoing', { keyPath: 'clientId' }).createIndex('account', 'accountId')
      made.createObjectStore('drafts', { keyPath: ['accountId', 'place'] }).createIndex('account', 'accountId')
    })
    request.addEventListener('error', () => reject(request.error))
    request.addEventListener('success', () => {
      const opened = request.result
      opened.addEventListener('close', onGone)
      opened.addEventListener('versionchange', () => {
        opened.close()
        onGone()
      })
      resolve(databaseOf(opened))
    })
  })
}

function databaseOf(opened: IDBDatabase): Database {
  /** One transaction; resolves once it is committed, with what `work` handed on. */
  const within = <T>(
    stores: Store | Store[],
    mode: IDBTransactionMode,
    work: (of: (store: Store) => IDBObjectStore, done: (value: T) => void) => void,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const transaction = opened.transaction(stores, mode)
      let result: T
      transaction.addEventListener('complete', () => resolve(result))
      transaction.addEventListener('abort', () => reject(transaction.error))
      work(
        (store) => transaction.objectStore(store),
        (value) => (result = value),
      )
    })
  const read = <T>(request: IDBRequest<T>, then: (value: T) => void) =>
    request.addEventListener('success', () => then(request.result))

  return {
    all: (store, accountId) =>
      within(store, 'readonly', (of, done) => read(of(store).index('account').getAll(accountId), done)),
    put: (store, value) => within(store, 'readwrite', (of) => void of(store).put(value)),
    change: (store, key, change) =>
      within(store, 'readwrite', (of, done) =>
        read<Stores[typeof store]['value'] | undefined>(of(store).get(key), (held) => {
          const next = change(held)
          if (next) of(store).put(next)
          else if (held !== undefined) of(store).delete(key)
          done(next)
        }),
      ),
    forget: (accountId) =>
      within(['outgoing', 'drafts'], 'readwrite', (of) => {
        for (const store of ['outgoing', 'drafts'] as const)
          read(of(store).index('account').getAllKeys(accountId), (keys) => {
            for (const key of keys) of(store).delete(key)
          })
      }),
    close: () => opened.close(),
  }
}
