// Long because each of its three journeys tries one kind in every field and state, in one place and browser.

import type { Locator, Page } from '@playwright/test'
import { composer, createChannel, foundPlace, message, rests, holdBack } from './deeds.ts'
import { expect, test } from './place.ts'
import { printedBy } from './printed.ts'

// What the eye and the keyboard meet while one writes.

const idOf = (page: Page) => /\/c\/([^/?]+)/.exec(page.url())![1]!

/** Posts past the composer, as another window of this person would. */
async function post(page: Page, body: string, threadRoot?: string): Promise<string> {
  const sent = await page.request.post(`/v1/conversations/${idOf(page)}/messages`, {
    data: { clientId: crypto.randomUUID(), body, ...(threadRoot ? { threadRoot } : {}) },
  })
  expect(sent.status()).toBe(201)
  return ((await sent.json()) as { id: string }).id
}

/** Pixels between what one sees and the end of the timeline, once the page has come to rest. */
async function gap(timeline: Locator): Promise<number> {
  await rests(timeline)
  return timeline.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight))
}

/** The message that stands first in sight, and where. */
const placeOf = (timeline: Locator) =>
  timeline.evaluate((element) => {
    const { top } = element.getBoundingClientRect()
    const first = [...element.querySelectorAll('article')].find((each) => each.getBoundingClientRect().top >= top)!
    return [first.dataset['message'], Math.round(first.getBoundingClientRect().top - top)]
  })

/** Everything that makes the timeline higher or lower, or what is in it, while somebody is at its lower edge. */
async function holdsItsEdge(page: Page, timeline: Locator, field: Locator, form: Locator, root?: string) {
  const held = async (what: string) => expect.soft(await gap(timeline), what).toBeLessThan(2)
  await held('at first')
  await field.click()
  for (let line = 0; line < 8; line++) {
    await field.pressSequentially('draft')
    await field.press('Shift+Enter')
  }
  await held('after eight lines')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.press('Delete')
  await held('after taking them away')
  await page.keyboard.insertText('pasted\n'.repeat(30))
  await held('after thirty lines at once')
  await post(page, 'Said meanwhile', root)
  await expect(timeline.getByText('Said meanwhile').last()).toBeInViewport()
  await held('after a message')
  await form.getByRole('button', { name: 'Formatting' }).click()
  await expect(form.getByRole('button', { name: 'Bold' })).toBeVisible()
  await held('with the formatting row')
  await form.getByRole('button', { name: 'Formatting' }).click()
  await held('without it')
  await field.fill('x'.repeat(20_001))
  await field.press('Enter')
  await expect(form.locator('..').getByText(/too long\. Shorten it/)).toBeVisible()
  await held('with a refusal')
  await field.fill('')
  await held('without it')
  // The rest is the same code in a thread.
  if (root) return

  const last = await post(page, 'The last one')
  await expect(timeline.getByText('The last one').last()).toBeInViewport()
  for (const emoji of ['👍', '🐳', '🌊'])
    await page.request.put(`/v1/conversations/${idOf(page)}/messages/${last}/reactions/${encodeURIComponent(emoji)}`)
  await expect(timeline.getByRole('group', { name: 'Reactions' }).last().getByAltText('🌊')).toHaveCount(1)
  await held('with reactions on the last message')
  await field.press('ArrowUp')
  const editor = timeline.getByRole('textbox', { name: 'Edit message' })
  await editor.press('End')
  for (let line = 0; line < 6; line++) await editor.press('Shift+Enter')
  await held('with a growing edit field in the last message')
  await editor.press('Escape')
  await expect(editor).toHaveCount(0)
  await held('without it')
  const { width, height } = page.viewportSize()!
  await page.setViewportSize({ width, height: height - 220 })
  await held('in a lower window')
  await page.setViewportSize({ width: width - 300, height: height - 220 })
  await held('in a narrower window')
  await page.setViewportSize({ width, height })
  await held('in the window as it was')
  await page.evaluate(() => (document.documentElement.dataset['textSize'] = '20'))
  await held('with larger text')
  await page.evaluate(() => delete document.documentElement.dataset['textSize'])
  await held('with smaller text')
}

// A dozen changes of the layout, each looked at once the page rests: fifteen seconds on a machine of its own.
test('the newest message stays in sight, whatever grows or shrinks around it', async ({ person, picture }) => {
  test.setTimeout(180_000)
  const { page } = await person()
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  for (let at = 0; at < 40; at++) await post(page, `line ${at} ${'word '.repeat(20)}`)
  const timeline = page.getByRole('main').locator('.timeline')
  const form = page.getByRole('form', { name: 'New message' })
  await expect(message(page, 'line 39')).toBeVisible()
  await holdsItsEdge(page, timeline, composer(page), form)

  // A phone's keyboard lies over the page, and tells it so by the visual viewport alone.
  const keyboard = (height: number) =>
    page.evaluate((covered) => {
      Object.defineProperty(visualViewport, 'height', { value: innerHeight - covered, configurable: true })
      visualViewport!.dispatchEvent(new Event('resize'))
    }, height)
  await keyboard(320)
  expect.soft(await gap(timeline), 'above a phone’s keyboard').toBeLessThan(2)
  await keyboard(0)
  expect.soft(await gap(timeline), 'without it').toBeLessThan(2)

  // Whoever reads above stays there, and is told that there is more.
  await timeline.hover()
  await page.mouse.wheel(0, -900)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(600)
  const reading = await placeOf(timeline)
  await composer(page).focus()
  await page.keyboard.insertText('pasted\n'.repeat(12))
  await post(page, 'Said below')
  await expect(page.getByRole('button', { name: /^1 new/ })).toBeVisible()
  expect(await placeOf(timeline)).toEqual(reading)
  await composer(page).fill('')
  expect(await placeOf(timeline)).toEqual(reading)
  await picture(page, 'reading-above')

  // However little is out of sight: either the newest message is seen, or the way to it.
  await page.getByRole('button', { name: /^1 new/ }).click()
  await expect.poll(() => gap(timeline)).toBe(0)
  await timeline.hover()
  await page.mouse.wheel(0, -60)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(24)
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible()
  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await expect.poll(() => gap(timeline)).toBe(0)

  // Browsers cut a smooth movement short, when rows get their heights for example: it still ends at the edge.
  await page.mouse.wheel(0, -400)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(300)
  await page.getByRole('button', { name: 'Jump to latest' }).evaluate(async (button: HTMLElement) => {
    const element = document.querySelector('main .timeline')!
    const before = element.scrollTop
    button.click()
    while (element.scrollTop < before + 20) await new Promise((resolve) => requestAnimationFrame(resolve))
    element.scrollTo({ top: element.scrollTop, behavior: 'instant' })
  })

  // The field of an edit further up stays in sight while it grows; then the way to the newest message shows.
  await expect.poll(() => gap(timeline)).toBe(0)
  await message(page, 'line 38').focus()
  await page.keyboard.press('e')
  const editor = timeline.getByRole('textbox', { name: 'Edit message' })
  await expect(editor).toBeFocused()
  for (let line = 0; line < 14; line++) {
    await page.keyboard.press('Shift+Enter')
    await expect(editor).toBeInViewport({ ratio: 0.9 })
  }
  expect((await gap(timeline)) < 2 || (await page.getByRole('button', { name: 'Jump to latest' }).isVisible())).toBe(
    true,
  )
  await page.keyboard.press('Escape')
  await expect(editor).toHaveCount(0)

  const root = await post(page, 'A question')
  for (let at = 0; at < 30; at++) await post(page, `answer ${at} ${'word '.repeat(12)}`, root)
  await message(page, 'A question')
    .first()
    .getByRole('button', { name: /30 replies/ })
    .click()
  const pane = page.getByRole('complementary', { name: 'Thread' })
  await expect(pane.getByText('answer 29')).toBeInViewport()
  const replying = pane.getByRole('form', { name: 'Reply in thread' })
  await holdsItsEdge(page, pane.locator('.timeline'), replying.getByRole('textbox'), replying, root)

  // On a phone the thread is a page over the conversation, which goes on behind it.
  await page.setViewportSize({ width: 390, height: 760 })
  await post(page, 'Said behind the thread')
  await page.getByRole('button', { name: 'Back to the conversation' }).click()
  await expect(message(page, 'Said behind the thread')).toBeInViewport()
  expect(await gap(timeline), 'behind a thread').toBeLessThan(2)
})

/** What the page shows of itself: where it is, what is open, what has the focus and what was chosen there. */
const state = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement as HTMLInputElement
    return {
      at: location.href,
      open: [...document.querySelectorAll('[role="dialog"], [role="listbox"], [role="menu"]')].map((each) => each.id),
      focused: focused.getAttribute('aria-label') ?? focused.placeholder ?? focused.id,
      value: focused.value,
      chosen: focused.getAttribute('aria-activedescendant'),
      messages: document.querySelectorAll('article').length,
    }
  })

interface Key {
  key: string
  code?: string
  ctrlKey?: boolean
  shiftKey?: boolean
  altKey?: boolean
  keyCode?: number
  isComposing?: boolean
}
/** Sends a key as a layout or an input method would, to what has the focus; says whether anything took it. */
const press = (page: Page, ...keys: Key[]) =>
  page.evaluate(
    (all) =>
      all.map((key) => {
        const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...key })
        document.activeElement!.dispatchEvent(event)
        return event.defaultPrevented
      }),
    keys,
  )

/** Ends a composition as WebKit does, and with each key in the orders of all browsers: nothing else may happen. */
async function composes(page: Page, writes: () => number, where: string) {
  const before = { ...(await state(page)), writes: writes() }
  expect(before.value, `${where} has the focus`).not.toBe('')
  const keys = ['Enter', 'Escape', 'Tab', 'ArrowDown', 'ArrowUp']
  const orders = keys.flatMap((key): Key[] => [
    { key, code: key, keyCode: 229 },
    { key, code: key, isComposing: true },
    { key, code: key, keyCode: 229, ctrlKey: true },
  ])
  await page.evaluate(() => {
    document.activeElement!.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '日本' }))
  })
  expect(await press(page, ...orders), where).toEqual(orders.map(() => false))
  await page.waitForTimeout(150)
  expect({ ...(await state(page)), writes: writes() }, where).toEqual(before)
}

test('keys of input methods do nothing else, shortcuts follow the layout, and no pointer says what Enter means', async ({
  person,
}) => {
  const ada = await person()
  test.setTimeout(180_000)
  const { page } = ada
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  await post(page, 'Said')
  await expect(message(page, 'Said').locator('time')).toBeVisible()
  let written = 0
  page.on('request', (request) => (written += request.method() === 'GET' || request.url().endsWith('read') ? 0 : 1))
  const writes = () => written
  const { keyboard } = page
  const dialog = page.getByRole('dialog')

  // ── Compositions ──
  await composer(page).fill('日本')
  await composes(page, writes, 'the composer')
  await composer(page).fill('@ada')
  await expect(page.getByRole('option', { name: /Ada/ })).toBeVisible()
  await composes(page, writes, 'the list of people')
  await composer(page).fill('')
  await keyboard.press('ArrowUp')
  await expect(page.getByRole('textbox', { name: 'Edit message' })).toBeFocused()
  await keyboard.type('日本')
  await composes(page, writes, 'the field of an edit')
  await keyboard.press('Escape')
  const drawings = new Set<string>()
  page.on('request', (request) => void (request.url().includes('/assets/emoji/') && drawings.add(request.url())))
  await page.getByRole('button', { name: 'Emoji', exact: true }).first().click()
  await expect(page.getByRole('button', { name: 'grinning face', exact: true }).locator('img')).toBeVisible()
  await page.getByPlaceholder('Find an emoji').fill('heart')
  await composes(page, writes, 'the search for an emoji')
  // Those in view, of some nineteen hundred.
  expect(drawings.size).toBeLessThan(200)
  await keyboard.press('Escape')
  await emojiAreDrawn(page)
  await keyboard.press('Control+k')
  await expect(dialog.getByRole('combobox')).toBeFocused()
  await keyboard.type('gen')
  await expect(dialog.getByRole('option', { name: /general/ }).first()).toBeVisible()
  await composes(page, writes, 'the switcher')
  await keyboard.press('Escape')
  await page.getByRole('button', { name: 'Create or join a channel' }).click()
  await page.getByRole('menuitem', { name: 'Create a channel' }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('日本')
  await composes(page, writes, 'the name of a channel')
  await dialog.getByRole('combobox').fill('a')
  await composes(page, writes, 'the choice of people')
  await keyboard.press('Escape')
  await page.getByRole('button', { name: 'Create or join a channel' }).click()
  await page.getByRole('menuitem', { name: /Browse|Join/ }).click()
  await dialog.locator('input').first().fill('gen')
  await composes(page, writes, 'the search for a channel')
  await keyboard.press('Escape')
  const general = page.url()
  await page.goto('/settings/profile')
  await page.getByRole('main').getByRole('textbox').first().fill('エイダ')
  await composes(page, writes, 'a setting')
  await keyboard.press('Escape')

  // ── Layouts ──
  await page.goto(general)
  await expect(composer(page)).toBeFocused()
  const formatted = async (key: Key, text: string) => {
    await composer(page).fill('word')
    await keyboard.press('ControlOrMeta+a')
    await press(page, { ctrlKey: true, ...key })
    await expect(composer(page), JSON.stringify(key)).toHaveValue(text)
  }
  for (const key of ['b', 'и', 'β', 'נ', 'لا']) await formatted({ key, code: 'KeyB' }, '**word**')
  await formatted({ key: 'b', code: 'KeyN' }, '**word**')
  await formatted({ key: 'x', code: 'KeyB' }, 'word')
  await formatted({ key: 'ш', code: 'KeyI' }, '*word*')
  await formatted({ key: 'у', code: 'KeyE' }, '`word`')
  await formatted({ key: 'Ч', code: 'KeyX', shiftKey: true }, '~~word~~')
  await formatted({ key: 'и', code: 'KeyB', altKey: true }, 'word')
  await composer(page).fill('')
  await press(page, { key: 'л', code: 'KeyK', ctrlKey: true })
  await expect(page.getByRole('dialog', { name: 'Jump to' })).toBeVisible()
  await keyboard.press('Escape')
  const said = message(page, 'Said')
  await said.focus()
  await press(page, { key: 'к', code: 'KeyR' })
  await expect(page.getByPlaceholder('Find an emoji')).toBeVisible()
  await keyboard.press('Escape')
  await said.focus()
  await press(page, { key: 'у', code: 'KeyE' })
  await expect(page.getByRole('textbox', { name: 'Edit message' })).toBeFocused()
  await keyboard.press('Escape')
  await said.focus()
  await press(page, { key: 'е', code: 'KeyT' })
  await expect(page.getByRole('complementary', { name: 'Thread' })).toBeVisible()
  await press(page, { key: 'Ь', code: 'KeyM', ctrlKey: true, shiftKey: true })
  await expect(page).toHaveURL(/\/activity/)

  // ── What Enter means: a tablet with keys, and one without ──
  const tablet = await person({
    storageState: await ada.context.storageState(),
    viewport: { width: 1024, height: 768 },
    hasTouch: true,
    isMobile: true,
  })
  await tablet.page.goto(general)
  const field = composer(tablet.page)
  await expect(message(tablet.page, 'Said')).toBeVisible()
  await expect(field).not.toBeFocused()
  await field.fill('By touch')
  await expect(tablet.page.getByText('Enter sends')).toHaveCount(0)
  expect(await press(tablet.page, { key: 'Enter', code: '' }), 'Android’s keyboard').toEqual([false])
  await tablet.page.evaluate(() => {
    Object.defineProperty(visualViewport, 'height', { value: innerHeight - 300, configurable: true })
    visualViewport!.dispatchEvent(new Event('resize'))
  })
  await field.press('Enter')
  await expect(field).toHaveValue('By touch\n')
  await tablet.page.evaluate(() => {
    Object.defineProperty(visualViewport, 'height', { value: innerHeight, configurable: true })
    visualViewport!.dispatchEvent(new Event('resize'))
  })
  await field.fill('')
  await field.pressSequentially('By keys')
  await expect(tablet.page.getByText('Enter sends')).toBeVisible()
  await field.press('Enter')
  await expect(message(tablet.page, 'By keys')).toBeVisible()
  await expect(field).toHaveValue('')
})

test('what is printed is all that is loaded, and nothing to press', async ({ person, picture }, info) => {
  const { page } = await person({ colorScheme: 'dark' })
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  const code = `\`\`\`\n${Array.from({ length: 40 }, (_, at) => `code ${at};`).join('\n')}\n\`\`\``
  const root = await post(page, `A question\n${code}`)
  for (let at = 0; at < 40; at++) await post(page, `minute ${at}: ${'agreed upon '.repeat(12)}`)
  for (let at = 0; at < 20; at++) await post(page, `answer ${at}: ${'agreed upon '.repeat(12)}`, root)
  await expect(message(page, 'minute 39')).toBeVisible()
  await page.goto(`${page.url()}?thread=${root}`)
  const pane = page.getByRole('complementary', { name: 'Thread' })
  await expect(pane.getByText('answer 19')).toBeVisible()
  const timeline = page.getByRole('main').locator('.timeline')
  await timeline.hover()
  await page.mouse.wheel(0, -700)
  await expect.poll(() => gap(timeline)).toBeGreaterThan(500)
  const reading = await placeOf(timeline)
  expect(await gap(pane.locator('.timeline'))).toBe(0)

  const words = await printedBy(page, info.outputPath('printed.pdf'))
  if (words !== null) {
    expect(words.match(/minute \d+/g)).toEqual(Array.from({ length: 40 }, (_, at) => `minute ${at}`))
    expect(words.match(/answer \d+/g)).toEqual(Array.from({ length: 20 }, (_, at) => `answer ${at}`))
    // The question stands in the conversation and above its answers; of its code nothing is folded away.
    expect(words.match(/code \d+;/g)).toHaveLength(80)
    expect(words).toContain('#general')
    expect(words).toContain('Thread in #general')
    expect(words).toMatch(/Tidewater, printed \w+,? \d+ \w+ \d{4}/)
    expect(words).not.toContain('Today')
    expect(words).not.toMatch(/Enter sends|Invite|All caught up|Show all/)
  }

  // As it was, afterwards.
  await expect(page.locator('.printed')).toHaveCount(0)
  expect(await placeOf(timeline)).toEqual(reading)
  expect(await gap(pane.locator('.timeline'))).toBe(0)

  // Beyond the screen a selection keeps all that it spans, and the browser's search has all that is loaded.
  await page.getByRole('button', { name: /new|Jump to latest/ }).click()
  await expect.poll(() => gap(timeline)).toBe(0)
  const select = (text: string, how: 'from' | 'to') =>
    message(page, text)
      .locator('p')
      .first()
      .evaluate(
        (words, end) => (end === 'from' ? getSelection()!.selectAllChildren(words) : getSelection()!.extend(words, 0)),
        how,
      )
  await select('minute 39', 'from')
  await timeline.hover()
  await page.mouse.wheel(0, -1000)
  await select('minute 22', 'to')
  await page.mouse.wheel(0, -800)
  await select('minute 8', 'to')
  const selection = await page.evaluate(() => String(getSelection()))
  expect(selection.match(/minute \d+/g)).toEqual(Array.from({ length: 31 }, (_, at) => `minute ${at + 8}`))
  await page.evaluate(() => getSelection()!.removeAllRanges())
  await expect(message(page, 'minute 33')).toHaveCount(0)
  await page.keyboard.press('Control+f')
  await expect(timeline.getByRole('article')).toHaveCount(41)
  const found = await page.evaluate(() =>
    (window as unknown as { find: (...asked: unknown[]) => boolean }).find('minute 33', false, false, true),
  )
  expect(found).toBe(true)
  expect(
    await page.evaluate(() => getSelection()!.anchorNode!.parentElement!.closest('article')!.textContent),
  ).toContain('minute 33')

  // Dark on white, and nothing wider than the paper, in a window of any width.
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  for (const width of [1280, 700]) {
    await page.setViewportSize({ width, height: 860 })
    await expect(page.locator('.printed')).toHaveCount(2)
    const [text, paper, over] = await page.evaluate(() => [
      getComputedStyle(document.querySelector('.printed .body')!).color,
      [...document.querySelectorAll('html, body, .app, .sheet, .pane, main, .message-pane')].map(
        (each) => getComputedStyle(each).backgroundColor,
      ),
      document.documentElement.scrollWidth - innerWidth,
    ])
    expect(Number(/oklch\(([\d.]+)/.exec(text)?.[1])).toBeLessThan(0.4)
    for (const each of paper) expect(['rgba(0, 0, 0, 0)', 'oklch(1 0 0)']).toContain(each)
    expect(over).toBeLessThanOrEqual(0)
    await expect(page.locator('.printed').first()).toBeVisible()
    await expect(
      page.locator('.app-sidebar, .composer-area, .timeline, .toolbar').filter({ visible: true }),
    ).toHaveCount(0)
  }
  await picture(page, 'printed')
})

/** One picks by name and tone, all see the same drawing, and what is copied is the character. */
async function emojiAreDrawn(page: Page): Promise<void> {
  const { keyboard } = page
  const picker = page.getByRole('dialog', { name: 'Emoji' })
  const open = () => page.getByRole('form', { name: 'New message' }).getByRole('button', { name: 'Emoji' }).click()
  await composer(page).fill('')
  await open()
  await picker.getByRole('toolbar', { name: 'Groups' }).getByRole('button', { name: 'Flags' }).click()
  const flag = picker.getByRole('button', { name: 'chequered flag' })
  const groups = picker.getByRole('toolbar', { name: 'Groups' })
  await expect(flag).toBeInViewport()
  // By keys: Tab goes into the group that is shown, and so does the arrow down of the search.
  await groups.getByRole('button', { name: 'Recent' }).click()
  await expect(flag).not.toBeInViewport()
  await keyboard.press('ArrowLeft')
  await keyboard.press('Enter')
  await keyboard.press('Tab')
  await expect(flag).toBeFocused()
  await picker.getByPlaceholder('Find an emoji').focus()
  await keyboard.press('ArrowDown')
  await expect(flag).toBeFocused()
  // A search begins at the top, and so do the groups after it.
  const currentGroup = groups.locator('[aria-current]')
  await expect(currentGroup).toHaveAccessibleName('Flags')
  await picker.getByPlaceholder('Find an emoji').fill('cat')
  await expect(picker.getByRole('region', { name: 'Found' })).toBeVisible()
  await picker.getByPlaceholder('Find an emoji').fill('')
  await expect(currentGroup).toHaveAccessibleName('Recent')
  await expect(picker.getByRole('heading', { name: 'Recent' })).toBeInViewport()
  // Without colours of its own, the page still tells what is chosen.
  await page.emulateMedia({ forcedColors: 'active' })
  await expect(currentGroup).toHaveCSS('outline-style', 'solid')
  await picker.getByRole('button', { name: /^Skin tone/ }).click()
  await expect(picker.getByRole('button', { pressed: true })).toHaveCSS('outline-style', 'solid')
  await page.emulateMedia({ forcedColors: null })
  await picker.getByRole('button', { name: /^Skin tone/ }).click()
  await picker.getByRole('button', { name: 'Skin tone: No skin tone' }).click()
  await picker.getByRole('button', { name: 'Medium', exact: true }).click()
  await picker.getByPlaceholder('Find an emoji').fill('thumbs up')
  const thumb = picker.getByRole('button', { name: 'thumbs up', exact: true })
  await expect(thumb.locator('img')).toHaveAttribute('src', /\/1f44d-1f3fd\.svg$/)
  await thumb.hover()
  await expect(page.getByRole('tooltip')).toHaveText('thumbs up')
  await thumb.click()
  await expect(composer(page)).toHaveValue('👍🏽')
  // A heart with its selector is an emoji, without it a sign of text; the set has no flags.
  const said = '👍🏽 done ❤️ not ❤ from 🇩🇰'
  await composer(page).fill(said)
  await keyboard.press('Enter')
  const row = page.getByRole('article', { name: said }).and(page.locator('[data-message]'))
  await expect(row.locator('.body img')).toHaveCount(2)
  for (const img of await row.locator('.body img').all()) await expect(img).toHaveJSProperty('naturalWidth', 32)
  // As somebody copies who drags over the line.
  await composer(page).blur()
  await row.locator('.body').evaluate((body) => getSelection()!.selectAllChildren(body))
  await keyboard.press('ControlOrMeta+c')
  // Once it is copied, the drawings are seen again.
  await expect(row.locator('.body img')).toHaveCount(2)
  for (const img of await row.locator('.body img').all()) await expect(img).toBeVisible()
  await expect(row.locator('.body')).toHaveText(' done  not ❤ from 🇩🇰')
  await composer(page).focus()
  await composer(page).evaluate((field: HTMLElement) => {
    const keep = ({ clipboardData }: ClipboardEvent) => {
      field.dataset['pasted'] = clipboardData!.getData('text/html')
    }
    field.addEventListener('paste', keep, { once: true })
  })
  await keyboard.press('ControlOrMeta+v')
  await expect(composer(page)).toHaveValue(said)
  // As rich text it is the same characters: the address of a drawing is nobody else's.
  const html = (await composer(page).getAttribute('data-pasted'))!
  expect(html).toContain('👍🏽')
  expect(html).not.toMatch(/<img|assets/)
  await composer(page).fill('')

  // A drawing that cannot be had is the platform's own.
  await page.route('**/assets/emoji/**/1f9a6.svg', (route) => route.abort())
  await composer(page).fill('An otter: 🦦')
  await keyboard.press('Enter')
  const otter = page.getByRole('article', { name: 'An otter' }).and(page.locator('[data-message]'))
  await expect(otter.locator('.body')).toHaveText('An otter: 🦦')
  // It is not asked for again by each message that has it.
  let asked = 0
  page.on('request', (request) => (asked += request.url().includes('/1f9a6.svg') ? 1 : 0))
  await composer(page).fill('Another otter: 🦦 🦔')
  await keyboard.press('Enter')
  const another = page.getByRole('article', { name: 'Another otter' }).and(page.locator('[data-message]'))
  await expect(another.locator('.body img')).toHaveCount(1)
  expect(asked).toBe(0)

  // The tone is remembered, and reactions in several tones stand apart.
  await page.reload()
  // What opens before the page gives its first focus would lose it, and close.
  await expect(composer(page)).toBeFocused()
  await open()
  // Behind the drawings of a whole page, on a busy machine.
  await expect(picker.getByRole('button', { name: 'Skin tone: Medium' })).toBeVisible({ timeout: 30_000 })
  await keyboard.press('Escape')
  const id = /\/c\/([^/?]+)/.exec(page.url())![1]!
  const reactions = `/v1/conversations/${id}/messages/${await otter.getAttribute('data-message')}/reactions`
  for (const emoji of ['👍', '👍🏽'])
    expect((await page.request.put(`${reactions}/${encodeURIComponent(emoji)}`)).status()).toBe(200)
  for (const [name, file] of [
    ['👍 1', /\/1f44d\.svg$/],
    ['👍🏽 1', /\/1f44d-1f3fd\.svg$/],
  ] as const) {
    const reaction = otter.getByRole('button', { name })
    await expect(reaction).toBeVisible()
    // Behind those that the picker asked for.
    await expect(reaction.locator('img')).toHaveAttribute('src', file, { timeout: 20_000 })
  }

  // A drawing that comes while one presses does not lose the press.
  const letGo = await holdBack(page, '**/assets/emoji/**/1f991.svg')
  await page.request.put(`${reactions}/${encodeURIComponent('🦑')}`)
  const squid = otter.getByRole('button', { name: '🦑 1' })
  await squid.locator('.is-plain').hover({ force: true })
  await page.mouse.down()
  letGo()
  await expect(squid.locator('img')).toBeVisible({ timeout: 20_000 })
  await page.mouse.up()
  await expect(squid).toHaveCount(0)
}
