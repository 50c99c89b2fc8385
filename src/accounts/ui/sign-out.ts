import { signOut } from '#accounts/contract.ts'
import { call } from '#platform/ui/api.ts'
import { forgetAccount } from '#platform/ui/storage.ts'
import { endHere, session, tellWindows } from './session.ts'

/**
 * Ends the session, takes from the browser what was this account's, and loads a fresh page. `forget` does the same for
 * what others keep. Throws what the API throws: then the session still runs and nothing was taken.
 */
export async function leaveThisBrowser(forget: (accountId: string) => Promise<void>): Promise<void> {
  const now = session.get()
  if (now.state !== 'signed-in') return
  const { id } = now.me
  await call(signOut, {})
  const clear = async () => {
    forgetAccount(id)
    await forget(id).catch(() => {})
  }
  await clear()
  tellWindows({ left: id })
  // Before it leaves: the browser may keep the page as it is, for "back".
  endHere()
  // What another window had begun to write when it heard of it.
  await new Promise((resolve) => setTimeout(resolve, 200))
  await clear()
  location.replace('/sign-in')
}
