import type { Page } from '@playwright/test'
import { expect } from './place.ts'

/** All rows of the page's databases in its browser. */
export const rowsOnDevice = (page: Page): Promise<unknown[]> =>
  page.evaluate(async () => {
    const rows: unknown[] = []
    for (const { name, version } of await indexedDB.databases()) {
      const request = indexedDB.open(name!, version)
      const opened = await new Promise<IDBDatabase>((resolve) => (request.onsuccess = () => resolve(request.result)))
      for (const store of opened.objectStoreNames) {
        const all = opened.transaction(store).objectStore(store).getAll()
        rows.push(...(await new Promise<unknown[]>((resolve) => (all.onsuccess = () => resolve(all.result)))))
      }
      opened.close()
    }
    return rows
  })

/** Waits until what was written outlasts the page: before it is reloaded, closed or put out. */
export async function outlasts(page: Page, text: string): Promise<void> {
  await expect.poll(async () => JSON.stringify(await rowsOnDevice(page))).toContain(text)
}

/** Waits until nothing has been fetched for three seconds: what comes later begins two seconds after the page. */
export async function hasFetchedAhead(page: Page): Promise<void> {
  const quiet = () =>
    page.evaluate(() => {
      const ends = performance
        .getEntriesByType('resource')
        .map((each) => (each as PerformanceResourceTiming).responseEnd)
      return performance.now() - Math.max(0, ...ends)
    })
  await expect.poll(quiet, { timeout: 30_000 }).toBeGreaterThan(3_000)
}
