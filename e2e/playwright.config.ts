import { defineConfig } from '@playwright/test'
import { findChromium } from './chromium.ts'

const chromium = findChromium()

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Every test has a place and people of its own. Three at a time, on two cores: much of a journey is waiting. Places of
  // several processes go alone.
  workers: process.env.E2E_BUS || process.env.E2E_BUSES ? 1 : 3,
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  // Without a browser nothing can be seen; `findChromium` has said so, and in CI it has failed.
  ...(chromium ? {} : { testIgnore: '**' }),
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 860 },
    locale: 'en-GB',
    timezoneId: 'Europe/Copenhagen',
    // A filmstrip of every page took a quarter of the time: a failure keeps its steps, the page at each of them, and
    // a picture of the end.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: true },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // A name that is not localhost, for what browsers refuse to such pages without HTTPS; with the other one, the
        // names under which the try-out of the images stands up one server.
        '--host-resolver-rules=MAP chat.tidewater.example 127.0.0.1, MAP api.tidewater.example 127.0.0.1',
        // A given place may have certificates of its own making: the try-out of the images.
        ...(process.env.UI_URL?.startsWith('https://') ? ['--ignore-certificate-errors'] : []),
      ],
    },
  },
})
