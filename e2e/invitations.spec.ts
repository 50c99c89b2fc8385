import { foundPlace, password } from './deeds.ts'
import { expect, test } from './place.ts'

// The page that makes an invitation link shows the link once; a lost link is replaced in one press. And a new password changes
// the cookie of the page that is open, which goes on.

test('a link is shown once and replaced in one press, and a new password leaves the page where it is', async ({
  person,
  picture,
}) => {
  const { page } = await person()
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  await page.goto('/settings/invitations')
  await page.getByRole('button', { name: 'Make a link' }).click()
  const shown = page.locator('.invitation-link')
  await expect(shown).toContainText('/join/')
  const first = (await shown.textContent())!
  await picture(page, '1-made')

  await page.reload()
  const row = page.locator('.setting', { hasText: 'A link for members' })
  await expect(row).toContainText('Made by you on')
  await expect(row).toContainText('Not used yet.')
  await expect(shown).toHaveCount(0)
  await picture(page, '2-shown-once')
  await row.getByRole('button', { name: 'Replace by a new link' }).click()
  await expect(shown).toContainText('/join/')
  const second = (await shown.textContent())!
  expect(second).not.toBe(first)
  await expect(row).toHaveCount(0)
  const preview = async (link: string) =>
    (await page.request.get(`/v1/invitations/by-token/${link.split('/join/')[1]}`)).status()
  expect([await preview(first), await preview(second)]).toEqual([410, 200])

  const cookie = async () => (await page.context().cookies()).find(({ name }) => name === 'whale.session')?.value
  const before = await cookie()
  await page.goto('/settings/password')
  await page.getByLabel('Password until now').fill(password)
  await page.getByLabel('New password').fill('a rough morning at sea')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Your password is changed.')).toBeVisible()
  expect(await cookie()).not.toBe(before)
  await page.goto('/settings/devices')
  await expect(page.getByText('This one')).toBeVisible()
})
