import type { Page } from 'puppeteer-core'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { password } from './deeds.ts'
import { callerOf, findFirefox, giveCookies, startFirefox } from './firefox.ts'
import { expect, test } from './place.ts'

// Who is meant, where browsers differ: what they say of a change, what undo brings back, what a clipboard takes.

const firefox = findFirefox()
test.skip(firefox === null, 'Firefox is not here')

const composer = 'form[aria-label="New message"] textarea'

const value = (page: Page) => page.$eval(composer, (field) => field.value)

/** As an input method does it, which no key of the keyboard stands for. */
const insert = (page: Page, text: string) =>
  page.evaluate((words) => document.execCommand('insertText', false, words), text)

async function control(page: Page, key: string): Promise<void> {
  await page.keyboard.down('Control')
  await page.keyboard.press(key as 'a')
  await page.keyboard.up('Control')
}

async function offers(page: Page, name: string, count = 1): Promise<void> {
  await page.waitForFunction(
    (wanted, times) =>
      [...document.querySelectorAll('[role="option"]')].filter((one) => one.textContent.includes(wanted)).length ===
      times,
    {},
    name,
    count,
  )
}

test('in Firefox: who was picked is meant, whatever follows, undone, cut and pasted', async ({ origins }) => {
  test.setTimeout(120_000)
  const [origin] = origins
  const call = callerOf(origin!)
  const ada = await call('', 'POST', '/v1/accounts', {
    name: 'Ada Lindqvist',
    email: 'ada@tidewater.example',
    password,
    setupCode,
  })
  await call(ada.cookie, 'PATCH', '/v1/place', { signUp: 'open' })
  const ids: string[] = []
  for (const [at, name] of ['山田太郎', 'Alex Kim', 'Alex Kim'].entries()) {
    const made = await call('', 'POST', '/v1/accounts', { name, email: `m${at}@tidewater.example`, password })
    ids.push(made.json.id)
  }
  const [taro, one, two] = ids
  const made = { kind: 'channel', name: 'general', accountIds: ids }
  const conversation = (await call(ada.cookie, 'POST', '/v1/conversations', made)).json.id
  const newest = async () => {
    const { json } = await call(ada.cookie, 'GET', `/v1/conversations/${conversation}/messages`)
    return json.messages.at(-1)?.body
  }

  const { browser, stop } = await startFirefox(firefox!)
  try {
    await giveCookies(browser, origin!, ada.cookie)
    const page = await browser.newPage()
    await page.goto(`${origin}/c/${conversation}`)
    await page.waitForSelector(composer)
    await page.focus(composer)

    await insert(page, 'お願いします@太郎')
    await offers(page, '山田太郎')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Backspace')
    await insert(page, 'さん、確認')
    expect(await value(page)).toBe('お願いします@山田太郎さん、確認')
    await page.keyboard.press('Enter')
    await expect.poll(newest).toBe(`お願いします<@${taro}>さん、確認`)

    await page.keyboard.type('both: @Alex')
    await offers(page, 'Alex Kim', 2)
    await page.keyboard.press('Enter')
    await page.keyboard.type('and @Alex')
    await offers(page, 'Alex Kim', 2)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const both = 'both: @Alex Kim and @Alex Kim '
    expect(await value(page)).toBe(both)
    await control(page, 'a')
    await control(page, 'x')
    expect(await value(page)).toBe('')
    await control(page, 'z')
    expect(await value(page)).toBe(both)
    await control(page, 'a')
    await control(page, 'x')
    await control(page, 'v')
    expect(await value(page)).toBe(both)
    await page.keyboard.press('Enter')
    const means = [`both: <@${one}> and <@${two}> `, `both: <@${two}> and <@${one}> `]
    await expect.poll(async () => means.includes((await newest()) ?? '')).toBe(true)
    const sent = await newest()

    // "Copy text" by its key, on the message that is kept.
    await page.waitForFunction(
      () => [...document.querySelectorAll('[data-message]')].some((row) => row.textContent.includes('both:')),
      {},
    )
    await page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('[data-message]')]
      rows.find((row) => row.textContent.includes('both:'))!.focus()
    })
    await page.keyboard.press('c')
    await page.waitForFunction(() => document.body.innerText.includes('Copied'))
    await page.focus(composer)
    await control(page, 'v')
    expect(await value(page)).toBe(both)
    await page.keyboard.type('again')
    await page.keyboard.press('Enter')
    await expect.poll(newest).toBe(`${sent}again`)
  } finally {
    await stop()
  }
})
