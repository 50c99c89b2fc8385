import type { Locator, Page } from '@playwright/test'
import { createChannel, composer, foundPlace, invite, pathOf, join, message, rests, timeline, write } from './deeds.ts'
import { expect, test } from './place.ts'

// What one reads: where one is in a long conversation, what is new in others, and everything of it by keys alone.

const list = (page: Page) => page.getByRole('navigation', { name: 'Conversations' })

/** Writes many messages as this person into the open conversation, past the composer. */
async function fill(page: Page, from: number, to: number): Promise<void> {
  const id = /\/c\/([^/?]+)/.exec(page.url())![1]!
  for (let n = from; n <= to; n++) {
    const sent = await page.request.post(`/v1/conversations/${id}/messages`, {
      data: { clientId: `line-${n}`, body: `Line ${n}` },
    })
    expect(sent.status()).toBe(201)
  }
}

test('one keeps one’s place while older messages load, and learns exactly what is new', async ({ person }) => {
  const ada = await person()
  await foundPlace(ada.page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(ada.page, 'general')
  const general = ada.page.url()
  await fill(ada.page, 1, 130)
  const link = pathOf(await invite(ada.page))
  await createChannel(ada.page, 'elsewhere')

  const grace = await person()
  await join(grace.page, link, 'Grace Okafor', 'grace@tidewater.example')
  await list(grace.page)
    .getByRole('link', { name: /general/ })
    .click()
  await expect(composer(grace.page)).toBeVisible()
  await expect(message(grace.page, 'Line 130')).toBeVisible()

  // Up into the past: what one reads does not move when older messages come in above it.
  const scroller = grace.page.locator('.timeline').first()
  const place = () =>
    scroller.evaluate((element) => {
      const top = element.getBoundingClientRect().top
      const first = [...element.querySelectorAll('article')].find((each) => each.getBoundingClientRect().top >= top)!
      return { label: first.getAttribute('aria-label'), top: Math.round(first.getBoundingClientRect().top - top) }
    })
  let asked = 0
  let answer = () => {}
  const answering = new Promise<void>((resolve) => (answer = resolve))
  await grace.page.route('**/messages?*before=*', async (route) => {
    asked++
    await answering
    await route.continue()
  })
  await scroller.hover()
  // A page more than the screen holds is here already; somewhere above it asks for the next one.
  await expect(async () => {
    await grace.page.mouse.wheel(0, -200)
    expect(asked).toBeGreaterThan(0)
  }).toPass({ intervals: [80] })
  await rests(scroller)
  const before = await place()
  const height = await scroller.evaluate((element) => element.scrollHeight)
  answer()
  await expect.poll(() => scroller.evaluate((element) => element.scrollHeight)).toBeGreaterThan(height + 500)
  await rests(scroller)
  expect(await place()).toEqual(before)
  // Nor when a new one comes in below.
  await fill(await at(ada.page, general), 131, 131)
  await expect(grace.page.getByRole('button', { name: /1 new since/ })).toBeVisible()
  expect(await place()).toEqual(before)
  await grace.page.getByRole('button', { name: /1 new since/ }).click()
  await expect(message(grace.page, 'Line 131')).toBeInViewport()
  // To the very beginning, whole and in order.
  await expect(async () => {
    await scroller.evaluate((element) => (element.scrollTop = 0))
    await expect(grace.page.getByRole('heading', { name: '#general starts here' })).toBeInViewport({ timeout: 500 })
  }).toPass()
  expect((await timeline(grace.page)).filter((label) => /Line [123]$/.test(label))).toHaveLength(3)

  // New in the conversation that Ada does not look at: weight, a badge for a mention, the title, then the line.
  await ada.page.goto('/')
  await list(ada.page)
    .getByRole('link', { name: /elsewhere/ })
    .click()
  await expect(ada.page.getByRole('main', { name: 'elsewhere' })).toBeVisible()
  await write(grace.page, 'Just so you know')
  await expect(list(ada.page).getByRole('link', { name: /general.*unread/ })).toBeVisible()
  await expect(ada.page).toHaveTitle('elsewhere · Tidewater')
  await composer(grace.page).fill('Can you look, @Ad')
  await expect(grace.page.getByRole('option', { name: /Ada Lindqvist/ })).toBeVisible()
  await grace.page.keyboard.press('Enter')
  await grace.page.keyboard.type('please')
  await grace.page.keyboard.press('Enter')
  await expect(list(ada.page).getByRole('link', { name: /general.*1 mention/ })).toBeVisible()
  await expect(ada.page).toHaveTitle('(1) elsewhere · Tidewater')
  await list(ada.page)
    .getByRole('link', { name: /general/ })
    .click()
  await expect(ada.page.getByRole('heading', { name: /New$/ })).toBeVisible()
  await expect(message(ada.page, 'Can you look')).toHaveClass(/for-me/)
  await expect(ada.page).toHaveTitle('general · Tidewater')
  await ada.page.keyboard.press('Escape')
  await expect(ada.page.getByRole('heading', { name: /New$/ })).toHaveCount(0)

  // A last line in two directions: the name first, then the words as they are read, from the right.
  await write(grace.page, '11.1 כן, השוקע שלה')
  await list(ada.page)
    .getByRole('link', { name: /elsewhere/ })
    .click()
  await expect(ada.page.getByRole('main', { name: 'elsewhere' })).toBeVisible()
  await ada.page.keyboard.press('Control+k')
  const lastLine = ada.page.getByRole('option', { name: /general/ }).locator('.side')
  await expect(lastLine).toContainText('Grace: 11.1 כן')
  const [name, figure, word] = await lefts(lastLine, ['Grace', '11.1', 'כן'])
  expect(name).toBeLessThan(word!)
  expect(word).toBeLessThan(figure!)
  await ada.page.keyboard.press('Escape')

  // Activity and threads bring the names that they show: nobody has to be asked for.
  const id = /\/c\/([^/?]+)/.exec(general)![1]!
  const say = async ({ page }: typeof ada, body: string, threadRoot?: string) => {
    const data = { clientId: crypto.randomUUID(), body, ...(threadRoot ? { threadRoot } : {}) }
    const sent = await page.request.post(`/v1/conversations/${id}/messages`, { data })
    return ((await sent.json()) as { id: string }).id
  }
  const root = await say(ada, 'Which berth?')
  await say(grace, 'B7, @channel', root)
  // Never answered: a row that waits for names would wait for ever.
  await ada.page.route('**/v1/accounts?*ids=*', () => {})
  await ada.page.goto('/activity')
  const found = ada.page.getByRole('main', { name: 'Activity' })
  const today = found.getByRole('region', { name: 'Today' })
  await expect(today.getByRole('link', { name: /Grace Okafor/ })).toHaveCount(2)
  const mention = today.getByRole('link', { name: /Can you look/ })
  await expect(mention).toContainText('#general')
  await expect(mention).toContainText('Mentioned you')
  await expect(mention.locator('.meant.me-too')).toHaveText('@Ada Lindqvist')
  await expect(today.getByRole('link', { name: /B7/ })).toContainText('Mentioned @channel in a reply')
  await expect(today.getByRole('link', { name: /B7/ }).locator('.meant.me-too')).toHaveText('@channel')
  await ada.page.goto('/threads')
  const thread = ada.page.getByRole('link', { name: /Which berth/ })
  await expect(thread.locator('.replies')).toContainText(/1 reply.*1 new/)
  await expect(thread.locator('.replies .initials')).toHaveText('GO')
  await expect(thread.locator('.text')).toHaveCSS('font-weight', '620')
  // Pointed at anywhere, the row shows its replies as what they are in a conversation.
  const frame = thread.locator('.replies')
  await expect(frame).toHaveCSS('border-top-color', 'rgba(0, 0, 0, 0)')
  await thread.hover()
  await expect(frame).not.toHaveCSS('border-top-color', 'rgba(0, 0, 0, 0)')
  await ada.page.unroute('**/v1/accounts?*ids=*')

  // A page that was asked for does not take away the mention that came meanwhile. Pages of one row: there are two.
  let letGo = () => {}
  const held = new Promise<void>((resolve) => (letGo = resolve))
  let cut = true
  await ada.page.route(/\/v1\/mentions/, async (route) => {
    const url = new URL(route.request().url())
    if (cut && url.searchParams.has('before')) return route.abort()
    url.searchParams.set('limit', '1')
    const answer = await route.fetch({ url: String(url) })
    if (url.searchParams.has('before')) await held
    await route.fulfill({ response: answer })
  })
  await ada.page.goto('/activity')
  const mentions = found.locator('.found-list > li')
  await expect(mentions).toContainText(['B7'])
  const more = found.getByRole('button', { name: 'Show more' })
  await more.click()
  const failure = found.getByRole('alert')
  await expect(failure).toContainText('No connection')
  const color = (of: typeof failure) => of.evaluate((element) => getComputedStyle(element).color)
  expect(await color(failure)).not.toBe(await color(mentions.locator('.text')))
  cut = false
  const pageAsked = ada.page.waitForRequest(/\/v1\/mentions\?.*before=/)
  await more.click()
  await pageAsked
  await expect(failure).toHaveCount(0)
  await say(grace, 'Meanwhile @channel')
  await expect(mentions).toContainText(['Meanwhile'])
  letGo()
  await expect(more).not.toHaveAttribute('aria-busy')
  await expect(mentions).toHaveCount(1)
  await expect(mentions).toContainText(['Meanwhile'])
  for (const count of [2, 3]) {
    await more.click()
    await expect(mentions).toHaveCount(count)
  }
  await expect(mentions).toContainText(['Meanwhile', 'B7', 'Can you look'])
  await expect(more).toHaveCount(0)
  await ada.page.unroute(/\/v1\/mentions/)

  // What is unread out of sight is told at the edge of the list that it lies behind, and one press goes there.
  for (let n = 0; n < 12; n++)
    await ada.page.request.post('/v1/conversations', {
      data: { kind: 'channel', name: `quay-${n}`, visibility: 'public' },
    })
  const { id: adaId } = (await (await ada.page.request.get('/v1/me')).json()) as { id: string }
  const between = (await (
    await grace.page.request.post('/v1/conversations', { data: { kind: 'direct', accountIds: [adaId] } })
  ).json()) as { id: string }
  await ada.page.setViewportSize({ width: 1280, height: 420 })
  await grace.page.request.post(`/v1/conversations/${between.id}/messages`, {
    data: { clientId: 'below', body: 'Below' },
  })
  const [below, above] = ['below', 'above'].map((where) =>
    ada.page.getByRole('button', { name: new RegExp(`^1 unread ${where}.*next`) }),
  )
  const row = list(ada.page).getByRole('link', { name: /Grace Okafor.*unread/ })
  await expect(row).not.toBeInViewport()
  await below!.press('Enter')
  await expect(row).toBeInViewport({ ratio: 1 })
  await expect(row).toBeFocused()
  await expect(below!).toHaveCount(0)
  // By now the mention in #general is out of sight.
  await above!.click()
  await expect(list(ada.page).getByRole('link', { name: /general.*2 mentions/ })).toBeInViewport({ ratio: 1 })
  await expect(above!).toHaveCount(0)
  await expect(below!).toBeVisible()

  // Rows under the hand stay; what moves once it leaves is no longer told as out of sight.
  const self = (await (
    await ada.page.request.post('/v1/conversations', { data: { kind: 'direct', accountIds: [] } })
  ).json()) as { id: string }
  await ada.page.request.post(`/v1/conversations/${self.id}/messages`, { data: { clientId: 'self', body: 'To self' } })
  const direct = list(ada.page).getByRole('region', { name: 'Direct messages' })
  const names = () => direct.getByRole('listitem').allInnerTexts()
  await expect.poll(async () => (await names()).map((name) => name.includes('Grace'))).toEqual([false, true])
  await row.evaluate((element) => {
    const scroller = element.closest('.sidebar-scroll')!
    scroller.scrollTop += element.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom - 8
  })
  await direct
    .getByRole('link')
    .first()
    .hover({ position: { x: 8, y: 4 } })
  await grace.page.request.post(`/v1/conversations/${between.id}/messages`, {
    data: { clientId: 'more', body: 'More' },
  })
  await expect(below!).toBeVisible()
  await ada.page.mouse.move(900, 200)
  await expect.poll(async () => (await names()).map((name) => name.includes('Grace'))).toEqual([true, false])
  await expect(below!).toHaveCount(0)
})

/** Where pieces of a text begin on the screen, from the left. */
const lefts = (of: Locator, pieces: readonly string[]) =>
  of.evaluate((element, wanted) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const found = new Map<string, number>()
    for (let node = texts.nextNode(); node; node = texts.nextNode())
      for (const piece of wanted) {
        const at = node.textContent!.indexOf(piece)
        if (at < 0) continue
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + piece.length)
        found.set(piece, range.getBoundingClientRect().left)
      }
    return wanted.map((piece) => found.get(piece))
  }, pieces)

/** The same page, somewhere else. */
async function at(page: Page, address: string): Promise<Page> {
  await page.goto(address)
  return page
}

test('by keys alone: switch, write, format, edit, react, reply, walk the regions and come back', async ({ person }) => {
  const { page } = await person()
  const complaints: string[] = []
  page.on('console', (said) => {
    if (['error', 'warning'].includes(said.type()) && !said.text().includes('401')) complaints.push(said.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  await createChannel(page, 'design')
  const { keyboard } = page
  const thread = page.getByRole('complementary', { name: 'Thread' })

  await keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Jump to' })).toBeVisible()
  await keyboard.type('gen')
  await expect(page.getByRole('option', { name: /general/ })).toHaveAttribute('aria-selected', 'true')
  await keyboard.press('Enter')
  await expect(page.getByRole('main', { name: 'general' })).toBeVisible()
  await expect(composer(page)).toBeFocused()

  await keyboard.type('Said calmly')
  await keyboard.press('Enter')
  await expect(message(page, 'Said calmly').locator('time')).toBeVisible()
  await keyboard.press('ArrowUp')
  await expect(page.getByRole('textbox', { name: 'Edit message' })).toBeFocused()
  await keyboard.type(', twice')
  await keyboard.press('Enter')
  await expect(message(page, 'Said calmly, twice')).toContainText('(edited)')
  await expect(composer(page)).toBeFocused()

  await keyboard.type('bold')
  await keyboard.press('Control+a')
  await keyboard.press('Control+b')
  await keyboard.press('Enter')
  await expect(page.getByRole('article').locator('strong', { hasText: 'bold' })).toBeVisible()

  await keyboard.press('Shift+Tab')
  await keyboard.press('ArrowUp')
  await expect(message(page, 'Said calmly')).toBeFocused()
  await keyboard.press('r')
  await keyboard.type('whale')
  await keyboard.press('Enter')
  await expect(message(page, 'Said calmly').getByRole('group', { name: 'Reactions' })).toContainText('1')
  await expect(message(page, 'Said calmly')).toBeFocused()
  await focusComesBack(page, message(page, 'Said calmly'))
  await message(page, 'Said calmly').focus()
  await keyboard.press('t')
  await expect(thread.getByRole('textbox')).toBeFocused()
  await keyboard.type('A reply')
  await keyboard.press('Enter')
  await expect(thread.getByRole('article').filter({ hasText: 'A reply' }).locator('time')).toBeVisible()
  await expect(page.getByRole('button', { name: /^1 reply/ })).toBeVisible()

  // List, header, messages, composer, thread, and round.
  const region = () =>
    page.evaluate(() => {
      const focused = document.activeElement
      if (focused?.closest('aside')) return 'side'
      if (focused?.closest('nav')) return 'list'
      if (focused?.closest('header')) return 'header'
      return focused?.closest('form') ? 'composer' : focused?.closest('.timeline') ? 'messages' : 'nowhere'
    })
  const walked: string[] = []
  for (let n = 0; n < 5; n++) {
    await keyboard.press('F6')
    walked.push(await region())
  }
  expect(walked).toEqual(['list', 'header', 'messages', 'composer', 'side'])
  await keyboard.press('Shift+F6')
  expect(await region()).toBe('composer')
  await keyboard.press('F6')
  await keyboard.press('Escape')
  await expect(thread).toHaveCount(0)
  await expect(message(page, 'Said calmly')).toBeFocused()

  await keyboard.press('Delete')
  await expect(page.getByRole('button', { name: 'Delete message' })).toBeFocused()
  await keyboard.press('Enter')
  await expect(message(page, 'You deleted this message.')).toBeVisible()
  await keyboard.press('Escape')
  await expect(composer(page)).toBeFocused()
  await keyboard.press('Alt+ArrowUp')
  await expect(page.getByRole('main', { name: 'design' })).toBeVisible()
  // One ring at a time: the composer has it for its text, a button in it for itself.
  const ring = (of: Locator) => of.evaluate((element) => getComputedStyle(element).outlineStyle)
  const form = page.getByRole('form', { name: 'New message' })
  await composer(page).focus()
  expect(await ring(form)).toBe('solid')
  await keyboard.press('Tab')
  await expect(form.getByRole('button', { name: 'Formatting' })).toBeFocused()
  expect(await ring(form.getByRole('button', { name: 'Formatting' }))).toBe('solid')
  expect(await ring(form)).toBe('none')
  // Typing anywhere goes to the composer.
  await list(page)
    .getByRole('link', { name: /general/ })
    .focus()
  await keyboard.type('x')
  await expect(composer(page)).toHaveValue('x')
  expect(complaints).toEqual([])
})

test('what is typed goes to what was opened last, however late the messages and the frames come', async ({
  person,
}) => {
  const { page } = await person()
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  await createChannel(page, 'design')
  await page.reload()
  await expect(composer(page)).toBeFocused()
  const { promise: letThrough, resolve } = Promise.withResolvers<void>()
  await page.route('**/v1/conversations/*/messages*', async (route) => {
    await letThrough
    await route.continue()
  })
  await list(page)
    .getByRole('link', { name: /general/ })
    .click()
  await expect(page.getByRole('main', { name: 'general' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const jump = page.getByRole('combobox', { name: /^Jump to/ })
  await expect(jump).toBeFocused()
  await page.keyboard.type('des')
  resolve()
  await expect(page.locator('main').getByText('#general starts here')).toBeVisible()
  await rests(page.locator('main .timeline'))
  await page.keyboard.type('ign')
  await expect(jump).toHaveValue('design')
  await page.keyboard.press('Escape')
  await expect(composer(page)).toHaveValue('')

  // In the turn of the key itself, before any frame is drawn.
  const role = await page.evaluate(async () => {
    const key = { key: 'k', code: 'KeyK', ctrlKey: true, bubbles: true, cancelable: true }
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', key))
    await new Promise((turn) => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', turn)
      port1.start()
      port2.postMessage(0)
    })
    return document.activeElement?.role
  })
  expect(role).toBe('combobox')
})

/** From a picker that the menu of a message opened, to the button that opened the menu, or to the message without one. */
async function focusComesBack(page: Page, row: Locator): Promise<void> {
  const { keyboard } = page
  const more = row.getByRole('button', { name: 'More actions' })
  const react = page.getByRole('menuitem', { name: 'Add a reaction' })
  const search = page.getByRole('dialog', { name: 'Emoji' }).getByRole('searchbox')
  for (const open of [() => keyboard.press('Enter'), () => keyboard.press('Shift+F10')]) {
    await more.focus()
    await open()
    await expect(react).toBeFocused()
    await keyboard.press('Enter')
    await expect(search).toBeFocused()
    await expect(more).toBeVisible()
    await keyboard.press('Escape')
    await expect(search).toHaveCount(0)
    await expect(more).toBeFocused()
  }
  await row.hover()
  await more.click()
  await react.click()
  await expect(search).toBeFocused()
  await page.mouse.move(0, 0)
  await keyboard.press('Escape')
  await expect(search).toHaveCount(0)
  await expect(row.locator(':focus').or(row.and(page.locator(':focus')))).toHaveCount(1)
}
