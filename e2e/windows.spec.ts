import type { APIRequestContext, BrowserContext, Page, Request } from '@playwright/test'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { composer, kept, password } from './deeds.ts'
import { rowsOnDevice } from './device.ts'
import { expect, test, type Ground } from './place.ts'

// Windows of one browser: they share its session, its storage and what is being written.

const emails = { Ada: 'ada@tidewater.example', Grace: 'grace@tidewater.example' } as const

/** Ada, who owns the place, and Grace, a channel with both, and Ada’s browser; Grace looks from one of her own. */
async function twoAccounts({
  person,
  playwright,
  origins,
}: Pick<Ground, 'person' | 'origins'> & {
  playwright: { request: { newContext: (options: { baseURL: string }) => Promise<APIRequestContext> } }
}) {
  const ada = await person()
  const api = ada.context.request
  const grace = await playwright.request.newContext({ baseURL: origins[0]! })
  const made = async (who: APIRequestContext, name: string, email: string) => {
    const answer = await who.post('/v1/accounts', { data: { name, email, password, setupCode } })
    expect(answer.status()).toBe(201)
    return ((await answer.json()) as { id: string }).id
  }
  const adaId = await made(api, 'Ada Lindqvist', emails.Ada)
  await api.patch('/v1/place', { data: { signUp: 'open' } })
  const graceId = await made(grace, 'Grace Okafor', emails.Grace)
  const conversation = async (name: string) => {
    const answer = await api.post('/v1/conversations', { data: { kind: 'channel', name, accountIds: [graceId] } })
    return ((await answer.json()) as { id: string }).id
  }
  /** Who wrote what, as Grace sees it from elsewhere. */
  const bodies = async (id: string) => {
    const answer = await grace.get(`/v1/conversations/${id}/messages`)
    const { messages } = (await answer.json()) as { messages: { accountId: string; body: string }[] }
    return messages.map((each) => [each.accountId === adaId ? 'Ada' : 'Grace', each.body])
  }
  return { ...ada, adaId, graceId, api, grace, conversation, bodies }
}

async function openWindow(context: BrowserContext, conversation: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`/c/${conversation}`)
  await expect(composer(page)).toBeVisible()
  return page
}

/** Signs in over whoever is signed in, or anew, in the page’s own browser: as a form of another window would. */
const signInFrom = (page: Page, who: keyof typeof emails, signOutFirst = false) =>
  page.evaluate(
    async ([email, secret, first]) => {
      if (first) await fetch('/v1/sessions/current', { method: 'DELETE' })
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ email, password: secret })
      const answer = await fetch('/v1/sessions', { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(`${answer.status}`)
    },
    [emails[who], password, signOutFirst] as const,
  )

/** Loses the network of one window alone. */
async function network(page: Page): Promise<(offline: boolean) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  // The browser leaves a socket alone that it is just opening.
  await expect(page.getByRole('button', { name: 'All caught up' })).toBeVisible()
  return async (offline) => {
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    await devtools.send('Network.emulateNetworkConditions', conditions)
  }
}

test('what Ada wrote never goes out under Grace’s name: it stays hers, and goes when she is back', async ({
  person,
  playwright,
  origins,
  picture,
}) => {
  const { page: one, context, conversation, bodies, adaId } = await twoAccounts({ person, playwright, origins })
  const writes: Request[] = []
  context.on('request', (request) => {
    const { pathname } = new URL(request.url())
    // Those of the tests themselves come from `fetch` and have no number.
    if (pathname.startsWith('/v1/') && request.headers()['x-request-id'] && request.method() !== 'GET')
      writes.push(request)
  })
  const id = await conversation('whose')
  const two = await openWindow(context, id)
  const lose = await network(two)
  const other = two.getByRole('heading', { name: 'Grace Okafor is signed in here now' })

  // With an outage between: it waits, the session changes hands, the network is back.
  await lose(true)
  await composer(two).fill('Only Ada says this')
  await composer(two).press('Enter')
  await expect(two.getByText('Waiting for connection').first()).toBeVisible()
  await composer(two).fill('Nor is this anybody else’s')
  await one.goto(`/c/${id}`)
  await signInFrom(one, 'Grace', true)
  await lose(false)
  await expect(other).toBeVisible({ timeout: 20_000 })
  await expect(two.getByText('1 message and 1 draft of Ada Lindqvist are kept on this device.')).toBeVisible()
  await picture(two, '1-another-account')
  expect(await bodies(id)).toEqual([])

  // Ada is back, in the other window: this one goes on by itself.
  await signInFrom(one, 'Ada')
  await expect(kept(two, 'Only Ada says this')).toBeVisible({ timeout: 20_000 })
  await expect(composer(two)).toHaveValue('Nor is this anybody else’s')
  expect(await bodies(id)).toEqual([['Ada', 'Only Ada says this']])

  // Without an outage: another window signs in over her, and she presses Enter.
  await composer(two).fill('Nor this')
  await signInFrom(one, 'Grace')
  await two.evaluate(() => document.querySelector<HTMLFormElement>('form.composer')?.requestSubmit())
  await expect(other).toBeVisible()
  await expect(two.getByText('1 message of Ada Lindqvist is kept on this device.')).toBeVisible()
  await signInFrom(one, 'Ada')
  await expect(kept(two, 'Nor this')).toBeVisible({ timeout: 20_000 })

  // What is done with a message, too.
  await kept(two, 'Nor this').hover()
  const toolbar = two.getByRole('toolbar', { name: 'Message actions' })
  const thumb = await toolbar
    .getByRole('button', { name: /^React with/ })
    .first()
    .elementHandle()
  await signInFrom(one, 'Grace')
  await thumb?.evaluate((button: HTMLElement) => button.click())
  await expect(other).toBeVisible()

  // The window becomes Grace’s when she says so, and holds nothing of Ada’s.
  await two.getByRole('button', { name: 'Go on as Grace Okafor' }).click()
  await expect(two.getByRole('main', { name: 'whose' })).toBeVisible()
  await expect(composer(two)).toHaveValue('')
  await expect(two.getByRole('button', { name: /👍/ })).toHaveCount(0)
  await composer(two).fill('Grace says this')
  await composer(two).press('Enter')
  await expect
    .poll(() => bodies(id))
    .toEqual([
      ['Ada', 'Only Ada says this'],
      ['Ada', 'Nor this'],
      ['Grace', 'Grace says this'],
    ])
  // Each write of the UI said whose it was.
  const named = writes.map((request) => request.headers()['whale-account'])
  expect(named.length).toBeGreaterThan(4)
  expect(new Set(named).size).toBe(2)
  expect(named).toContain(adaId)
})

test('drafts are one in all windows, storage may be silent, and signing out leaves nothing', async ({
  person,
  playwright,
  origins,
  picture,
}) => {
  const { page: one, context, conversation, bodies, adaId } = await twoAccounts({ person, playwright, origins })
  const id = await conversation('windows')
  await one.goto(`/c/${id}`)
  await composer(one).fill('Shall we meet at noon?')
  const two = await openWindow(context, id)
  await expect(composer(two)).toHaveValue('Shall we meet at noon?')
  // Sent in one, gone in the other.
  await composer(one).press('Enter')
  await expect(kept(two, 'Shall we meet at noon?')).toBeVisible()
  await expect(composer(two)).toHaveValue('')
  // Neither overwrites the other.
  await composer(one).fill('first')
  await expect(composer(two)).toHaveValue('first')
  await composer(two).fill('second, written later')
  await expect(composer(one)).toHaveValue('second, written later')
  await composer(one).press('End')
  await composer(one).press('!')
  await one.close()
  await two.close()
  const three = await openWindow(context, id)
  await expect(composer(three)).toHaveValue('second, written later!')
  // An edit that is begun in one window goes on in another, and ends in both.
  const four = await openWindow(context, id)
  for (const page of [three, four]) {
    await kept(page, 'Shall we meet at noon?').click({ button: 'right' })
    await page.getByRole('menuitem', { name: /^Edit/ }).click()
  }
  const editor = (page: Page) => page.getByRole('textbox', { name: 'Edit message' })
  await editor(three).fill('Shall we meet at one?')
  await expect(editor(four)).toHaveValue('Shall we meet at one?')
  await editor(three).press('Enter')
  await expect(kept(three, 'Shall we meet at one?')).toBeVisible()
  await expect(editor(four)).toHaveValue('Shall we meet at one?')
  await editor(four).press('Escape')
  await expect.poll(() => bodies(id)).toEqual([['Ada', 'Shall we meet at one?']])

  // Signing out offers what was not sent, and leaves nothing, whatever another window still has to write.
  const signOut = async () => {
    await three.getByRole('button', { name: 'All is Whale', exact: true }).click()
    await three.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  await composer(four).fill('second, written later! And more')
  await signOut()
  const dialog = three.getByRole('dialog', { name: 'Sign out?' })
  await expect(dialog.getByText('second, written later! And more')).toBeVisible()
  await picture(three, '2-sign-out')
  await dialog.getByRole('button', { name: 'Delete and sign out' }).click()
  for (const page of [three, four])
    await expect(page.getByRole('heading', { name: 'Sign in to All is Whale' })).toBeVisible()
  await three.waitForTimeout(500)
  const left = await three.evaluate(async () => {
    const all = (storage: Storage) => Object.fromEntries(Object.entries(storage))
    return { local: all(localStorage), session: all(sessionStorage), caches: await caches.keys() }
  })
  expect(Object.keys(left.local).filter((key) => !['appearance', 'panes', 'sign-outs'].includes(key))).toEqual([])
  expect({ ...left, local: null }).toEqual({ local: null, session: {}, caches: [] })
  expect(await rowsOnDevice(three)).toEqual([])
  expect(JSON.stringify(left)).not.toContain(adaId)
  // That somebody has signed in here is known to the server alone, so that they can again while strangers guess.
  for (const { name, value, httpOnly } of await context.cookies()) {
    expect([name.startsWith('whale.device.'), httpOnly]).toEqual([true, true])
    expect(`${name} ${value}`).not.toContain(adaId)
  }

  // A browser whose storage never answers: given up after three seconds, messages go out, and it is said once.
  await signInFrom(three, 'Ada')
  await context.addInitScript(() => {
    // oxlint-disable-next-line typescript/unbound-method -- bound again when it is called
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = function (...given) {
      const request = open.apply(this, given)
      request.addEventListener = () => {}
      return request
    }
  })
  const five = await openWindow(context, id)
  await composer(five).fill('kept nowhere')
  await composer(five).press('Enter')
  await expect(kept(five, 'kept nowhere')).toBeVisible()
  await expect(five.getByText('Nothing is kept on this device.')).toBeVisible()
  await picture(five, '3-nothing-is-kept')
  await five.getByRole('button', { name: 'Understood' }).click()
  await expect(five.getByText('Nothing is kept on this device.')).toHaveCount(0)
  expect((await bodies(id)).at(-1)).toEqual(['Ada', 'kept nowhere'])
})
