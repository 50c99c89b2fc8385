import { getMe, getPlace } from '#accounts/contract.ts'
import type { Me, Place } from '#accounts/shapes.ts'
import { ApiProblem, call, onOtherAccount, onSignedOut, speakFor } from '#platform/ui/api.ts'
import { openChannel, type Channel } from '#platform/ui/channel.ts'
import { noticeSignOut, signedOutSince } from '#platform/ui/storage.ts'
import { createStore, useStore, type Store } from '#platform/ui/store.ts'
import { setTitlePlace } from '#platform/ui/title.ts'
import { keepPeople } from './people.ts'

export type Session =
  | { state: 'starting' }
  /** Neither signed in nor out: the server could not be asked. Tried again by itself. */
  | { state: 'unreachable'; error: unknown }
  /** `ended` is who was signed in on this very page until the session ended elsewhere. */
  | { state: 'signed-out'; place: Place; ended: Me | null }
  | { state: 'signed-in'; place: Place; me: Me }
  /** The page was `mine`'s, and the browser's session is `me`'s by now: the person in front of it says who they are. */
  | { state: 'other-account'; place: Place; mine: Me; me: Me }

/** Who is in front of this page. */
export const session: Store<Session> = createStore<Session>({ state: 'starting' })

/*
 * A browser has one session for all of its windows, and a page is for one account from its first moment to its last:
 * the first one that it saw signed in. Each call names that account (`speakFor`), so nothing is done in the name of
 * whoever signed in meanwhile in another window. What a page hears of the session from elsewhere, a refusal, the
 * stream or another window, is only a reason to ask the server who is there.
 */
let mine: Me | undefined

/** What windows say to each other: the session changed, so ask; or this account signed out here, so leave. */
type Word = { changed: true } | { left: string }
let windows: Channel<Word> | undefined

/** Asks the server who this is; while it does not answer, asks again after 1, 2, 4 … 30 s and when the network returns. */
export async function startSession(): Promise<void> {
  // Asked first: a new password changes the cookie, and what was on its way with the one of before is refused.
  onSignedOut(() => void look())
  onOtherAccount(() => void look())
  session.subscribe(() => {
    const now = session.get()
    if ('place' in now) setTitlePlace(now.place.name)
  })
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      become(await ask())
      break
    } catch (error) {
      session.set({ state: 'unreachable', error })
      await pause(wait)
    }
  }
  followWindows()
}

function become(next: Session): void {
  // Before anybody hears of it: what starts with a session calls at once.
  if (next.state === 'signed-in') {
    mine = next.me
    speakFor(next.me.id)
  }
  session.set(next)
}

async function ask(): Promise<Session> {
  const [place, me] = await Promise.all([call(getPlace, {}, { asWhoever: true }), askMe()])
  if (!me) return { state: 'signed-out', place, ended: mine ?? null }
  if (mine && mine.id !== me.id) return { state: 'other-account', place, mine, me }
  return { state: 'signed-in', place, me }
}

async function askMe(): Promise<Me | null> {
  try {
    return await call(getMe, {}, { asWhoever: true })
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null
    throw error
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>((done) => {
    setTimeout(done, milliseconds)
    addEventListener('online', () => done(), { once: true })
  })

let looking: Promise<void> | undefined

/** Asks who is signed in by now. Without an answer all stays as it is. */
export function look(): Promise<void> {
  const asking = async () => {
    try {
      const found = await ask()
      if (!sameSession(session.get(), found)) become(found)
    } catch {
      // Asked again with the next reason.
    }
    looking = undefined
  }
  return (looking ??= asking())
}

const sameSession = (a: Session, b: Session): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Milliseconds. Who comes back to a window is told at once; one that waits for its account looks by itself. */
const between = { looks: 2_000, waiting: 5_000 }

/** Looks again when another window says so, when somebody comes back to this one, and while it waits for its account. */
function followWindows(): void {
  let lookedAt = -between.looks
  const again = () => {
    if (performance.now() - lookedAt < between.looks) return
    lookedAt = performance.now()
    void look()
  }
  windows = openChannel('session')
  windows.listen((word) => {
    if (!('left' in word) || word.left !== mine?.id) return void look()
    endHere()
    // A page that cannot be loaded now would be no page at all.
    if (navigator.onLine) location.replace('/sign-in')
  })
  addEventListener('focus', again)
  addEventListener('online', again)
  // A page that comes back from the browser's memory was asleep meanwhile, and may be anybody's.
  addEventListener('pageshow', (event) => event.persisted && void look())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again())
  setInterval(() => {
    const { state } = session.get()
    if (document.visibilityState === 'visible' && state === 'other-account') again()
  }, between.waiting)
}

export const tellWindows = (word: Word): void => windows?.say(word)

/** After signing in or up. Somebody else than before gets a fresh page, so nothing of the former one stays in memory. */
export function signedIn(me: Me, place?: Place): void {
  const now = session.get()
  windows?.say({ changed: true })
  if (mine && mine.id !== me.id) return location.assign('/')
  if ('place' in now) become({ state: 'signed-in', place: place ?? now.place, me })
}

/** The window becomes the window of whoever is signed in. What its former account wrote stays on the device, as theirs. */
export const goOnAsOther = (): void => location.assign('/')

/** The session turned out to have ended: the sign-in form takes the page's place, its address and drafts stay. */
export function endHere(): void {
  session.set((now) => (now.state === 'signed-in' ? { state: 'signed-out', place: now.place, ended: now.me } : now))
}

/** Somebody wants to sign out: `web/SignOut.tsx` asks about what was written and not sent, and does it. */
export const leaving: Store<boolean> = createStore(false)
export const signOut = (): void => leaving.set(true)

/**
 * Whether what is written may be kept in this browser: not once its account signed out here. Whoever signed in again
 * since is asked about, since this window may have slept through both.
 */
export function mayKeepHere(): boolean | Promise<boolean> {
  return !signedOutSince() || askWhetherStillHere()
}

async function askWhetherStillHere(): Promise<boolean> {
  try {
    const me = await call(getMe, {})
    if (me.id !== mine?.id) return false
  } catch {
    return false
  }
  noticeSignOut()
  return true
}

export function updateMe(me: Me): void {
  if (mine && mine.id !== me.id) return void look()
  session.set((now) => (now.state === 'signed-in' ? { ...now, me } : now))
  const { id, name, role, avatar, color } = me
  keepPeople([{ id, name, role, avatar, color }])
}

export const updatePlace = (place: Place): void => session.set((now) => ('place' in now ? { ...now, place } : now))

/** You. Only for what is rendered while somebody is signed in. */
export function useMe(): Me {
  return useStore(session, signedInState).me
}

export function usePlace(): Place {
  return useStore(session, signedInState).place
}

function signedInState(now: Session): Session & { state: 'signed-in' } {
  if (now.state !== 'signed-in') throw new Error('Rendered without anybody signed in.')
  return now
}
