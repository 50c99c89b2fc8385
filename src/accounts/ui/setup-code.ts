/**
 * The code of the address that `npm start` printed, `/#setup=…`. It is out of the address bar before anything is drawn: it
 * shall not be in the history, on a screen that is shared, or in a bookmark. What stands after `#` no server ever sees.
 */
let given = ''

export const givenSetupCode = (): string => given

const form = /^#setup=([\w-]+)$/

export function takeSetupCode(): void {
  const [, code] = form.exec(location.hash) ?? []
  if (code === undefined) return
  given = code
  history.replaceState(history.state, '', location.pathname + location.search)
}

/** Somebody puts the printed address into a window where the page is open already: it begins anew, with the code. */
export const followSetupCode = (): void =>
  addEventListener('hashchange', () => form.test(location.hash) && location.reload())
