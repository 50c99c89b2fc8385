import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { createChannel, foundPlace, invite, join, message, write } from './deeds.ts'
import { expect, given, start, stop, test } from './place.ts'

// The UI from one origin, the API on another: two processes, two ports of localhost. Nothing else may be needed.

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** A picture of one colour, made by the page itself. */
const picture = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 64
    canvas.getContext('2d')!.fillRect(0, 0, 64, 64)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
    return [...new Uint8Array(await blob!.arrayBuffer())]
  })

async function startApart() {
  const folders = [await mkdtemp(path.join(tmpdir(), 'whale-api-')), await mkdtemp(path.join(tmpdir(), 'whale-ui-'))]
  const [apiPort, uiPort] = [await freePort(), await freePort()]
  const [api, ui] = [`http://localhost:${apiPort}`, `http://localhost:${uiPort}`]
  const processes = [
    await start(folders[0]!, { PORT: String(apiPort), SERVE_UI: 'off', UI_ORIGIN: ui }),
    await start(folders[1]!, { PORT: String(uiPort), API_ORIGIN: api }),
  ]
  const end = async () => {
    await Promise.all(processes.map(({ process }) => stop(process)))
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
  return { api, ui, end }
}

test('the UI on an origin of its own: sign-up, live messages and pictures come from the API', async ({ browser }) => {
  const { api: apiOrigin, ui: uiOrigin, end } = given ? { ...given, end: async () => {} } : await startApart()
  const complaints: string[] = []
  const asked = new Set<string>()
  const open = async () => {
    const context = await browser.newContext({ baseURL: uiOrigin })
    const page = await context.newPage()
    page.on('console', (said) => {
      // Before signing in the browser notes that nobody is.
      if (said.type() === 'error' && !said.text().includes('401')) complaints.push(said.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => asked.add(new URL(request.url()).origin + new URL(request.url()).pathname))
    page.on('websocket', (socket) => asked.add(socket.url()))
    return page
  }
  try {
    const ada = await open()
    await foundPlace(ada, 'Ada Lindqvist', 'ada@tidewater.example')
    await createChannel(ada, 'general')
    const link = await invite(ada)
    expect(link).toContain(uiOrigin)
    const grace = await open()
    await join(grace, link, 'Grace Okafor', 'grace@tidewater.example')
    await grace.getByRole('link', { name: /general/ }).click()

    await write(ada, 'From one origin')
    await expect(message(grace, 'From one origin')).toBeVisible()
    await write(grace, 'And from the other')
    await expect(message(ada, 'And from the other')).toBeVisible()

    await ada.goto('/settings/profile')
    const buffer = Buffer.from(await picture(ada))
    await ada.locator('input[type=file]').setInputFiles({ name: 'ada.png', mimeType: 'image/png', buffer })
    const face = message(grace, 'From one origin').locator('.avatar img')
    await expect(face).toBeVisible()
    expect(await face.getAttribute('src')).toContain(apiOrigin)
    await expect.poll(() => face.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)

    await grace.reload()
    await expect(message(grace, 'And from the other')).toBeVisible()
    expect(asked).toContain(`${apiOrigin.replace('http', 'ws')}/v1/stream`)
    expect([...asked].filter((address) => address.startsWith(`${uiOrigin}/v1/`))).toEqual([])
    expect(complaints).toEqual([])
  } finally {
    await end()
  }
})
