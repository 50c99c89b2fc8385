import { getMe, getPlace, signOut as signOutOfSession } from '#accounts/contract.ts'
import type { Me, Place } from '#accounts/shapes.ts'
import { ApiProblem, call, onSignedOut } from '#platform/ui/api.ts'
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

/** Who is in front of this page. */
export const session: Store<Session> = createStore<Session>({ state: 'starting' })

/** Asks the server who this is; while it does not answer, asks again after 1, 2, 4 … 30 s and when the network returns. */
export async function startSession(): Promise<void> {
  onSignedOut(endHere)
  session.subscribe(() => {
    const now = session.get()
    if ('place' in now) setTitlePlace(now.place.name)
  })
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      session.set(await ask())
      return
    } catch (error) {
      session.set({ state: 'unreachable', error })
      await pause(wait)
    }
  }
}

async function ask(): Promise<Session> {
  const [place, me] = await Promise.all([call(getPlace, {}), askMe()])
  return me ? { state: 'signed-in', place, me } : { state: 'signed-out', place, ended: null }
}

async function askMe(): Promise<Me | null> {
  try {
    return await call(getMe, {})
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

/** After signing in or up. Somebody else than before gets a fresh page, so nothing of the former one stays in memory. */
export function signedIn(me: Me, place?: Place): void {
  const now = session.get()
  if (now.state === 'signed-out' && now.ended && now.ended.id !== me.id) return location.assign('/')
  if ('place' in now) session.set({ state: 'signed-in', place: place ?? now.place, me })
}

/** The session turned out to have ended: the sign-in form takes the page's place, its address and drafts stay. */
function endHere(): void {
  session.set((now) => (now.state === 'signed-in' ? { state: 'signed-out', place: now.place, ended: now.me } : now))
}

/** Signs out and loads a fresh page. Throws what the API throws: then the session still runs. */
export async function signOut(): Promise<void> {
  await call(signOutOfSession, {})
  location.assign('/sign-in')
}

export function updateMe(me: Me): void {
  session.set((now) => (now.state === 'signed-in' ? { ...now, me } : now))
  const { id, name, role, avatar } = me
  keepPeople([{ id, name, role, avatar }])
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
