import { chown, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataFolderInUse, diskFull, fileProblem, forbidden } from './problems.ts'

const sqlite = { busy: 5, locked: 6, readOnly: 8, full: 13, cannotOpen: 14 }

/**
 * Makes this process the only one that works in `folder`, until `release`. Throws `DataFolderInUse`.
 *
 * The lock is the kernel's (SQLite takes it on an empty file; Node.js has no other way to one): it cannot be taken
 * twice, and it is gone with its process, however that ends. No process id is guessed at. The file `owner` only
 * tells people whom to look for.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const owner = path.join(folder, 'owner')
  const lock = await take(folder, owner)
  try {
    // Root may use anybody's folder, and must not leave a lock there that its owner cannot take.
    const { uid, gid } = await stat(folder)
    if (process.getuid?.() === 0) await chown(path.join(folder, 'lock'), uid, gid)
    await writeFile(owner, `process ${process.pid} on ${hostname()} since ${new Date().toISOString()}\n`)
  } catch (error) {
    lock.close()
    throw await fileProblem(error, folder)
  }
  return {
    async release() {
      await rm(owner, { force: true })
      lock.close()
    },
  }
}

async function take(folder: string, owner: string): Promise<DatabaseSync> {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path.join(folder, 'lock'))
    // "immediate" takes the one write lock and leaves reading alone, so of two that try at once exactly one wins.
    // A journal in memory, because there is nothing to journal.
    lock.exec('pragma journal_mode = memory; begin immediate')
    return lock
  } catch (error) {
    lock?.close()
    const code = (error as { errcode?: number }).errcode
    if (code === sqlite.busy || code === sqlite.locked) {
      const who = (await readFile(owner, 'utf8').catch(() => '')).trim()
      throw new DataFolderInUse(
        `The data folder ${folder} is in use by another All is Whale${who ? ` (${who})` : ''}. ` +
          `Stop that one, or give this one a folder of its own with DATA_DIR=….`,
      )
    }
    if (code === sqlite.full) throw await diskFull(folder)
    if (code === sqlite.readOnly || code === sqlite.cannotOpen)
      throw forbidden(folder, 'the lock file cannot be written')
    throw error
  }
}
