import type { Page } from '@playwright/test'
import fc from 'fast-check'
import { hostileParts } from '#platform/markdown/testing.ts'
import { createChannel, foundPlace, invite, join, kept, message, pathOf, submit } from './deeds.ts'
import { expect, test } from './place.ts'

// Whatever people write and call things is shown: in the conversation, its thread, the activity and the lists.

test.setTimeout(240_000)

const seed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000)
const keys = Object.getOwnPropertyNames(Object.prototype)

/** Bodies of hostile parts. Each begins with a mention, so that it is in the activity too. */
function bodies(meant: string): string[] {
  const name = fc.constantFrom(...keys, ...keys.map((key) => key.toUpperCase()), 'js', 'x y', '${1}', '<b>', '\u202e')
  const fence = fc
    .tuple(fc.constantFrom('```', '~~~'), name)
    .map(([marks, language]) => `\n${marks}${language}\n${language}\n${marks}\n`)
  const link = name.map((each) => `[${each}](https://a.example/${each}) [x](javascript:${each}) www.${each}.example`)
  const part = fc.oneof(fc.constantFrom(...hostileParts), name, fence, link)
  const mixed = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('').toWellFormed())
  return [
    ...keys.map((key) => `\`\`\`${key}\n${key}\n\`\`\``),
    ...keys.map((key) => `~~~ ${key} title\n\n~~~\n| ${key} |\n|---|\n| [${key}](${key}) |`),
    ...fc.sample(mixed, { seed, numRuns: 50 }),
  ].map((body) => `<@${meant}> ${body}`.replace('> ```', '>\n```').replace('> ~~~', '>\n~~~'))
}

/** Whatever the page complains of: a row that could not be drawn is said in its console. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (said) => {
    if (said.type() === 'error' && !/status of 4\d\d/.test(said.text())) complaints.push(said.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

async function post(page: Page, path: string, data: unknown): Promise<{ id: string; status: number }> {
  const reply = await page.request.post(path, { data })
  const { id } = (await reply.json()) as { id: string }
  return { id, status: reply.status() }
}

/** Sends bodies from this page's account, and returns the ids of those that were taken. A body may be empty to the eye. */
async function send(page: Page, conversation: string, all: readonly string[], threadRoot?: string): Promise<string[]> {
  const ids: string[] = []
  for (const [at, body] of all.entries()) {
    const data = { clientId: `${threadRoot ?? 'top'}-${at}`, body, ...(threadRoot ? { threadRoot } : {}) }
    const { id, status } = await post(page, `/v1/conversations/${conversation}/messages`, data)
    expect([201, 422], body).toContain(status)
    if (status === 201) ids.push(id)
  }
  return ids
}

/** Looks at every message of a timeline, from its first to its last. */
async function looksAtAll(page: Page, timeline: string, ids: readonly string[]): Promise<void> {
  const scroller = page.locator(timeline).first()
  const seen = new Set<string>()
  await expect(async () => {
    // Down from the top by half a screen; older ones come in above, and then it begins again.
    await scroller.evaluate((element) => (element.scrollTop = 0))
    for (let steps = 0; steps < 400; steps++) {
      const { here, end } = await scroller.evaluate((element) => {
        const here = [...element.querySelectorAll('[data-message]')].map((each) => each.getAttribute('data-message')!)
        const end = element.scrollTop + element.clientHeight >= element.scrollHeight - 2
        element.scrollTop += element.clientHeight / 2
        return { here, end }
      })
      for (const id of here) seen.add(id)
      if (end) break
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
    }
    expect(ids.filter((id) => !seen.has(id))).toEqual([])
  }).toPass({ timeout: 60_000 })
}

test('bodies, names, topics and languages of hostile parts are shown everywhere', async ({ person, picture }) => {
  const { page: ada } = await person()
  await foundPlace(ada, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(ada, 'hostile')
  const conversation = /\/c\/([^/?]+)/.exec(ada.url())![1]!
  const link = pathOf(await invite(ada))
  const grace = await person()
  await join(grace.page, link, 'constructor', 'grace@tidewater.example')
  const me = (await (await ada.request.get('/v1/me')).json()) as { id: string }
  const her = (await (await grace.page.request.get('/v1/me')).json()) as { id: string }
  const added = await ada.request.post(`/v1/conversations/${conversation}/members`, { data: { accountIds: [her.id] } })
  expect(added.ok()).toBe(true)

  const all = bodies(me.id)
  const ids = await send(grace.page, conversation, all)
  expect(ids.length).toBeGreaterThan(60)
  const replies = await send(grace.page, conversation, all.slice(0, 40), ids[0])

  // Names and topics, and a hostile last line in each: what is refused is refused with words.
  for (const [at, key] of [...keys, '**bold**', '<b>', '`', '${a}', '[x](https://a.example)'].entries()) {
    const made = await post(grace.page, '/v1/conversations', { kind: 'group', name: key, accountIds: [me.id] })
    expect([201, 400, 422], key).toContain(made.status)
    if (made.status !== 201) continue
    const changed = await grace.page.request.patch(`/v1/conversations/${made.id}`, { data: { topic: key } })
    expect(changed.status(), key).toBeLessThan(500)
    await send(grace.page, made.id, [all[at]!])
  }

  const complaints = complaintsOf(ada)
  const fine = async (what: string) => {
    await expect(ada.getByText('Something failed on our side')).toHaveCount(0)
    expect(complaints, `${what}, HOSTILE_SEED=${seed}`).toEqual([])
  }
  await ada.goto(`/c/${conversation}`)
  await expect(ada.locator('[data-message]').first()).toBeVisible()
  await looksAtAll(ada, '.timeline', ids)
  await fine('the conversation')
  await picture(ada, 'hostile-conversation')

  await ada.goto(`/c/${conversation}/m/${ids[0]}`)
  await ada
    .getByRole('button', { name: /^40 replies|^\d+ replies/ })
    .first()
    .click()
  await expect(ada.getByRole('complementary', { name: 'Thread' })).toBeVisible()
  await looksAtAll(ada, 'aside .timeline', replies)
  await fine('the thread')

  await ada.goto('/activity')
  // The links of the list: the outlines that stand there while it loads are none.
  const found = ada.getByRole('main').getByRole('listitem').getByRole('link')
  await expect(found.nth(20)).toBeVisible()
  await fine('the activity')
  await ada.goto('/threads')
  await expect(found.first()).toBeVisible()
  await fine('the threads')

  await ada.setViewportSize({ width: 390, height: 800 })
  await ada.goto('/')
  await expect(ada.getByText('hasOwnProperty').first()).toBeVisible()
  await fine('the list')
  await picture(ada, 'hostile-list')
  await ada.setViewportSize({ width: 1000, height: 700 })
  await ada.keyboard.press('Control+k')
  await ada.keyboard.type('o')
  await expect(ada.getByRole('option').first()).toBeVisible()
  await fine('the switcher')
})

test('a message that cannot be drawn is its plain text, and fails nothing beside it', async ({ person, picture }) => {
  const { page } = await person()
  // Nothing that people can write is known to fail: the browser is made to, for one kind of element.
  await page.addInitScript(() => {
    // oxlint-disable-next-line typescript/unbound-method -- bound again when it is called
    const { createElement: make } = Document.prototype
    Document.prototype.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
      if (name === 's') throw new Error('No such element can be made')
      return make.call(this, name, options)
    }
  })
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  await submit(page, 'Before it, **bold**')
  await expect(kept(page, 'Before it')).toBeVisible()
  await submit(page, 'This is ~~not to be drawn~~')
  await expect(kept(page, 'This is')).toContainText('This is ~~not to be drawn~~')
  await submit(page, 'After it, **bold**')
  await expect(kept(page, 'After it').locator('strong')).toHaveText('bold')
  await expect(message(page, 'Before it').locator('strong')).toHaveText('bold')
  await picture(page, 'not-drawn')
  // It can be acted on like any other, and drawn when it is another.
  await kept(page, 'This is').click({ button: 'right' })
  await page.getByRole('menuitem', { name: /^Edit/ }).click()
  const editor = page.getByRole('textbox', { name: /Edit/ })
  await editor.fill('This is **to be drawn**')
  await editor.press('Enter')
  await expect(kept(page, 'This is').locator('strong')).toHaveText('to be drawn')
  await page.reload()
  await expect(kept(page, 'After it')).toBeVisible()
})
