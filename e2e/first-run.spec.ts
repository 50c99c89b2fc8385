import { setupCode } from '../src/platform/testing/setup-code.ts'
import { password, submitFirstRun } from './deeds.ts'
import { expect, given, test } from './place.ts'

// The first account: with the address that the start printed, and without it.

test.skip(given !== undefined, 'the place that was given has its own founder')

for (const look of [
  { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { colorScheme: 'dark', viewport: { width: 320, height: 640 } },
] as const)
  test(`who comes without the code is asked for it, ${look.colorScheme}`, async ({ person, picture }) => {
    const { page } = await person(look)
    await page.goto('/')
    const code = page.getByLabel('Setup code')
    await expect(code).toBeVisible()
    await expect(page.getByText('data/setup-code')).toBeVisible()
    await picture(page, '1-asked')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await submitFirstRun(page, 'Ada Lindqvist', 'ada@tidewater.example')
    await expect(page.getByText('Write the setup code')).toBeVisible()
    await code.fill('nobody-knows-it')
    await page.getByRole('button', { name: 'Create the place' }).click()
    await expect(page.getByText('This is not the setup code.')).toBeVisible()
    await expect(code).toBeFocused()
    await picture(page, '2-wrong')
    await code.fill(setupCode.toUpperCase())
    await page.getByRole('button', { name: 'Create the place' }).click()
    // The list is the whole of a phone's screen.
    await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible()
  })

test('the printed address brings the code, which leaves the address bar at once', async ({ person, picture }) => {
  const { page, context } = await person()
  await page.goto('/')
  await expect(page.getByLabel('Setup code')).toBeVisible()
  // In the window that is open already, as a click in a terminal may do.
  await page.evaluate((code) => (location.hash = `setup=${code}`), setupCode)
  await expect(page.getByRole('heading', { name: 'Set up your place' })).toBeVisible()
  await expect(page.getByLabel('Setup code')).toHaveCount(0)
  expect(new URL(page.url()).hash).toBe('')
  await picture(page, 'brought')

  // Somebody else at this address has guessed; the form says how long to wait.
  const guess = { name: 'Mallory', email: 'mallory@tidewater.example', password, setupCode: 'a-guess-a-guess' }
  for (let n = 0; n < 10; n += 1)
    expect((await context.request.post('/v1/accounts', { data: guess })).status()).toBe(403)
  await submitFirstRun(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await expect(page.getByText('That was too many tries for now.')).toBeVisible()
  await picture(page, 'too-many')
})

test('a code that the address brought and that is no longer right can be mended', async ({ person }) => {
  const { page } = await person()
  await page.goto('/#setup=of-yesterday-it-was')
  await expect(page.getByRole('heading', { name: 'Set up your place' })).toBeVisible()
  await submitFirstRun(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await expect(page.getByText('This is not the setup code.')).toBeVisible()
  await expect(page.getByLabel('Setup code')).toHaveValue('of-yesterday-it-was')
  await expect(page.getByLabel('Setup code')).toBeFocused()
  await page.getByLabel('Setup code').fill(setupCode)
  await page.getByRole('button', { name: 'Create the place' }).click()
  await expect(page.getByRole('heading', { name: 'Calm water so far' })).toBeVisible()
})
