import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer-core'
import { expect } from './place.ts'

const sentence =
  'SKIPPED: the journeys in Firefox need it (Debian package "firefox-esr": apt-get install firefox-esr), or FIREFOX=/path/to/it.'

/** The machine's Firefox, or null after one loud line. In CI its journeys are never skipped. */
export function findFirefox(): string | null {
  const given = process.env.FIREFOX
  if (given && existsSync(given)) return given
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of ['firefox-esr', 'firefox']) if (existsSync(join(folder, name))) return join(folder, name)
  const mac = '/Applications/Firefox.app/Contents/MacOS/firefox'
  if (existsSync(mac)) return mac
  if (process.env.CI) throw new Error(sentence)
  process.stderr.write(`\n${sentence}\n\n`)
  return null
}

/**
 * A Firefox of the distribution as it is, led by WebDriver BiDi: Playwright can lead only one that it has built itself.
 * It has a home of its own, since it refuses that of another user, and nobody's settings are touched.
 */
export async function startFirefox(executablePath: string): Promise<{ browser: Browser; stop: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'whale-firefox-'))
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    env: { ...process.env, HOME: home, MOZ_CRASHREPORTER_DISABLE: '1' },
    defaultViewport: { width: 1280, height: 860 },
    extraPrefsFirefox: { 'intl.accept_languages': 'en-GB', 'datareporting.policy.dataSubmissionEnabled': false },
  })
  return {
    browser,
    stop: async () => {
      await browser.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Of the replies that the journeys look at, what they read. */
interface Reply {
  id: string
  messages: { body: string }[]
}

/** Asks a place past the browser, with a session's cookie. Fails the test where the answer is a refusal. */
export function callerOf(origin: string) {
  return async (cookie: string, method: string, path: string, body?: object) => {
    const reply = await fetch(origin + path, {
      method,
      headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    expect(reply.ok, `${method} ${path}: ${reply.status}`).toBe(true)
    const text = await reply.text()
    const sent = reply.headers.getSetCookie().map((each) => each.split(';', 1)[0])
    return { json: (text ? JSON.parse(text) : null) as Reply, cookie: sent.join('; ') }
  }
}

/** Signs a browser in with cookies that a reply has set. */
export async function giveCookies(browser: Browser, origin: string, cookies: string): Promise<void> {
  for (const cookie of cookies.split('; ')) {
    const [name = '', ...value] = cookie.split('=')
    await browser.setCookie({ name, value: value.join('='), domain: new URL(origin).hostname })
  }
}
