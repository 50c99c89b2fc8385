import type { APIRequestContext } from '@playwright/test'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { password, holdBack } from './deeds.ts'
import { examine } from './examine.ts'
import { expect, test } from './place.ts'

// An owner looks at what was done here; nobody else can.

const emails = { ada: 'ada@tidewater.example', grace: 'grace@tidewater.example' }
const longName = 'Nebukadnezar-Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfürst 🐋'

async function post(who: APIRequestContext, url: string, data: object): Promise<{ id: string }> {
  const answer = await who.post(url, { data })
  expect(answer.status(), await answer.text()).toBeLessThan(300)
  return (await answer.json()) as { id: string }
}

test('an owner sees who did what, from where, by kind and by person; others have no such page', async ({
  person,
  picture,
}) => {
  const ada = await person({ viewport: { width: 1440, height: 900 } })
  const grace = await person()
  const omar = await person()
  const asAda = ada.context.request
  const founder = { name: 'Ada Lindqvist', email: emails.ada, password, placeName: 'Tidewater', setupCode }
  await post(asAda, '/v1/accounts', founder)
  await asAda.patch('/v1/place', { data: { signUp: 'open' } })
  const asGrace = grace.context.request
  const { id: graceId } = await post(asGrace, '/v1/accounts', { name: longName, email: emails.grace, password })
  const { id: omarId } = await post(omar.context.request, '/v1/accounts', {
    name: 'عمر الخيام',
    email: 'omar@tidewater.example',
    password,
  })
  for (let n = 0; n < 3; n++)
    await (await person()).context.request.post('/v1/sessions', { data: { email: emails.grace, password: 'wrong' } })
  await (
    await person()
  ).context.request.post('/v1/sessions', {
    data: { email: 'my.secret@password.example', password: 'wrong' },
  })
  await asAda.patch(`/v1/accounts/${omarId}`, { data: { role: 'admin' } })
  for (let n = 0; n < 60; n++) await asAda.patch('/v1/place', { data: { name: `Tidewater ${n}` } })
  await asAda.put(`/v1/accounts/${graceId}/deactivation`)

  const { page } = ada
  const rows = page.locator('.audit .entry')
  await page.goto('/settings/audit')
  await expect(page.getByRole('heading', { name: 'Audit' })).toBeVisible()
  await expect(rows).toHaveCount(50)
  await expect(page.getByRole('rowheader', { name: 'Today' })).toBeVisible()
  await expect(page.getByRole('table')).toContainText(`Deactivated ${longName}`)
  // A page that comes when another list is asked for already is not put under that one.
  const letGo = await holdBack(page, '**/v1/audit?*after=*')
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.getByLabel('What is shown').selectOption({ label: 'Deactivations' })
  await expect(rows).toHaveCount(1)
  const late = page.waitForResponse(/\/v1\/audit\?.*after=/)
  letGo()
  await (await late).finished()
  await page.getByLabel('What is shown').selectOption({ label: 'Changed roles' })
  await expect(rows).toContainText(['from member to admin'])
  await expect(rows).toHaveCount(1)
  await page.unroute('**/v1/audit?*after=*')
  // Rows of the list before are marked as such, and that it was empty is not said of the list that is asked for.
  const letGoOfDeleted = await holdBack(page, '**/v1/audit?*kind=message*')
  const table = page.getByRole('table')
  await expect(table).not.toHaveAttribute('aria-busy')
  await page.getByLabel('What is shown').selectOption({ label: 'Deleted messages' })
  await expect(table).toHaveAttribute('aria-busy', 'true')
  letGoOfDeleted()
  const nothing = page.getByText('Nothing of this in the last 90 days.')
  await expect(nothing).toBeVisible()
  await page.unroute('**/v1/audit?*kind=message*')
  const letGoOfAll = await holdBack(page, '**/v1/audit')
  await page.getByLabel('What is shown').selectOption({ label: 'Everything' })
  await expect(page.getByText('Loading the list')).toBeAttached()
  await expect(nothing).toHaveCount(0)
  letGoOfAll()
  await expect(rows).toHaveCount(50)
  await page.unroute('**/v1/audit')
  await page.getByLabel('What is shown').selectOption({ label: 'Everything' })
  await expect(rows).toHaveCount(50)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(rows.filter({ hasText: 'Signed in' })).toHaveCount(3)
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
  await expect(rows.filter({ hasText: 'from member to admin' })).toContainText('عمر الخيام')
  // The directions of names and of the sentence do not mix.
  await expect(rows.locator('bdi', { hasText: 'عمر الخيام' }).first()).toBeVisible()

  await page.getByLabel('What is shown').selectOption({ label: 'Refused sign-ins' })
  await expect(rows).toHaveCount(2)
  await expect(rows.nth(0)).toContainText('nobody here has the address')
  await expect(rows.nth(1)).toContainText(/Sign-in as .* refused: wrong password(, \d times)?/)
  await expect(page.locator('body')).not.toContainText('my.secret')
  await examine(page, 'audit-refusals', picture)
  // An entry without long names is one line.
  expect((await rows.nth(0).boundingBox())!.height).toBeLessThan(48)
  await rows.filter({ hasText: 'wrong password' }).getByRole('button', { name: longName }).click()
  await expect(page.getByRole('button', { name: `Only ${longName}` })).toBeVisible()
  await page.getByLabel('What is shown').selectOption({ label: 'Everything' })
  await expect(rows.filter({ hasText: 'Deactivated' })).toBeVisible()
  await expect(rows.filter({ hasText: 'Renamed the place' })).toHaveCount(0)
  await examine(page, 'audit-desk', picture)
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await examine(page, `audit-${width}`, picture)
  }
  await page.getByRole('button', { name: `Only ${longName}` }).press('Enter')
  await expect(page.getByRole('button', { name: `Only ${longName}` })).toHaveCount(0)
  await expect(page.getByLabel('What is shown')).toBeFocused()
  await page.getByLabel('What is shown').selectOption({ label: 'Deleted messages' })
  await expect(page.getByText('Nothing of this in the last 90 days.')).toBeVisible()
  await examine(page, 'audit-empty', picture)

  // What cannot be fetched says so, shows nothing of what was asked for before, and comes when it is asked for again.
  await page.getByLabel('What is shown').selectOption({ label: 'Sign-ins' })
  await expect(rows).toHaveCount(3)
  await page.route('**/v1/audit*', (route) => route.abort())
  await page.getByLabel('What is shown').selectOption({ label: 'Changed roles' })
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(rows).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('alert')).toBeVisible()
  await examine(page, 'audit-failed', picture)
  await page.unroute('**/v1/audit*')
  // What had the focus goes, and the page gets it.
  await page.getByRole('button', { name: 'Try again' }).press('Enter')
  await expect(rows.first()).toBeVisible()
  await expect(page.locator('#setting')).toBeFocused()

  // Asked for again, and late: by then another list is wanted, which shows neither that answer nor that failure.
  await page.route('**/v1/audit?*kind=account.role*', (route) => route.abort())
  await page.getByLabel('What is shown').selectOption({ label: 'Changed roles' })
  await expect(page.getByRole('alert')).toBeVisible()
  await page.unroute('**/v1/audit?*kind=account.role*')
  let letGoOfRetry = () => {}
  const heldRetry = new Promise<void>((resolve) => (letGoOfRetry = resolve))
  let answered = () => {}
  const retried = new Promise<void>((resolve) => (answered = resolve))
  await page.route('**/v1/audit?*kind=account.role*', async (route) => {
    const answer = await route.fetch()
    await heldRetry
    // Nobody may wait for it any more.
    await route.fulfill({ response: answer }).catch(() => {})
    answered()
  })
  const asked = page.waitForRequest(/\/v1\/audit\?.*kind=account.role/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await asked
  await page.getByLabel('What is shown').selectOption({ label: 'Deactivations' })
  await expect(rows).toHaveCount(1)
  await expect(page.getByRole('alert')).toHaveCount(0)
  letGoOfRetry()
  await retried
  // An answer that is asked for later is here: so is what was late.
  await page.evaluate(async () => await (await fetch('/v1/me')).text())
  await expect(rows).toContainText(['Deactivated'])
  await expect(rows).toHaveCount(1)
  await page.unroute('**/v1/audit?*kind=account.role*')

  // An admin has no such section, and no such page.
  await omar.page.goto('/settings/people')
  await expect(omar.page.getByRole('link', { name: 'Health' })).toBeVisible()
  await expect(omar.page.getByRole('link', { name: 'Audit' })).toHaveCount(0)
  await omar.page.goto('/settings/audit')
  await expect(omar.page.getByText('Nothing here, or nothing for you')).toBeVisible()
  expect((await omar.context.request.get('/v1/audit')).status()).toBe(403)
})
