import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setupCode } from '../src/platform/testing/setup-code.ts'
import { type BusKind, startNodes } from './nodes.ts'
import { type Browser, type BrowserContext, type Page, test as base } from '@playwright/test'

// A journey's ground: the real process on an empty data folder, and people with a browser of their own each.

export interface Person {
  readonly context: BrowserContext
  readonly page: Page
}

/** A place that runs already and is empty, and so good for one journey: the try-out of the images. */
export const given = process.env.UI_URL
  ? { ui: process.env.UI_URL, api: process.env.API_URL ?? process.env.UI_URL }
  : undefined

/** `E2E_BUS=nats npm test -- e2e`: journeys on three processes with that bus, each person on another one. */
const bus = process.env.E2E_BUS as BusKind | undefined

export interface Ground {
  /** Where the place is: a new one for every test. Several: people are spread over them. */
  origins: readonly string[]
  /** Somebody with a fresh browser, by a name for the screenshots. */
  person: (options?: Parameters<Browser['newContext']>[0]) => Promise<Person>
  /** Keeps a picture of a page among the results. */
  picture: (page: Page, name: string) => Promise<void>
}

export const test = base.extend<Ground>({
  // oxlint-disable-next-line eslint/no-empty-pattern -- Playwright reads fixtures from this parameter
  origins: async ({}, provide) => {
    if (given) return provide([given.ui])
    if (bus) {
      const nodes = await startNodes(bus)
      await provide(nodes.origins)
      return nodes.stop()
    }
    const folder = await mkdtemp(path.join(tmpdir(), 'whale-e2e-'))
    const { origin, process: child } = await start(folder)
    await provide([origin])
    await stop(child)
    await rm(folder, { recursive: true, force: true })
  },
  person: async ({ browser, origins }, provide) => {
    const contexts: BrowserContext[] = []
    await provide(async (options) => {
      const baseURL = origins[contexts.length % origins.length]!
      const context = await browser.newContext({ baseURL, ...options })
      contexts.push(context)
      return { context, page: await context.newPage() }
    })
    for (const context of contexts) await context.close()
  },
  // oxlint-disable-next-line eslint/no-empty-pattern -- Playwright reads fixtures from this parameter
  picture: async ({}, provide, info) => {
    await provide(async (page, name) => {
      await page.screenshot({ path: info.outputPath(`${name}.png`), animations: 'disabled' })
    })
  },
})

export { expect } from '@playwright/test'

/** Starts the process as production does, and waits until it says where it is. */
export async function start(
  folder: string,
  env: Record<string, string> = {},
): Promise<{ origin: string; process: ChildProcess }> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: {
      ...process.env,
      DATA_DIR: folder,
      PORT: '0',
      METRICS_PORT: 'off',
      LOG_LEVEL: 'warn',
      SENDS_PER_MINUTE: '100000',
      REQUESTS_PER_MINUTE: '100000',
      REQUESTS_PER_MINUTE_OF_ADDRESS: '100000',
      SETUP_CODE: setupCode,
      // Journeys on a page without HTTPS come by this name.
      HOSTS: 'chat.tidewater.example',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const origin = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString()
      const [, url] = /All is Whale is at (\S+)/.exec(said) ?? []
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`The place did not start (${code}): ${said}`)))
  })
  return { origin, process: child }
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
}
