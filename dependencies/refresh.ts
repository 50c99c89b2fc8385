import path from 'node:path'
import type { Known } from './judge.ts'
import { locksOf, npmJson } from './npm.ts'
import { findingsIn } from './report.ts'

/** Asks the registry about every lock file below `root`. null: it did not answer about all of them. */
export async function refreshed(root: string, now: Date): Promise<Known | null> {
  const known: Known = { refreshedAt: now.toISOString(), findings: [] }
  for (const [folder, lock] of await locksOf(root)) {
    const findings = findingsIn(await npmJson(path.join(root, folder), ['audit', '--json']), lock, folder)
    if (!findings) return null
    known.findings.push(...findings)
  }
  return known
}
