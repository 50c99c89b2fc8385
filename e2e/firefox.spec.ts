import type { Page } from 'puppeteer-core'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { password } from './deeds.ts'
import { callerOf, findFirefox, giveCookies, startFirefox } from './firefox.ts'
import { expect, test } from './place.ts'
import { sheetsOf } from './printed.ts'

// What browsers differ in, in a second one: how a page is laid out while one writes, keys, scripts, paper. One place and
// one window for all of it.

const firefox = findFirefox()
test.skip(firefox === null, 'Firefox is not here')

/** Ada, who set the place up, and Grace. Each by a session of their own, past the browser. */
async function cast(origin: string) {
  const call = callerOf(origin)
  const signUp = async (name: string, email: string) => {
    const { json, cookie } = await call('', 'POST', '/v1/accounts', { name, email, password, setupCode })
    return { id: json.id, cookie }
  }
  const ada = await signUp('Ada Lindqvist', 'ada@tidewater.example')
  await call(ada.cookie, 'PATCH', '/v1/place', { signUp: 'open' })
  const grace = await signUp('山田太郎', 'taro@tidewater.example')
  const channel = { kind: 'channel', name: 'general', accountIds: [grace.id] }
  const conversation = (await call(ada.cookie, 'POST', '/v1/conversations', channel)).json.id
  const post = (who: { cookie: string }, body: string) =>
    call(who.cookie, 'POST', `/v1/conversations/${conversation}/messages`, { clientId: crypto.randomUUID(), body })
  const bodies = async () => {
    const reply = await fetch(`${origin}/v1/conversations/${conversation}/messages`, {
      headers: { cookie: ada.cookie },
    })
    return ((await reply.json()) as { messages: { body: string }[] }).messages.map(({ body }) => body)
  }
  return { ada, grace, conversation, post, bodies }
}

const composer = 'form[aria-label="New message"] textarea'

/** Pixels between what one sees and the end of the timeline, once the page has come to rest. */
const gap = (page: Page) =>
  page.evaluate(async () => {
    const element = document.querySelector('.timeline')!
    for (let still = 0, last = NaN; still < 3;) {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      const now = element.scrollHeight - element.scrollTop - element.clientHeight
      still = now === last ? still + 1 : 0
      last = now
    }
    return Math.round(element.scrollHeight - element.scrollTop - element.clientHeight)
  })

const value = (page: Page, selector = composer) =>
  page.$eval(selector, (field) => (field as HTMLTextAreaElement | HTMLInputElement).value)

const clear = async (page: Page) => {
  await page.focus(composer)
  await page.keyboard.down('Control')
  await page.keyboard.press('a')
  await page.keyboard.up('Control')
  await page.keyboard.press('Delete')
}

/** Sends a key as a layout or an input method would, to what has the focus; says whether anything took it. */
const press = (page: Page, key: KeyboardEventInit) =>
  page.evaluate((init) => {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })
    document.activeElement!.dispatchEvent(event)
    return event.defaultPrevented
  }, key)

test('in Firefox: the lower edge, input methods, layouts, mentions and paper', async ({ origins }, info) => {
  test.setTimeout(180_000)
  const [origin] = origins
  const { ada, grace, conversation, post, bodies } = await cast(origin!)
  for (let at = 0; at < 40; at++) await post(ada, `line ${at} ${'word '.repeat(20)}`)
  const { browser, stop } = await startFirefox(firefox!)
  try {
    await giveCookies(browser, origin!, ada.cookie)
    const page = await browser.newPage()
    await page.goto(`${origin}/c/${conversation}`)
    await page.waitForSelector(composer)
    await page.waitForFunction(() => document.body.innerText.includes('line 39'))
    expect(await gap(page), 'at first').toBeLessThan(2)

    await page.focus(composer)
    for (let line = 0; line < 8; line++) {
      await page.keyboard.type('draft')
      await page.keyboard.down('Shift')
      await page.keyboard.press('Enter')
      await page.keyboard.up('Shift')
    }
    expect((await value(page)).split('\n')).toHaveLength(9)
    expect(await gap(page), 'after eight lines').toBeLessThan(2)
    await post(grace, 'Said meanwhile')
    await page.waitForFunction(() => document.body.innerText.includes('Said meanwhile'))
    expect(await gap(page), 'after a message').toBeLessThan(2)
    await page.click('form[aria-label="New message"] button[aria-label="Formatting"].off-phone')
    await page.waitForSelector('.formatting')
    expect(await gap(page), 'with the formatting row').toBeLessThan(2)
    await page.click('form[aria-label="New message"] button[aria-label="Formatting"].off-phone')
    await clear(page)
    expect(await gap(page), 'after taking the lines away').toBeLessThan(2)
    await page.setViewport({ width: 900, height: 560 })
    expect(await gap(page), 'in a smaller window').toBeLessThan(2)
    await page.setViewport({ width: 1280, height: 860 })
    expect(await gap(page), 'in a larger window').toBeLessThan(2)

    // An Enter that ends a composition, as WebKit and as everybody else reports it.
    const before = await bodies()
    await page.focus(composer)
    await page.keyboard.type('nihon')
    await page.evaluate(() => document.activeElement!.dispatchEvent(new CompositionEvent('compositionend')))
    expect(await press(page, { key: 'Enter', code: 'Enter', keyCode: 229 })).toBe(false)
    expect(await press(page, { key: 'Enter', code: 'Enter', isComposing: true })).toBe(false)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await value(page)).toBe('nihon')
    expect(await bodies()).toEqual(before)

    // Shortcuts follow the layout.
    for (const [key, code, wanted] of [
      ['и', 'KeyB', '**word**'],
      ['لا', 'KeyB', '**word**'],
      ['b', 'KeyN', '**word**'],
      ['x', 'KeyB', 'word'],
      ['ш', 'KeyI', '*word*'],
    ] as const) {
      await clear(page)
      await page.keyboard.type('word')
      await page.$eval(composer, (field) => field.select())
      await press(page, { key, code, ctrlKey: true })
      await expect.poll(() => value(page), `Ctrl ${key} at ${code}`).toBe(wanted)
    }
    await clear(page)
    expect(await press(page, { key: 'л', code: 'KeyK', ctrlKey: true })).toBe(true)
    await page.waitForSelector('[role="dialog"][aria-label="Jump to"]')
    await page.keyboard.press('Escape')

    // Behind words without spaces @ begins a mention, and who was picked is meant, whatever follows.
    await clear(page)
    await page.keyboard.type('お願いします@太')
    await page.waitForSelector('[role="option"]')
    await page.keyboard.press('Enter')
    expect(await value(page)).toBe('お願いします@山田太郎 ')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('さん、確認')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.body.innerText.includes('さん、確認'))
    await expect.poll(async () => (await bodies()).filter((body) => body.includes(grace.id)).length).toBe(1)

    // On paper: all that is loaded. Firefox prints letters as drawings, which nothing reads back: so the sheets are
    // counted, and what the page held when they were drawn.
    await page.evaluate(() => {
      addEventListener('beforeprint', () => {
        const drawn = [...document.querySelectorAll('.printed article')].map((each) => each.textContent)
        document.documentElement.dataset['drawn'] = String(drawn.join().match(/line \d+/g))
      })
    })
    const pdf = info.outputPath('printed.pdf')
    await page.pdf({ path: pdf, format: 'A4' })
    const drawn = await page.evaluate(() => document.documentElement.dataset['drawn'])
    expect(drawn).toBe(Array.from({ length: 40 }, (_, at) => `line ${at}`).join())
    expect(sheetsOf(pdf) ?? 3).toBe(3)
    await page.screenshot({ path: info.outputPath('firefox.png') })
  } finally {
    await stop()
  }
})
