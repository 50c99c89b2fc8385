import { gzipSync } from 'node:zlib'
import { createChannel, foundPlace, message, write } from './deeds.ts'
import { expect, test } from './place.ts'

test('the signed-in app loads at most 150 kB of JavaScript, gzipped, before it is idle', async ({ person }) => {
  const { page } = await person()
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await createChannel(page, 'general')
  await write(page, 'Words to show')
  await expect(message(page, 'Words to show')).toBeVisible()

  // What comes later begins two seconds after the page: on a slow machine the first screen may not be there by then.
  await page.addInitScript(`{
    const usual = setTimeout
    window.setTimeout = (run, ms, ...rest) => usual(run, ms >= 2000 ? 1e9 : ms, ...rest)
  }`)
  await page.reload()
  await expect(message(page, 'Words to show')).toBeVisible()
  await page.waitForLoadState('networkidle')
  // Of this page alone: the one before may still have been fetching what comes later.
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .flatMap(({ name }) => (new URL(name).pathname.endsWith('.js') ? name : [])),
  )
  const sizes = await Promise.all(
    [...new Set(scripts)].map(
      async (url) => gzipSync(await (await page.request.get(url)).body(), { level: 9 }).byteLength,
    ),
  )
  const total = sizes.reduce((sum, size) => sum + size, 0)
  process.stdout.write(`    ${sizes.length} files, ${(total / 1000).toFixed(1)} kB\n`)
  expect(sizes.length).toBeGreaterThan(0)
  expect(total).toBeLessThanOrEqual(150_000)
})
