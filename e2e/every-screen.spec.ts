import type { Locator } from '@playwright/test'
import {
  act,
  composer,
  createChannel,
  edges,
  foundPlace,
  invite,
  join,
  kept,
  message,
  react,
  submit,
  write,
} from './deeds.ts'
import { examine } from './examine.ts'
import { expect, test } from './place.ts'

// Every screen, in both themes: no finding of axe (WCAG 2.2 A and AA, best practices), nothing wider than the
// window, and a picture of each for whoever looks.

// More than fifty looks with axe: forty seconds on a machine of its own, more on a busy one. The longest of all
// journeys, so it is named to come early, while another worker has the others to do.
test.setTimeout(600_000)

const longWord = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'

test('every screen is accessible in both themes, and fits', async ({ person, picture }) => {
  const { page } = await person()
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Set up your place' })).toBeVisible()
  await examine(page, 'first-run', picture)
  await page.getByRole('button', { name: 'Create the place' }).click()
  await examine(page, 'first-run-errors', picture)
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await examine(page, 'empty-place', picture)
  await createChannel(page, 'delivery')
  const { pathname: delivery } = new URL(page.url())
  await examine(page, 'empty-conversation', picture)

  const link = await invite(page)
  const grace = await person()
  await grace.page.goto(link)
  await examine(grace.page, 'join', picture)
  await join(grace.page, link, 'Maximiliane Wolfeschlegelstein-Hausenbergerdorff', 'max@tidewater.example')
  await page.getByRole('button', { name: 'Add people' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await examine(page, 'add-people', picture)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^\d+ members?$/ }).click()
  await examine(page, 'members', picture)
  await page.getByRole('button', { name: /^\d+ members?$/ }).click()

  await submit(
    page,
    'Morning. The overnight run is in: **nothing lost, nothing twice**. See https://runs.tidewater.example/4182',
  )
  await submit(
    page,
    "I'd tell them apart:\n```ts\nfor (const room of rooms) {\n  // Somebody is looking: heal at once.\n  const wait = room.sockets > 0 ? 250 : 2_000\n}\n```",
  )
  await submit(
    page,
    `${longWord} breaks; nothing overflows.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quoted\n\n1. one\n2. two`,
  )
  await write(page, 'مرحبا بالجميع، كيف حالكم اليوم؟ هذا نص من اليمين إلى اليسار.')
  await write(page, '<img src=x onerror=alert(1)> <script>alert(2)</script> [x](javascript:alert(3))')
  await submit(page, '🐳🌊')
  // Alone they are big; each is one drawing, which is read as the character that it is.
  const whales = page.getByRole('article', { name: '🐳🌊' }).locator('img')
  await expect(whales).toHaveCount(2)
  for (const [at, alt] of ['🐳', '🌊'].entries()) {
    await expect(whales.nth(at)).toHaveAttribute('alt', alt)
    await expect(whales.nth(at)).toHaveJSProperty('naturalWidth', 32)
    await expect(whales.nth(at)).toHaveCSS('width', '32px')
  }
  await expect(message(page, 'مرحبا')).toBeVisible()
  await react(page, 'nothing twice', '👍')
  await examine(page, 'conversation', picture)
  // The time of a message is a target, and its line is as high as without.
  const byline = message(page, 'nothing twice').locator('.byline')
  expect((await byline.locator('time a').boundingBox())!.height).toBeGreaterThanOrEqual(24)
  expect((await byline.boundingBox())!.height).toBeLessThan(24)
  // Opened from under a message, the picker leaves the message in sight.
  const add = page.getByRole('group', { name: 'Reactions' }).getByRole('button', { name: 'Add a reaction' })
  await add.click()
  const picker = page.getByRole('dialog', { name: 'Emoji' })
  await expect(picker).toBeVisible()
  await expect.poll(async () => (await edges(picker)).top - (await edges(add)).bottom).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  await act(page, 'nothing twice', 'Reply in thread')
  const reply = page.getByRole('form', { name: 'Reply in thread' }).getByRole('textbox')
  await reply.fill('A reply, with words of its own')
  await reply.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Thread' }).getByText('A reply, with words')).toBeVisible()
  await examine(page, 'thread', picture)
  await kept(page, 'nothing twice').first().click({ button: 'right' })
  await examine(page, 'message-menu', picture)
  await page.keyboard.press('Escape')
  await page.getByRole('form', { name: 'New message' }).getByRole('button', { name: 'Emoji' }).click()
  await picker.getByRole('button', { name: /^Skin tone/ }).click()
  await expect(picker.getByRole('button', { name: 'Medium-dark' })).toBeVisible()
  await examine(page, 'emoji-picker', picture)
  // Its row closes first, then the picker.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Escape')
  await expect(picker.getByRole('button', { name: 'Medium-dark' })).toHaveCount(0)
  await expect(picker).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(picker).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.type('del')
  await examine(page, 'switcher', picture)
  await page.keyboard.press('Escape')

  for (const [open, name] of [['Create or join a channel', 'create-channel']] as const) {
    await page.getByRole('button', { name: open }).click()
    await examine(page, `${name}-menu`, picture)
    await page.getByRole('menuitem', { name: 'Create a channel' }).click()
    await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Delivery Team')
    await page.getByRole('dialog').getByLabel('Topic').focus()
    await examine(page, name, picture)
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('Control+/')
  const keys = page.getByRole('dialog', { name: 'Keyboard' })
  const edgesOf = (of: Locator) => of.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left))
  const headings = await edgesOf(keys.locator('caption'))
  expect(new Set(headings).size, 'two columns').toBe(2)
  expect(new Set(await edgesOf(keys.locator('th')))).toEqual(new Set(headings))
  await examine(page, 'keyboard', picture)
  await page.setViewportSize({ width: 390, height: 700 })
  expect(new Set(await edgesOf(keys.locator('caption'))).size, 'one column').toBe(1)
  const fade = keys.locator('.fields')
  expect(await fade.evaluate((list) => list.scrollHeight > list.clientHeight)).toBe(true)
  await expect(fade).toHaveCSS('mask-image', /gradient/)
  await examine(page, 'keyboard-phone', picture)
  await page.setViewportSize({ width: 1280, height: 860 })
  await page.keyboard.press('Escape')
  await page.goto('/activity')
  await page.getByRole('button', { name: 'Create or join a channel' }).click()
  await page.getByRole('menuitem', { name: /^Browse channels/ }).click()
  const joined = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Joined' })
  await expect(joined).toHaveCount(1)
  await examine(page, 'browse-channels', picture)
  // Its end, where it says so, opens it as well as its name.
  await joined.getByText('Open', { exact: true }).click()
  await expect(page.getByRole('main', { name: 'delivery' })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  for (const section of [
    'profile',
    'appearance',
    'keyboard',
    'devices',
    'password',
    'general',
    'people',
    'invitations',
    'audit',
  ]) {
    await page.goto(`/settings/${section}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await examine(page, `settings-${section}`, picture)
  }
  await page.goto('/activity')
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible()
  await examine(page, 'activity', picture)
  await page.goto('/threads')
  await expect(page.getByRole('heading', { name: 'Threads' })).toBeVisible()
  await examine(page, 'threads', picture)
  // Whatever is not there is not there in the sheet: the list and the status stay.
  for (const [address, list] of [
    ['/settings/nowhere', 'Settings'],
    ['/nowhere', 'Conversations'],
    ['/c/00000000-0000-7000-8000-000000000000', 'Conversations'],
  ] as const) {
    await page.goto(address)
    await expect(page.getByRole('main').getByText('Nothing here, or nothing for you')).toBeVisible()
    await expect(page.getByRole('navigation', { name: list })).toBeVisible()
    await expect(page.getByRole('button', { name: 'All caught up' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Back to #delivery' })).toBeVisible()
    await expect(page).toHaveTitle('Nothing here · Tidewater')
  }
  await examine(page, 'not-found', picture)

  const phone = await person({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  await phone.page.goto('/nowhere')
  await expect(phone.page.getByRole('heading', { name: 'Sign in to Tidewater' })).toBeVisible()
  await phone.page.getByLabel('E-mail').fill('ada@tidewater.example')
  await phone.page.getByLabel('Password', { exact: true }).fill('not the right one')
  await phone.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(phone.page.getByText(/match/)).toBeVisible()
  await examine(phone.page, 'phone-sign-in-wrong', picture)
  await phone.page.getByLabel('Password', { exact: true }).fill('a calm evening at sea')
  await phone.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(phone.page.getByRole('link', { name: 'Back to #delivery' })).toBeVisible()
  await examine(phone.page, 'phone-not-found', picture)
  await phone.page.getByRole('link', { name: 'Back', exact: true }).click()
  await expect(phone.page.getByRole('link', { name: /delivery/ })).toBeVisible()
  await examine(phone.page, 'phone-list', picture)
  await phone.page.getByRole('button', { name: 'All caught up' }).click()
  const facts = phone.page.getByRole('dialog', { name: 'Delivery' })
  const bar = await edges(phone.page.locator('.phone-bar'))
  await expect.poll(async () => (await edges(facts)).top).toBeGreaterThanOrEqual(bar.bottom)
  await phone.page.keyboard.press('Escape')
  await phone.page.getByRole('link', { name: /delivery/ }).click()
  await expect(composer(phone.page)).toBeVisible()
  await expect(message(phone.page, 'مرحبا')).toBeVisible()
  await examine(phone.page, 'phone-conversation', picture)

  // On every page of a phone the arrow back stands on the same edge, the title in the bar, and a count beside the arrow.
  const arrow = (name: string | RegExp) =>
    phone.page.getByRole('button', { name }).or(phone.page.getByRole('link', { name })).locator('.icon')
  const { left } = await edges(arrow('Back'))
  await grace.page.goto(delivery)
  await grace.page.getByRole('button', { name: 'Join #delivery' }).click()
  await expect(composer(grace.page)).toBeVisible()
  await phone.page.goto('/activity')
  await expect(phone.page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()
  await write(grace.page, 'One that is unread on the phone')
  const counted = arrow('Back, 1 other unread')
  expect((await edges(counted)).left).toBe(left)
  const badge = phone.page.getByRole('link', { name: 'Back, 1 other unread' }).locator('.badge')
  expect((await edges(badge)).left).toBeGreaterThanOrEqual((await edges(counted)).right)
  const title = await edges(phone.page.getByRole('heading', { name: 'Activity' }))
  expect(title.left).toBeGreaterThan((await edges(badge)).right)
  await examine(phone.page, 'phone-activity', picture)

  await phone.page.goto('/settings')
  await expect(phone.page.getByRole('heading', { level: 1, name: /^Settings/ })).toBeVisible()
  expect((await edges(arrow(/^Settings/))).left).toBe(left)
  await examine(phone.page, 'phone-settings', picture)
  for (const name of ['Profile', 'Health']) {
    await phone.page.getByRole('link', { name }).click()
    const heading = phone.page.getByRole('heading', { level: 1 })
    await expect(heading).toHaveText(name)
    const back = arrow('Back to the settings')
    expect((await edges(back)).left).toBe(left)
    expect((await edges(heading)).top).toBeLessThan((await edges(back)).bottom)
    await phone.context.setOffline(true)
    await expect(phone.page.getByText('You’re offline.')).toBeVisible()
    await examine(phone.page, `phone-${name.toLowerCase()}-offline`, picture)
    await phone.context.setOffline(false)
    await phone.page.getByRole('button', { name: 'Back to the settings' }).click()
  }
})
