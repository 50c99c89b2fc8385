import { createStore, type Store } from './store.ts'

/*
 * What a page keeps in the browser's storage, which browsers forbid (reading the property itself throws), fill, or empty:
 * reading gives null then, and writing does nothing.
 *
 * What is the device's stays for whoever comes next, and names nobody. What is an account's has the account's id in its
 * key and goes when that account signs out. Another window may be asleep meanwhile and write later: so sign-outs are
 * counted, and a page that has not taken notice of one keeps nothing more of its account.
 */

/** False: this browser keeps nothing of what is written, so a closed page loses what was not sent. */
export const keptHere: Store<boolean> = createStore<boolean>(true)

type Area = 'localStorage' | 'sessionStorage'

export function readKept(key: string, area: Area = 'localStorage'): string | null {
  try {
    return globalThis[area]?.getItem(key) ?? null
  } catch {
    return null
  }
}

export function keep(key: string, value: string, area: Area = 'localStorage'): void {
  try {
    globalThis[area]?.setItem(key, value)
  } catch {
    // Forbidden or full: it holds until the page is closed.
  }
}

function forget(key: string): void {
  try {
    globalThis.localStorage?.removeItem(key)
  } catch {
    // As above.
  }
}

function keys(): string[] {
  try {
    return Object.keys(globalThis.localStorage ?? {})
  } catch {
    return []
  }
}

const signOutsKey = 'sign-outs'
const signOuts = (): string => readKept(signOutsKey) ?? '0'
let noticed = signOuts()

/** Whether somebody signed out in this browser since the page began, or since it last took notice. */
export const signedOutSince = (): boolean => signOuts() !== noticed

/** The page's account is known to be signed in all the same. */
export function noticeSignOut(): void {
  noticed = signOuts()
}

const ofAccount = (key: string, accountId: string) => `${key} ${accountId}`

export const readFor = (accountId: string, key: string): string | null => readKept(ofAccount(key, accountId))

export function keepFor(accountId: string, key: string, value: string): void {
  if (!signedOutSince()) keep(ofAccount(key, accountId), value)
}

export const forgetFor = (accountId: string, key: string): void => forget(ofAccount(key, accountId))

/** Keys of this account that begin so, as `readFor` takes them. */
export function keysFor(accountId: string, start: string): string[] {
  const end = ofAccount('', accountId)
  return keys()
    .filter((key) => key.startsWith(start) && key.endsWith(end))
    .map((key) => key.slice(0, -end.length))
}

/** Keys of earlier versions, which did not say whose they are. */
const nobodys = ['last-conversation', 'recent-emoji']

/** An account signs out here: what was its own goes, and no other page keeps more of it. */
export function forgetAccount(accountId: string): void {
  keep(signOutsKey, String(Number(signOuts()) + 1))
  const mine = keys().filter((key) => key.endsWith(ofAccount('', accountId)))
  for (const key of [...mine, ...nobodys]) forget(key)
}
