import type { Page } from '@playwright/test'
import { foundPlace, password } from './deeds.ts'
import { expect, test } from './place.ts'

// A browser keeps the cookie of a known device and sends it where somebody signs in.

const email = 'ada@tidewater.example'

async function signIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('strangers who guess are told to wait, and so is a new browser, but not one that has signed in before', async ({
  person,
}) => {
  const ada = await person()
  await foundPlace(ada.page, 'Ada Lindqvist', email)
  const status = await ada.page.evaluate(async () => (await fetch('/v1/sessions/current', { method: 'DELETE' })).status)
  expect(status).toBe(204)

  const stranger = await person()
  const guess = async (secret: string) =>
    (await stranger.context.request.post('/v1/sessions', { data: { email, password: secret } })).status()
  for (let n = 0; n < 10; n += 1) expect(await guess(`a rough guess ${n}`)).toBe(401)
  expect(await guess(password)).toBe(429)
  await signIn(stranger.page)
  await expect(stranger.page.getByText('That was too many tries for now.')).toBeVisible()

  await signIn(ada.page)
  await expect(ada.page.getByRole('navigation', { name: 'Conversations' })).toBeVisible()
})
