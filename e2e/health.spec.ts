import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import pg from 'pg'
import { createChannel, foundPlace, invite, join, message, write } from './deeds.ts'
import { examine } from './examine.ts'
import { expect, start, stop, test } from './place.ts'

test.setTimeout(300_000)

/** All of the page, however far down it goes. */
async function picture(page: Page, file: string): Promise<void> {
  const inner = await page.evaluate(() => document.querySelector('.page.health')?.scrollHeight ?? 0)
  const { width, height } = page.viewportSize()!
  await page.setViewportSize({ width, height: Math.max(height, inner + 90) })
  await page.screenshot({ path: file, animations: 'disabled' })
  await page.setViewportSize({ width, height })
}

/** The database of the place in a data folder, as docs/running.md says how to look inside. */
async function databaseOf(folder: string): Promise<pg.Client> {
  const cluster = path.join(folder, 'postgres/cluster')
  const port = (await readFile(path.join(cluster, 'postmaster.pid'), 'utf8')).split('\n')[3]
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(port),
    user: 'whale',
    database: 'postgres',
    password: (await readFile(path.join(cluster, 'all-is-whale.password'), 'utf8')).trim(),
  })
  await client.connect()
  return client
}

/** What another process would have written about an hour of work: a slow quarter of an hour, and a lost hint or two. */
function report(name: string, ageMinutes: number, change: object = {}) {
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const minutes = Array.from({ length: Math.min(60, ageMinutes) }, (_, index) => {
    const ago = Math.min(60, ageMinutes) - 1 - index
    const kept = Math.round(140 + 90 * Math.sin(index / 9) + (index % 5) * 7)
    const slow = ago > 20 && ago < 24
    return {
      at: now - ago * 60_000,
      counts: {
        kept,
        repeats: index % 11 === 0 ? 2 : 0,
        failed: ago === 22 ? 3 : 0,
        delivered: kept * 2,
        repaired: slow ? 4 : Number(ago === 45),
      },
      keeping: [
        [0.005, kept - 8 - (index % 4)],
        [0.01, 6],
        [0.025, 2 + (index % 4)],
        [0.25, slow ? 40 : 0],
      ],
      delivering: [
        [0.01, kept],
        [0.025, kept - 20],
        [0.05, 15 + (index % 6) * 2],
        [0.1, slow ? 90 : 2],
      ],
    }
  })
  return {
    format: 1,
    name,
    version: '0.1.0',
    startedAt: new Date(Date.now() - ageMinutes * 60_000).toISOString(),
    streams: 74,
    oldestSendMs: 4,
    loopDelayMs: 3.4,
    memoryBytes: 214_000_000,
    pool: { most: 10, busy: 2, waiting: 0 },
    bus: { kind: 'notify', connected: true, sent: 8_412, received: 8_377, dropped: 0 },
    minutes,
    ...change,
  }
}

test('owners see whether messages arrive, and others find nothing there', async ({ browser }, info) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'whale-e2e-'))
  const { origin, process: child } = await start(folder, { BUS: 'notify' })
  const look = (page: Page, name: string) =>
    examine(page, name, (seen, file) => picture(seen, info.outputPath(`${file}.png`)))
  const database = await databaseOf(folder)
  const say = (id: string, what: object, agoSeconds = 0, stopped = false) =>
    database.query(
      `insert into api_processes (id, report, said_at, stopped_at)
       values ($1, $2, now() - make_interval(secs => $3), case when $4 then now() - make_interval(secs => $3) end)
       on conflict (id) do update set report = excluded.report, said_at = excluded.said_at`,
      [id, what, agoSeconds, stopped],
    )
  try {
    const context = await browser.newContext({ baseURL: origin })
    const page = await context.newPage()
    await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
    const link = await invite(page)
    await page.keyboard.press('Escape')

    // The code of the page is long on its way, then cannot be had: the window stands, with bones and then a sentence.
    const { promise: longEnough, resolve: giveUp } = Promise.withResolvers<void>()
    await page.route('**/AdminPage*.js', async (route) => {
      await longEnough
      await route.abort()
    })
    await page.goto('/admin/health')
    const opacity = () =>
      page
        .locator('main .bone')
        .first()
        .evaluate((bone) => getComputedStyle(bone).opacity)
    await expect.poll(opacity).toBe('1')
    const standsAround = async () => {
      await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible()
      await expect(page.getByRole('button', { name: 'All caught up' })).toBeVisible()
    }
    await standsAround()
    // A part that cannot be had may be one of an older version: the page is fetched afresh, once.
    const renewed = page.waitForEvent('load')
    giveUp()
    await renewed
    await expect(page.getByRole('heading', { name: 'This part could not be loaded' })).toBeVisible()
    await standsAround()
    await page.unroute('**/AdminPage*.js')
    await page.getByRole('button', { name: 'Try again' }).press('Enter')
    await expect(page.getByRole('heading', { name: 'All is quiet.' })).toBeVisible()
    await expect(page.getByRole('main')).toBeFocused()

    await page.goto('/settings')
    await page.getByRole('link', { name: 'Health' }).click()
    await expect(page.getByRole('heading', { name: 'All is quiet.' })).toBeVisible()
    // Nothing was sent, so nothing was proven: no tick.
    await expect(page.locator('.promises dd', { hasText: 'nothing sent' })).toHaveText(Array(3).fill('–nothing sent'))
    await expect(page.locator('.promises > div', { hasText: 'nothing sent' }).locator('svg')).toHaveCount(0)
    await expect(page.locator('.answer.ok')).toHaveCount(0)
    await look(page, 'health-just-started')

    await page.goto('/')
    await createChannel(page, 'general')
    await write(page, 'Is anybody out there?')
    await expect(message(page, 'anybody')).toBeVisible()

    // Processes write down every ten seconds how they are: somebody else looks meanwhile.
    const grace = await browser.newContext({ baseURL: origin })
    const other = await grace.newPage()
    await join(other, link, 'Grace Okafor', 'grace@tidewater.example')
    await other.goto('/settings')
    await expect(other.getByRole('link', { name: 'People' })).toBeVisible()
    await expect(other.getByRole('link', { name: 'Health' })).toHaveCount(0)
    await other.goto('/admin/health')
    await expect(other.getByText('Nothing here, or nothing for you')).toBeVisible()
    await expect(other.getByRole('navigation', { name: 'Settings' })).toBeVisible()
    await grace.close()

    await expect(async () => {
      await page.goto('/admin/health')
      await expect(page.getByRole('heading', { name: 'Messages are arriving.' })).toBeVisible({ timeout: 1_000 })
    }).toPass({ timeout: 30_000 })
    await expect(page.locator('.promises > div', { hasText: 'every one acknowledged' }).locator('svg')).toHaveCount(1)
    await expect(page.locator('.answer.ok')).toHaveCount(1)
    await expect(page.getByRole('figure', { name: /^Messages kept: 1 in the last hour/ })).toBeVisible()

    // An hour of two processes, one of which took over from a third.
    await say(randomUUID(), report('whale-api-a', 190))
    await say(randomUUID(), report('whale-api-b', 22))
    await say(randomUUID(), report('whale-api-b', 60), 22 * 60, true)
    await page.reload()
    await expect(page.getByRole('row', { name: /whale-api-a/ })).toBeVisible()
    await look(page, 'health')
    await page.getByText('The figures of each minute').click()
    await look(page, 'health-table')

    const silent = randomUUID()
    await say(silent, report('whale-api-c', 50), 100)
    await say(
      randomUUID(),
      report('whale-api-d', 50, { bus: { kind: 'notify', connected: false, sent: 1, received: 2, dropped: 214 } }),
    )
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Messages are arriving late.' })).toBeVisible()
    await expect(page.getByText('A process does not hear the others')).toBeVisible()
    await look(page, 'health-late')

    // The server answers, its database does not: the page asks by itself, every ten seconds.
    await page.route('**/v1/admin/health', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }))
    await page.route('**/readyz', (route) => route.fulfill({ status: 503, json: { problems: ['database'] } }))
    const phone = await browser.newContext({
      baseURL: origin,
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      storageState: await context.storageState(),
    })
    const small = await phone.newPage()
    await small.goto('/admin/health')
    await expect(small.getByRole('heading', { name: 'Messages are arriving late.' })).toBeVisible()
    await look(small, 'phone-health')
    await phone.close()
    await expect(page.getByRole('heading', { name: 'Messages are not arriving.' })).toBeVisible({ timeout: 20_000 })
    await look(page, 'health-database-away')
    // Then nobody answers; it asks at once when a network is there again.
    await page.route('**/v1/admin/health', (route) => route.abort())
    await page.route('**/readyz', (route) => route.abort())
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await expect(page.getByRole('heading', { name: 'No answer from here.' })).toBeVisible({ timeout: 20_000 })
    await expect(page.getByText('What stands below is from')).toBeVisible()
    await look(page, 'health-away')

    await context.close()
  } finally {
    await database.end()
    await stop(child)
    await rm(folder, { recursive: true, force: true })
  }
})
