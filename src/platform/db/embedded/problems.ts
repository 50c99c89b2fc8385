import { statfs } from 'node:fs/promises'
import path from 'node:path'

/** What keeps the embedded PostgreSQL from running: one sentence says what is wrong, another what to do. */
export class EmbeddedPostgresProblem extends Error {
  override name = this.constructor.name
}

/** This platform's PostgreSQL is not installed, or its programs do not run here. */
export class BinariesMissing extends EmbeddedPostgresProblem {}
/** Another process works with this data folder. */
export class DataFolderInUse extends EmbeddedPostgresProblem {}
/** The folder holds something that this launcher did not make; it is left alone. */
export class DataFolderForeign extends EmbeddedPostgresProblem {}
/** The data were written by another major version of PostgreSQL. */
export class DataFolderVersion extends EmbeddedPostgresProblem {}
/** PostgreSQL starts to read the data and gives up. */
export class DataFolderBroken extends EmbeddedPostgresProblem {}
/** This user may not read or write the data folder. */
export class DataFolderForbidden extends EmbeddedPostgresProblem {}
/** No space left for the data. */
export class DiskFull extends EmbeddedPostgresProblem {}
/** The server stopped although nobody asked it to. */
export class ServerStopped extends EmbeddedPostgresProblem {}

export async function diskFull(folder: string): Promise<DiskFull> {
  const free = await freeMegabytes(folder)
  return new DiskFull(
    `There is no space left for the database in ${folder}${free === undefined ? '' : ` (${free} MB free)`}. ` +
      `Free some space on that disk, or choose another one with DATA_DIR=….`,
  )
}

export const forbidden = (folder: string, reason: string): DataFolderForbidden =>
  new DataFolderForbidden(
    `The data folder ${folder} cannot be used by this user (${reason}). ` +
      `Give this user the folder (chown -R), start as the user who owns it, or choose another one with DATA_DIR=….`,
  )

export const broken = (folder: string, reason: string): DataFolderBroken =>
  new DataFolderBroken(
    `PostgreSQL cannot work with the data in ${folder}: ${reason}. ` +
      `Nothing was changed. Put a backup in its place, or move the folder away to begin with an empty one.`,
  )

/** A failed call of the file system as the problem that it means for a person; anything else stays what it is. */
export async function fileProblem(error: unknown, folder: string): Promise<unknown> {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder)
  if (code === 'EACCES' || code === 'EPERM') return forbidden(folder, 'permission denied')
  if (code === 'EROFS') return forbidden(folder, 'the disk is read-only')
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new DataFolderForeign(
      `The data folder ${folder} cannot be made, because a file is in its place. Move the file away, or set DATA_DIR=….`,
    )
  return error
}

/** What PostgreSQL wrote before it gave up, as the problem that it means for a person. */
export async function problemFromLog(log: string, folder: string): Promise<EmbeddedPostgresProblem> {
  if (/No space left on device|Disk quota exceeded/.test(log)) return diskFull(folder)
  if (/pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(log)) {
    return new DataFolderInUse(
      `Another PostgreSQL server is running on ${folder}. Stop it, or choose another folder with DATA_DIR=….`,
    )
  }
  if (/^(sh|unshare|\/bin\/sh): |error while loading shared libraries/m.test(log)) {
    return new BinariesMissing(
      `The embedded PostgreSQL does not run here (${log.trim().split('\n').at(-1)}). ` +
        `Give this user the checkout's files, or set DATABASE_URL to a PostgreSQL server of your own.`,
    )
  }
  if (/wrong ownership|invalid permissions|Permission denied/.test(log)) return forbidden(folder, lastComplaint(log))
  return broken(folder, lastComplaint(log))
}

/** The line in which PostgreSQL says why, without its severity and full stop. */
export function lastComplaint(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  const complaint =
    lines.findLast((line) => /\b(PANIC|FATAL|error):/.test(line)) ??
    lines.findLast((line) => /\bERROR:/.test(line)) ??
    lines.at(-1) ??
    'it ended without a word'
  return complaint.replace(/^.*?\b(PANIC|FATAL|ERROR|error):\s*/, '').replace(/\.$/, '')
}

async function freeMegabytes(folder: string): Promise<number | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at)
      return Math.floor((bavail * bsize) / 1_000_000)
    } catch {
      if (at === path.dirname(at)) return undefined
    }
  }
}
