import {
  act,
  composer,
  createChannel,
  foundPlace,
  invite,
  join,
  message,
  pathOf,
  submit,
  timeline,
  write,
} from './deeds.ts'
import { expect, type Ground } from './place.ts'

/**
 * Two people talk; one loses the network, writes on, and comes back; both screens equal a fresh reload. Returns them,
 * with what both see.
 */
export async function twoPeopleTalk({ person, picture }: Pick<Ground, 'person' | 'picture'>) {
  const ada = await person()
  await foundPlace(ada.page, 'Ada Lindqvist', 'ada@tidewater.example')
  await picture(ada.page, '1-empty-place')
  await createChannel(ada.page, 'general')
  const link = pathOf(await invite(ada.page))

  const grace = await person()
  await grace.page.goto(link)
  await picture(grace.page, '2-invitation')
  await join(grace.page, link, 'Grace Okafor', 'grace@tidewater.example')
  if (!(await grace.page.getByRole('main', { name: 'general' }).isVisible()))
    await grace.page
      .getByRole('navigation', { name: 'Conversations' })
      .getByRole('link', { name: /general/ })
      .click()
  const joinButton = grace.page.getByRole('button', { name: /^Join/ })
  await expect(composer(grace.page).or(joinButton)).toBeVisible()
  if (await joinButton.isVisible()) await joinButton.click()

  // Live, both ways.
  await write(ada.page, 'Morning, Grace')
  await expect(message(grace.page, 'Morning, Grace')).toBeVisible()
  await write(grace.page, 'Morning, Ada')
  await expect(message(ada.page, 'Morning, Ada')).toBeVisible()
  await write(ada.page, 'To be edited')
  await write(ada.page, 'To be deleted')
  await expect(message(grace.page, 'To be deleted')).toBeVisible()
  await picture(ada.page, '3-talking')

  // Grace loses the network and writes on.
  await grace.context.setOffline(true)
  await submit(grace.page, 'Written at sea, one')
  await submit(grace.page, 'Written at sea, two')
  await expect(message(grace.page, 'Written at sea, two')).toBeVisible()
  await expect(grace.page.getByText('Waiting for connection').first()).toBeVisible()
  await picture(grace.page, '4-offline')

  await act(ada.page, 'To be edited', /^Edit/)
  const editor = ada.page.getByRole('textbox', { name: /Edit/ })
  await editor.fill('Edited while Grace was away')
  await editor.press('Enter')
  await expect(message(ada.page, 'Edited while Grace was away')).toBeVisible()
  await act(ada.page, 'To be deleted', /^Delete/)
  await ada.page
    .getByRole('dialog')
    .or(ada.page.getByRole('alertdialog'))
    .getByRole('button', { name: 'Delete message' })
    .click()
  await expect(message(ada.page, 'deleted this message')).toBeVisible()
  await write(ada.page, 'Written ashore meanwhile')

  // She comes back.
  await grace.context.setOffline(false)
  for (const { page } of [ada, grace]) {
    await expect(message(page, 'Written at sea, two')).toBeVisible({ timeout: 30_000 })
    await expect(message(page, 'Written ashore meanwhile')).toBeVisible()
    await expect(message(page, 'Edited while Grace was away')).toBeVisible()
    await expect(page.getByText('To be deleted')).toHaveCount(0)
    await expect(page.getByText('Waiting for connection')).toHaveCount(0)
  }
  await picture(grace.page, '5-back')

  const [adas, graces] = [await timeline(ada.page), await timeline(grace.page)]
  for (const page of [ada.page, grace.page]) {
    const before = page === ada.page ? adas : graces
    await page.reload()
    await expect(message(page, 'Written ashore meanwhile')).toBeVisible()
    await expect.poll(() => timeline(page)).toEqual(before)
  }
  // The same for both, in the same order, and nothing twice.
  expect(graces).toEqual(adas)
  expect(adas).toHaveLength(7)
  expect(new Set(adas).size).toBe(7)
  await picture(ada.page, '6-after-reload')
  return { ada, grace, seen: adas }
}
