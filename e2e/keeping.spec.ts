import {
  composer,
  createChannel,
  edges,
  foundPlace,
  invite,
  join,
  kept,
  message,
  password,
  submit,
  timeline,
  write,
} from './deeds.ts'
import { hasFetchedAhead, outlasts } from './device.ts'
import { expect, start, stop, test } from './place.ts'

// What one wrote is kept: drafts, messages that wait, and both across reloads, closed tabs, other tabs and sign-out.

test('a draft survives a reload and signing out elsewhere; what was written offline survives closing the tab', async ({
  person,
}) => {
  const ada = await person()
  await foundPlace(ada.page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(ada.page, 'general')
  await write(ada.page, 'First')
  await expect(message(ada.page, 'First')).toBeVisible()

  // A draft.
  await composer(ada.page).fill('Half a thought')
  await outlasts(ada.page, 'Half a thought')
  await ada.page.reload()
  await expect(composer(ada.page)).toHaveValue('Half a thought')
  await composer(ada.page).fill('')

  // Written offline, the tab closed at once; the next one sends it, and it is there once.
  await ada.context.setOffline(true)
  await submit(ada.page, 'Written in a tunnel')
  await expect(message(ada.page, 'Written in a tunnel')).toBeVisible()
  const address = ada.page.url()
  await outlasts(ada.page, 'Written in a tunnel')
  await ada.page.close()
  await ada.context.setOffline(false)
  const page = await ada.context.newPage()
  await page.goto(address)
  await expect(kept(page, 'Written in a tunnel')).toBeVisible({ timeout: 20_000 })
  expect((await timeline(page)).filter((label) => label.includes('tunnel'))).toHaveLength(1)

  // Two tabs of one account: each shows what the other sends, once, and knows what was read.
  const second = await ada.context.newPage()
  await second.goto(address)
  await expect(message(second, 'Written in a tunnel')).toBeVisible()
  await write(second, 'From the second tab')
  await expect(kept(page, 'From the second tab')).toBeVisible()
  await write(page, 'From the first tab')
  // The tab behind draws seldom, and what it has not drawn yet it does not show.
  for (const tab of [page, second]) await expect(kept(tab, 'From the first tab')).toBeVisible()
  expect(await timeline(second)).toEqual(await timeline(page))

  // Signed out from elsewhere, in the middle of a sentence.
  await composer(page).fill('Not yet finished')
  await outlasts(page, 'Not yet finished')
  const other = await person()
  await other.page.goto('/')
  await other.page.getByLabel('E-mail').fill('ada@tidewater.example')
  await other.page.getByLabel('Password', { exact: true }).fill(password)
  await other.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(other.page.getByRole('navigation', { name: 'Conversations' })).toBeVisible()
  await other.page.goto('/settings/devices')
  await other.page.getByRole('button', { name: /Sign out everywhere else|Sign out all others/ }).click()
  const sure = other.page.getByRole('dialog').getByRole('button', { name: /Sign out/ })
  if (await sure.isVisible().catch(() => false)) await sure.click()
  await expect(page.getByRole('heading', { name: 'Sign in to Tidewater' })).toBeVisible({ timeout: 20_000 })
  await page.getByLabel('E-mail').fill('ada@tidewater.example')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(composer(page)).toHaveValue('Not yet finished')
  expect(page.url()).toBe(address)
})

test('menus and dialogs open for the first time without a network', async ({ person }) => {
  const { page, context } = await person()
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  await write(page, 'Words')
  await expect(message(page, 'Words')).toBeVisible()
  await page.reload()
  await expect(message(page, 'Words')).toBeVisible()
  await hasFetchedAhead(page)
  await context.setOffline(true)
  const complaint = page.getByText('could not be loaded')
  await kept(page, 'Words').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Reply in thread' }).click()
  await expect(page.getByRole('complementary', { name: 'Thread' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Jump to' })).toBeVisible()
  await page.keyboard.press('Escape')
  // What opens hides nothing of what it belongs to: the text that an emoji goes into, the row that tells the status.
  await page.getByRole('button', { name: 'Emoji' }).click()
  const picker = page.getByRole('dialog', { name: 'Emoji' })
  await expect(picker).toBeVisible()
  const written = await edges(page.getByRole('form', { name: 'New message' }))
  await expect.poll(async () => (await edges(picker)).bottom).toBeLessThan(written.top)
  await page.keyboard.press('Escape')
  await submit(page, 'Waits for the network')
  const status = page.getByRole('button', { name: /^Offline/ })
  const facts = page.getByRole('dialog', { name: 'Delivery' })
  const floatsOverTheList = async () => {
    await status.click()
    await expect(facts.getByRole('link', { name: /general/ })).toBeVisible()
    const [row, sheet] = [await edges(page.locator('.me')), await edges(page.getByRole('main'))]
    await expect.poll(async () => (await edges(facts)).bottom).toBeLessThanOrEqual(row.top)
    const { left, right } = await edges(facts)
    expect(Math.round(right - left)).toBe(Math.round(row.right - row.left))
    expect(right).toBeLessThan(sheet.left)
    await page.keyboard.press('Escape')
    await expect(facts).toHaveCount(0)
  }
  await floatsOverTheList()
  await page.getByRole('button', { name: 'Create or join a channel' }).click()
  await page.getByRole('menuitem', { name: 'Create a channel' }).click()
  await expect(page.getByRole('dialog', { name: 'Create a channel' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible()
  await expect(complaint).toHaveCount(0)
  // There and on every other page the connection is told, in the words of the page.
  await expect(page.getByText('Only what stays on this device can be changed.')).toBeVisible()
  await floatsOverTheList()
  await page.getByRole('link', { name: 'Health' }).click()
  await expect(page.getByText('The figures stand still until the connection is back.')).toBeVisible()
  await page.getByRole('link', { name: /^Settings/ }).click()
  for (const name of ['Activity', 'Threads']) {
    await page.getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { name })).toBeVisible()
    await expect(page.getByText('What is new shows when the connection is back.')).toBeVisible()
  }
  await context.setOffline(false)
  await expect(page.getByRole('button', { name: 'All caught up' })).toBeVisible({ timeout: 20_000 })
})

test('nothing is lost or doubled by a server that is killed, by its limits and by an archived channel', async ({
  browser,
}, info) => {
  const folder = info.outputPath('place')
  const port = 20_000 + (process.pid % 20_000)
  const env = { PORT: String(port) }
  let place = await start(folder, env)
  try {
    const people = await Promise.all(
      [1, 2].map(async () => (await browser.newContext({ baseURL: place.origin })).newPage()),
    )
    const [ada, grace] = [people[0]!, people[1]!]
    await foundPlace(ada, 'Ada Lindqvist', 'ada@tidewater.example')
    await createChannel(ada, 'general')
    await join(grace, await invite(ada), 'Grace Okafor', 'grace@tidewater.example')
    await grace.getByRole('link', { name: /general/ }).click()
    await write(grace, 'Before')
    await expect(message(ada, 'Before')).toBeVisible()

    // Killed in the middle of writing.
    place.process.kill('SIGKILL')
    await submit(grace, 'While it was dead, one')
    await submit(grace, 'While it was dead, two')
    await expect(grace.getByRole('button', { name: /Reconnecting · 2 waiting/ })).toBeVisible()
    await expect(grace.getByText('Waiting for connection').first()).toBeVisible()
    await expect(grace.getByText(/^Reconnecting\. Everything up to \d\d:\d\d is here\./)).toBeVisible()
    place = await start(folder, env)
    await expect(message(ada, 'While it was dead, two')).toBeVisible({ timeout: 30_000 })
    await expect(grace.getByRole('button', { name: 'All caught up' })).toBeVisible({ timeout: 30_000 })

    // Told to slow down, here by whatever stands in front of the server: it goes on by itself.
    let refusals = 1
    await grace.route('**/v1/conversations/*/messages', async (route) => {
      if (route.request().method() !== 'POST' || refusals-- <= 0) return route.continue()
      const problem = { code: 'slow-down', title: 'Too many requests.', status: 429 }
      await route.fulfill({
        status: 429,
        headers: { 'retry-after': '3', 'content-type': 'application/problem+json' },
        body: JSON.stringify(problem),
      })
    })
    await submit(grace, 'Too quick')
    await expect(grace.getByText(/That was quick\. Sending goes on in [123] s\./)).toBeVisible()
    await expect(message(ada, 'Too quick')).toBeVisible()

    // Refused: the channel was archived while she was away.
    await grace.context().setOffline(true)
    await submit(grace, 'Too late for this one')
    await expect(message(grace, 'Too late')).toBeVisible()
    await ada.getByRole('button', { name: /^More for general/ }).click()
    await ada.getByRole('menuitem', { name: /Archive/ }).click()
    await ada
      .getByRole('dialog')
      .getByRole('button', { name: /Archive/ })
      .click()
    await expect(ada.getByText(/^Archived on/)).toBeVisible()
    await grace.context().setOffline(false)
    const refused = message(grace, 'Too late')
    await expect(refused).toContainText(/This channel was archived at \d\d:\d\d\./, { timeout: 20_000 })
    await expect(refused.getByRole('button', { name: 'Copy text' })).toBeVisible()
    await expect(refused.getByRole('button', { name: 'Edit' })).toHaveCount(0)
    await expect(grace.getByRole('button', { name: '1 not sent' })).toBeVisible()
    await refused.getByRole('button', { name: 'Delete' }).click()
    await expect(grace.getByRole('button', { name: 'All caught up' })).toBeVisible()
    expect(await timeline(grace)).toEqual(await timeline(ada))
    expect(new Set(await timeline(ada)).size).toBe((await timeline(ada)).length)
    for (const page of people) await page.context().close()
  } finally {
    await stop(place.process)
  }
})
