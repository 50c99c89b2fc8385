import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { DataFolderForeign, DataFolderVersion, broken, fileProblem, problemFromLog } from './problems.ts'
import { runProgram } from './program.ts'
import type { Unprivileged } from './unprivileged.ts'

/** The major version of the PostgreSQL that comes with the product. */
export const majorVersion = '18'

/** The superuser of the embedded server. */
export const userName = 'whale'

/** PostgreSQL's own data folder inside ours. */
export const clusterOf = (folder: string): string => path.join(folder, 'cluster')

const passwordOf = (cluster: string): string => path.join(cluster, 'all-is-whale.password')
const isUnfinished = (name: string): boolean => name.startsWith('unfinished-')
const ownNames = new Set(['cluster', 'lock', 'lock-journal', 'owner'])

/** Makes `folder`, which only its owner may enter. A folder that is there already keeps its mode. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    // A recursive mkdir with a mode would give the mode to the parents too.
    await mkdir(path.dirname(folder), { recursive: true })
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } catch (error) {
    throw await fileProblem(error, folder)
  }
}

/**
 * Whether `folder` holds a database or waits for one. Throws when it holds anything else:
 * what we did not make, we neither use nor remove.
 */
export async function examine(folder: string): Promise<'ready' | 'empty'> {
  const names = await listing(folder)
  const strange = names.find((name) => !ownNames.has(name) && !isUnfinished(name))
  if (strange !== undefined) {
    throw new DataFolderForeign(
      `The data folder ${folder} holds files that are not All is Whale's (${strange}). ` +
        `Move them away, or choose another folder with DATA_DIR=….`,
    )
  }
  const cluster = clusterOf(folder)
  if (!names.includes('cluster') || (await listing(cluster)).length === 0) return 'empty'
  const version = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (version === '') throw broken(cluster, 'the file PG_VERSION is missing')
  if (version !== majorVersion) {
    throw new DataFolderVersion(
      `The data in ${cluster} were written by PostgreSQL ${version}, and this is PostgreSQL ${majorVersion}. ` +
        `Start the release that wrote them and move them over with pg_dump, or choose another folder with DATA_DIR=….`,
    )
  }
  return 'ready'
}

/** Removes what a setting-up that was killed has left. Only for the holder of the folder's lock. */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await listing(folder)).filter(isUnfinished)
  await Promise.all(names.map((name) => rm(path.join(folder, name), { recursive: true, force: true })))
}

/**
 * Makes the database. It is set up beside its place and moved there when it is whole,
 * so that a kill in the middle leaves nothing that looks like data.
 */
export async function initialise(
  folder: string,
  who: Unprivileged,
  { initdb, durable }: { initdb: string; durable: boolean },
): Promise<void> {
  const unfinished = path.join(folder, `unfinished-${process.pid}`)
  const password = path.join(folder, `unfinished-${process.pid}.password`)
  try {
    await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    await mkdir(unfinished, { mode: 0o700 })
    if (who.ids) for (const name of [folder, unfinished, password]) await chown(name, who.ids.uid, who.ids.gid)
    const { code, said } = await runProgram(who, [initdb, ...initdbOptions(unfinished, password, durable)])
    if (code !== 0) throw await problemFromLog(said, folder)
    await rename(password, passwordOf(unfinished))
    await rename(unfinished, clusterOf(folder))
    if (durable) await sync(folder)
  } catch (error) {
    await removeUnfinished(folder)
    throw await fileProblem(error, folder)
  }
}

// The built-in locale gives one order of text on every machine and release of the C library,
// so an index never goes wrong under a copied folder.
const initdbOptions = (cluster: string, password: string, durable: boolean): string[] => [
  `--pgdata=${cluster}`,
  `--username=${userName}`,
  `--pwfile=${password}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
  ...(durable ? [] : ['--no-sync']),
]

/** The superuser's password; any other user of this machine is kept out by it. */
export async function readPassword(folder: string): Promise<string> {
  const cluster = clusterOf(folder)
  try {
    // A copy made without its modes would be refused by PostgreSQL.
    if (((await lstat(cluster)).mode & 0o077) !== 0) await chmod(cluster, 0o700)
    return (await readFile(passwordOf(cluster), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw broken(cluster, 'the file all-is-whale.password is missing')
    throw await fileProblem(error, folder)
  }
}

async function listing(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw await fileProblem(error, folder)
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}
