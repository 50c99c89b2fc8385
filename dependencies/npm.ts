import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Lock } from './report.ts'

/** Long enough for a slow registry, short enough for a gate (ms). */
const patience = 120_000

/** Folder → its lock file, of the product ('') and of the packages of their own beside it. */
export async function locksOf(root: string): Promise<Map<string, Lock>> {
  const folders = (await readdir(root, { withFileTypes: true })).filter((each) => each.isDirectory())
  const locks = new Map<string, Lock>()
  for (const folder of ['', ...folders.map(({ name }) => name).sort()]) {
    const text = await readFile(path.join(root, folder, 'package-lock.json'), 'utf8').catch(() => null)
    if (text !== null) locks.set(folder, JSON.parse(text) as Lock)
  }
  return locks
}

/** The report that npm prints, as JSON; null for any other output. npm reads the lock file alone: nothing has to be installed. */
export async function npmJson(folder: string, args: readonly string[]): Promise<unknown> {
  const options = { cwd: folder, timeout: patience, maxBuffer: 256 * 1024 * 1024, shell: process.platform === 'win32' }
  const text = await new Promise<string>((resolve) =>
    // Its exit code says that something was found, not that something failed.
    execFile('npm', [...args, '--package-lock-only'], options, (_error, stdout) => resolve(stdout)),
  )
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
