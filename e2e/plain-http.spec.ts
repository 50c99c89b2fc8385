import { setTimeout } from 'node:timers/promises'
import { act, createChannel, foundPlace, message, submit } from './deeds.ts'
import { expect, given, test } from './place.ts'

// A place on a machine in the same building, under a name and without HTTPS: browsers keep several things from such
// pages (crypto.randomUUID, the clipboard), and nothing may depend on them.

test.skip(given !== undefined, 'the place that was given has addresses of its own')

test('on a page without HTTPS one writes and copies as elsewhere', async ({ origins, person }) => {
  const { page } = await person({ baseURL: `http://chat.tidewater.example:${new URL(origins[0]!).port}` })
  await foundPlace(page, 'Ada Lindqvist', 'ada@tidewater.example')
  expect(await page.evaluate(() => [isSecureContext, 'clipboard' in navigator])).toEqual([false, false])
  await createChannel(page, 'general')
  // A server that takes its time: whoever acts on a message means the one that is kept, not the one that waits.
  await page.route('**/v1/conversations/*/messages', async (route) => {
    if (route.request().method() === 'POST') await setTimeout(700)
    await route.continue()
  })
  await submit(page, 'From the next room')
  await expect(message(page, 'From the next room')).toBeVisible()
  await expect(page.getByText('All caught up')).toBeVisible()

  await act(page, 'From the next room', /^Copy text/)
  await expect(page.getByText('Copied', { exact: true })).toBeVisible()
  const composer = page.getByRole('form', { name: 'New message' }).getByRole('textbox')
  await composer.focus()
  await page.keyboard.press('Control+V')
  await expect(composer).toHaveValue('From the next room')
})
