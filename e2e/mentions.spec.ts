import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import pg from 'pg'
import { act, composer, createChannel, foundPlace, kept, message, password } from './deeds.ts'
import { outlasts } from './device.ts'
import { expect, given, start, stop, test } from './place.ts'

// Who is meant: the people who were picked, however their names are written, copied and edited.

test.skip(given !== undefined, 'the place that was given has addresses of its own')

const conversationOf = (page: Page) => /\/c\/([^/?]+)/.exec(page.url())![1]!

/** Asks the place as the person of this page, under an address that is known outside of the browser too. */
async function ask(page: Page, method: string, where: string, body?: object): Promise<unknown> {
  const cookies = await page.context().cookies()
  const reply = await fetch(`http://127.0.0.1:${new URL(page.url()).port}${where}`, {
    method,
    headers: {
      cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect(reply.ok, `${method} ${where}: ${reply.status}`).toBe(true)
  return reply.status === 204 ? undefined : reply.json()
}

/** Makes accounts and takes them into the open conversation. Returns their ids. */
async function takeIn(page: Page, ...names: string[]): Promise<string[]> {
  await ask(page, 'PATCH', '/v1/place', { signUp: 'open' })
  const accountIds: string[] = []
  for (const [at, name] of names.entries()) {
    const made = await ask(page, 'POST', '/v1/accounts', { name, email: `member-${at}@tidewater.example`, password })
    accountIds.push((made as { id: string }).id)
  }
  await ask(page, 'POST', `/v1/conversations/${conversationOf(page)}/members`, { accountIds })
  return accountIds
}

/** The bodies that the server keeps, oldest first. */
async function bodies(page: Page): Promise<string[]> {
  const { messages } = (await ask(page, 'GET', `/v1/conversations/${conversationOf(page)}/messages`)) as {
    messages: { body: string; ordinal: number }[]
  }
  return messages.toSorted((a, b) => a.ordinal - b.ordinal).map(({ body }) => body)
}
const newest = async (page: Page) => (await bodies(page)).at(-1)

const option = (page: Page, name: string) => page.getByRole('option').filter({ hasText: name })

/** Pastes into a field that knows nothing of mentions. */
async function pasteElsewhere(page: Page, wanted: string): Promise<void> {
  await page.evaluate(() => {
    const other = document.createElement('textarea')
    other.id = 'other'
    document.body.append(other)
    other.focus()
  })
  await page.keyboard.press('Control+V')
  await expect(page.locator('#other')).toHaveValue(wanted)
  await page.locator('#other').evaluate((other) => other.remove())
}

test('who was picked is meant: two of one name, in Japanese, edited, cut, copied and pasted', async ({
  origins,
  person,
  picture,
}) => {
  // Without HTTPS, where the clipboard takes least.
  const { page, context } = await person({ baseURL: `http://chat.tidewater.example:${new URL(origins[0]!).port}` })
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  const [one, two, taro] = await takeIn(page, 'Alex Kim', 'Alex Kim', '山田太郎')
  const field = composer(page)
  await field.focus()

  await page.keyboard.type('both: @Alex')
  await expect(option(page, 'Alex Kim')).toHaveCount(2)
  const said = await option(page, 'Alex Kim').allInnerTexts()
  expect(new Set(said).size, `they can be told apart: ${said.join(' | ')}`).toBe(2)
  expect(said.join()).not.toContain('tidewater.example')
  await picture(page, 'two-of-one-name')
  // Which of them stands first is told by what is said of them alone: their order is that of the list.
  await page.keyboard.press('Enter')
  await page.keyboard.type('and @Alex')
  await expect(option(page, 'Alex Kim')).toHaveCount(2)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field).toHaveValue('both: @Alex Kim and @Alex Kim ')

  // Undo, cut and paste, and marks keep who is meant.
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+X')
  await expect(field).toHaveValue('')
  await page.keyboard.press('Control+Z')
  await expect(field).toHaveValue('both: @Alex Kim and @Alex Kim ')
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+X')
  await page.keyboard.press('Control+V')
  await expect(field).toHaveValue('both: @Alex Kim and @Alex Kim ')
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Control+B')
  await expect(field).toHaveValue('**both: @Alex Kim and @Alex Kim** ')
  await page.keyboard.press('Enter')
  await expect(kept(page, 'both: @Alex Kim and @Alex Kim')).toBeVisible()
  const means = [`**both: <@${one}> and <@${two}>** `, `**both: <@${two}> and <@${one}>** `]
  const both = (await newest(page))!
  expect(means).toContain(both)

  // An edit shows names, and means the same two.
  await act(page, 'both: @Alex Kim', /^Edit/)
  const editor = page.getByRole('textbox', { name: /Edit/ })
  await expect(editor).toHaveValue('**both: @Alex Kim and @Alex Kim** ')
  await editor.press('Control+End')
  await page.keyboard.type('please')
  await page.keyboard.press('Enter')
  await expect(kept(page, 'please')).toBeVisible()
  await expect.poll(() => newest(page)).toBe(`${both}please`)

  // A given name finds; the title follows without a space; everybody is called behind Japanese words.
  await field.focus()
  await page.keyboard.insertText('お願いします@太郎')
  await expect(option(page, '山田太郎')).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Backspace')
  await page.keyboard.insertText('さん、おはよう@channelさん')
  await page.keyboard.press('Enter')
  await expect(kept(page, 'おはよう')).toBeVisible()
  await expect.poll(() => newest(page)).toBe(`お願いします<@${taro}>さん、おはよう@channelさん`)

  // "Copy text" copies names; pasted here they mean the same two.
  await act(page, 'please', /^Copy text/)
  await expect(page.getByText('Copied', { exact: true })).toBeVisible()
  await field.focus()
  await page.keyboard.press('Control+V')
  await expect(field).toHaveValue('**both: @Alex Kim and @Alex Kim** please')
  await page.keyboard.type(' again')
  await page.keyboard.press('Enter')
  await expect(kept(page, 'please again')).toBeVisible()
  await expect.poll(() => newest(page)).toBe(`${both}please again`)
  // Into a field of another kind: the names, and no ids.
  await act(page, 'please again', /^Copy text/)
  await pasteElsewhere(page, '**both: @Alex Kim and @Alex Kim** please again')

  // What is selected by hand and copied means the same as well.
  await kept(page, 'please again')
    .locator('.body')
    .evaluate((body) => getSelection()!.selectAllChildren(body))
  await page.keyboard.press('Control+C')
  await field.focus()
  await page.keyboard.press('Control+V')
  await expect(field).toHaveValue(/both: @Alex Kim and @Alex Kim please again/)
  await page.keyboard.type(' and again')
  await page.keyboard.press('Enter')
  await expect(kept(page, 'and again')).toBeVisible()
  await expect.poll(() => newest(page)).toBe(`${both.replaceAll('**', '')}please again and again`)

  // What says of itself that it means somebody, under a name that is not theirs, means nobody.
  await field.evaluate((element, id) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'claims @Nobody')
    data.setData('application/x-all-is-whale-mentions', JSON.stringify([{ id, name: 'Nobody', at: 7 }]))
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, one)
  await expect(field).toHaveValue('claims @Nobody')
  await page.keyboard.press('Enter')
  await expect(kept(page, 'claims @Nobody')).toBeVisible()
  await expect.poll(() => newest(page)).toBe('claims @Nobody')

  // A draft keeps who is meant over a reload, and what waits is labelled with names.
  await page.keyboard.type('later @Alex')
  await expect(option(page, 'Alex Kim')).toHaveCount(2)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await outlasts(page, 'later')
  await page.reload()
  await expect(field).toHaveValue('later @Alex Kim ')
  await context.setOffline(true)
  await field.press('Enter')
  const waiting = message(page, 'later')
  await expect(waiting).toHaveAttribute('aria-label', /later @Alex Kim/)
  await context.setOffline(false)
  await expect(kept(page, 'later')).toBeVisible()
  const second = both.includes(`and <@${two}>`) ? two : one
  await expect.poll(() => newest(page)).toBe(`later <@${second}> `)

  // What was refused is copied with its names too.
  await field.focus()
  await page.keyboard.type('too late @Alex')
  await expect(option(page, 'Alex Kim')).toHaveCount(2)
  await page.keyboard.press('Enter')
  await context.setOffline(true)
  await page.keyboard.press('Enter')
  await expect(message(page, 'too late')).toBeVisible()
  await ask(page, 'PATCH', `/v1/conversations/${conversationOf(page)}`, { archived: true })
  await context.setOffline(false)
  await message(page, 'too late').getByRole('button', { name: 'Copy text' }).click({ timeout: 30_000 })
  await pasteElsewhere(page, 'too late @Alex Kim ')
})

test('among 6,000 members everybody is offered, meant by hand, and outside once removed', async ({ browser }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'whale-e2e-'))
  const { origin, process: child } = await start(folder)
  const context = await browser.newContext({ baseURL: origin })
  try {
    const page = await context.newPage()
    await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
    await createChannel(page, 'general')
    const conversationId = conversationOf(page)
    await crowd(folder, conversationId)
    await page.reload()
    const field = composer(page)

    // Written by hand and sent at once.
    await field.focus()
    await page.keyboard.type('hi @Zora Lastone, welcome')
    await page.keyboard.press('Enter')
    await expect(kept(page, 'welcome')).toBeVisible()
    await expect.poll(() => newest(page)).toBe(`hi <@${zora}>, welcome`)

    await page.keyboard.type('hi @Zora')
    await expect(option(page, 'Zora Lastone')).toBeVisible()
    await expect(option(page, 'Zora Firstone')).toBeVisible()
    await expect(option(page, 'Zora Elsewhere')).toContainText('not in this conversation')
    await expect(option(page, 'Zora Lastone')).not.toContainText('not in this conversation')
    await expect(option(page, 'Zora Firstone')).not.toContainText('not in this conversation')

    await ask(page, 'DELETE', `/v1/conversations/${conversationId}/members/${zora}`)
    await expect(option(page, 'Zora Lastone')).toContainText('not in this conversation')
  } finally {
    await context.close()
    await stop(child)
    await rm(folder, { recursive: true, force: true })
  }
})

const zora = '01920000-0000-7000-8000-000000001770'

/** 6,000 accounts, all of them members but one, straight into the database. */
async function crowd(folder: string, conversationId: string): Promise<void> {
  const cluster = path.join(folder, 'postgres', 'cluster')
  const database = new pg.Client({
    host: '127.0.0.1',
    port: Number((await readFile(path.join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[3]),
    user: 'whale',
    database: 'postgres',
    password: (await readFile(path.join(cluster, 'all-is-whale.password'), 'utf8')).trim(),
  })
  await database.connect()
  await database.query(
    `with made as (
       insert into accounts (id, name, email)
       select ('01920000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         case n when 6000 then 'Zora Lastone' when 5 then 'Zora Firstone' when 6001 then 'Zora Elsewhere'
           else 'Member ' || n end, 'm' || n || '@tidewater.example'
       from generate_series(1, 6001) n returning id, name)
     insert into members (conversation_id, account_id, joined_at_seq)
     select $1, id, 3 + row_number() over (order by id) from made where name <> 'Zora Elsewhere'`,
    [conversationId],
  )
  await database.end()
}
