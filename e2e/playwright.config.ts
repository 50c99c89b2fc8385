import { defineConfig } from '@playwright/test'
import { findChromium } from './chromium.ts'

const chromium = findChromium()

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Each file runs a place of its own; on two cores, more browsers at once only make each other slow.
  workers: 1,
  fullyParallel: false,
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
    trace: 'retain-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        // A name that is not localhost, for what browsers refuse to such pages without HTTPS.
        '--host-resolver-rules=MAP chat.tidewater.example 127.0.0.1',
        // A given place may have certificates of its own making: the try-out of the images.
        ...(process.env.UI_URL?.startsWith('https://') ? ['--ignore-certificate-errors'] : []),
      ],
    },
  },
})
