import type { Locator, Page } from '@playwright/test'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { composer, kept, message, password, submit, write } from './deeds.ts'
import { examine } from './examine.ts'
import { expect, test } from './place.ts'

// Who runs the place puts somebody out, brings them back, and helps who forgot their password.

const emails = { ada: 'ada@tidewater.example', grace: 'grace@tidewater.example' }

async function signIn(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Chooses from the menu of somebody's row, in Settings → People. */
async function choose(page: Page, name: string, entry: RegExp): Promise<void> {
  await page.getByRole('button', { name: `More for ${name}` }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

const row = (page: Page, name: string): Locator => page.locator('.setting', { hasText: name })

test('somebody is deactivated, loses nothing that they wrote, and comes back; a reset link sets a new password', async ({
  person,
  picture,
}) => {
  const ada = await person()
  const grace = await person()
  const post = async (who: typeof ada, url: string, data: object) => {
    const answer = await who.context.request.post(url, { data })
    expect(answer.status(), await answer.text()).toBeLessThan(300)
    return (await answer.json()) as { id: string }
  }
  await post(ada, '/v1/accounts', {
    name: 'Ada Lindqvist',
    email: emails.ada,
    password,
    setupCode,
    placeName: 'Tidewater',
  })
  await ada.context.request.patch('/v1/place', { data: { signUp: 'open' } })
  const { id: graceId } = await post(grace, '/v1/accounts', { name: 'Grace Okafor', email: emails.grace, password })
  const channel = await post(ada, '/v1/conversations', { kind: 'channel', name: 'general', accountIds: [graceId] })
  const direct = await post(ada, '/v1/conversations', { kind: 'direct', accountIds: [graceId] })

  await grace.page.goto(`/c/${channel.id}`)
  await write(grace.page, 'Written before')
  await expect(message(grace.page, 'Written before')).toBeVisible()
  // What waits for the network when she is put out.
  await grace.context.setOffline(true)
  await submit(grace.page, 'Written at sea')
  await expect(grace.page.getByText('Waiting for connection').first()).toBeVisible()

  await ada.page.goto('/settings/people')
  await picture(ada.page, '1-people')
  await choose(ada.page, 'Grace Okafor', /^Sessions/)
  const sessions = ada.page.getByRole('dialog', { name: 'Where Grace Okafor is signed in' })
  await expect(sessions.getByRole('button', { name: /^End / })).toHaveCount(1)
  await picture(ada.page, '2-sessions')
  await sessions.getByRole('button', { name: 'Done' }).click()
  await choose(ada.page, 'Grace Okafor', /^Deactivate/)
  const confirm = ada.page.getByRole('dialog', { name: 'Deactivate Grace Okafor?' })
  await picture(ada.page, '3-deactivate')
  await confirm.getByRole('button', { name: 'Deactivate' }).click()
  await expect(row(ada.page, 'Grace Okafor')).toContainText('Deactivated')
  await picture(ada.page, '4-deactivated')

  // She is out, is told why, and what she wrote is kept.
  await grace.context.setOffline(false)
  await expect(grace.page.getByRole('button', { name: 'Sign in' })).toBeVisible({ timeout: 15_000 })
  await signIn(grace.page, emails.grace, password)
  await expect(grace.page.getByRole('alert')).toContainText('This account has been deactivated')
  await picture(grace.page, '5-out')

  // What others see: her words under her name, and nobody to write to.
  const window = await ada.context.newPage()
  await window.goto(`/c/${channel.id}`)
  await expect(message(window, 'Written before')).toBeVisible()
  await expect(window.getByText('Written at sea')).toHaveCount(0)
  await expect(window.locator('.byline', { hasText: 'Grace Okafor' })).toContainText('Deactivated')
  await composer(window).pressSequentially('@gra')
  await expect(window.getByRole('option', { name: /Grace/ })).toHaveCount(0)
  await composer(window).fill('')
  await picture(window, '6-channel')
  // The card says what everybody may know, and the message's toolbar is not beside it; nor beside the menu at a pointer.
  const toolbar = window.getByRole('toolbar', { name: 'Message actions' })
  await kept(window, 'Written before').hover()
  await expect(toolbar).toBeVisible()
  await window.getByRole('button', { name: 'Grace Okafor' }).first().click()
  const card = window.getByRole('dialog', { name: 'Grace Okafor' })
  await expect(card).toContainText('1 channel in common#general')
  await expect(card).not.toContainText('@')
  await expect(toolbar).toHaveCount(0)
  await expect(window.getByRole('button', { name: 'Message', exact: true })).toHaveCount(0)
  await examine(window, '7-card', picture)
  await window.keyboard.press('Escape')
  await expect(card).toHaveCount(0)
  await expect(toolbar).toBeVisible()
  await kept(window, 'Written before').click({ button: 'right' })
  await expect(window.getByRole('menuitem', { name: 'Copy link' })).toBeVisible()
  await expect(toolbar).toHaveCount(0)
  await window.keyboard.press('Escape')
  await expect(toolbar).toBeVisible()
  await toolbar.getByRole('button', { name: 'More actions' }).click()
  await expect(window.getByRole('menuitem', { name: 'Copy link' })).toBeVisible()
  await expect(toolbar).toBeVisible()
  await window.keyboard.press('Escape')
  await window.goto(`/c/${direct.id}`)
  await expect(window.getByText('Grace Okafor has been deactivated')).toBeVisible()
  await picture(window, '8-direct')

  await choose(ada.page, 'Grace Okafor', /^Restore/)
  await expect(row(ada.page, 'Grace Okafor')).not.toContainText('Deactivated')
  await expect(window.getByText('Grace Okafor has been deactivated')).toHaveCount(0)

  // She has forgotten her password by now. The link alone says whose it is; its token stays out of the address.
  await choose(ada.page, 'Grace Okafor', /^Make a reset link/)
  const dialog = ada.page.getByRole('dialog', { name: 'A reset link for Grace Okafor' })
  await dialog.getByRole('button', { name: 'Make a reset link' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
  await picture(ada.page, '9-reset-link')
  await dialog.getByRole('button', { name: 'Done' }).click()
  const asked: string[] = []
  grace.page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`))
  const { pathname, hash } = new URL(link)
  await grace.page.goto(pathname + hash)
  await expect(grace.page.getByRole('heading', { name: 'A new password for Grace Okafor' })).toBeVisible()
  await picture(grace.page, '10-reset')
  expect(grace.page.url()).not.toContain('#')
  await grace.page.reload()
  await grace.page.getByLabel('New password', { exact: true }).fill('a rough morning at sea')
  await grace.page.getByRole('button', { name: 'Set the password' }).click()
  await expect(grace.page.getByRole('heading', { name: 'Your password is set' })).toBeVisible()
  expect(asked.filter((each) => each.includes(hash.slice(1)))).toEqual([])
  await grace.page.getByRole('button', { name: 'Sign in' }).click()
  await signIn(grace.page, emails.grace, 'a rough morning at sea')
  await expect(grace.page.getByRole('navigation', { name: 'Conversations' })).toBeVisible()

  // Everything is as it was, and what waited goes out.
  await grace.page.goto(`/c/${channel.id}`)
  await expect(message(grace.page, 'Written before')).toBeVisible()
  await window.goto(`/c/${channel.id}`)
  await expect(message(window, 'Written at sea')).toBeVisible({ timeout: 15_000 })

  // The link is used up.
  const again = await person()
  await again.page.goto(pathname + hash)
  await expect(again.page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await picture(again.page, '11-used')
})

test('on a small dark screen a person takes one line, and the menu, dialogs and page fit', async ({
  person,
  picture,
}) => {
  const ada = await person({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
  const post = (url: string, data: object) => ada.context.request.post(url, { data })
  await post('/v1/accounts', { name: 'Ada Lindqvist', email: emails.ada, password, setupCode })
  await ada.context.request.patch('/v1/place', { data: { signUp: 'open' } })
  const other = await person()
  const grace = await other.context.request.post('/v1/accounts', {
    data: { name: 'Grace Okafor', email: emails.grace, password },
  })
  const { id } = (await grace.json()) as { id: string }
  const longName = 'Nebukadnezar-Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfürst 🐋'
  const others = [longName, 'عمر الخيام', 'Yusuf Demir'].map(async (name, n) => {
    const made = await (
      await person()
    ).context.request.post('/v1/accounts', {
      data: { name, email: `other-${n}@tidewater.example`, password },
    })
    return ((await made.json()) as { id: string }).id
  })
  const yusufId = (await Promise.all(others)).at(-1)
  await ada.context.request.put(`/v1/accounts/${yusufId}/deactivation`)
  const fits = () =>
    expect.poll(() => ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await ada.page.goto('/settings/people')
  await expect(row(ada.page, 'Grace Okafor')).toBeVisible()
  // A name of eighty letters breaks once; a role never takes a line of its own.
  for (const [width, height] of [
    [390, 844],
    [320, 640],
  ] as const) {
    await ada.page.setViewportSize({ width, height })
    const heights = await ada.page
      .locator('.people .setting')
      .evaluateAll((rows) => rows.map((each) => each.getBoundingClientRect().height))
    expect(heights).toHaveLength(5)
    expect(Math.max(...heights), `at ${width}`).toBeLessThanOrEqual(60)
    await expect(ada.page.getByRole('combobox', { name: `Role of ${longName}` })).toBeInViewport({ ratio: 1 })
    await picture(ada.page, `0-people-${width}`)
    await fits()
  }
  await expect(row(ada.page, 'Yusuf Demir')).toContainText('Deactivated')
  await ada.page.getByRole('button', { name: 'More for Grace Okafor' }).focus()
  await ada.page.keyboard.press('Enter')
  // The menu says whose it is: it covers the row.
  await expect(ada.page.getByRole('menu').getByText('Grace Okafor')).toBeVisible()
  await expect(ada.page.getByRole('menuitem', { name: /^Deactivate/ })).toBeVisible()
  await picture(ada.page, '1-menu')
  await ada.page.keyboard.press('Escape')
  await choose(ada.page, 'Grace Okafor', /^Make a reset link/)
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Make a reset link' }).click()
  await expect(ada.page.getByRole('textbox', { name: 'Link' })).toBeVisible()
  await fits()
  await picture(ada.page, '2-reset-link')
  const link = await ada.page.getByRole('textbox', { name: 'Link' }).inputValue()
  await ada.page.getByRole('button', { name: 'Done' }).click()
  await choose(ada.page, 'Grace Okafor', /^Deactivate/)
  await fits()
  await picture(ada.page, '3-deactivate')
  await ada.page.getByRole('button', { name: 'Cancel' }).click()
  // Also who is signed in as somebody else here opens the link.
  await ada.page.goto(new URL(link).pathname + new URL(link).hash)
  await expect(ada.page.getByRole('heading', { name: 'A new password for Grace Okafor' })).toBeVisible()
  await fits()
  await picture(ada.page, '4-reset')
  await ada.context.request.put(`/v1/accounts/${id}/deactivation`)
  await ada.page.getByLabel('New password', { exact: true }).fill('a rough morning at sea')
  await ada.page.getByRole('button', { name: 'Set the password' }).click()
  await expect(ada.page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
})
