import { spawnSync } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataFolderInUse } from './problems.ts'

/**
 * Clears the way after an earlier server that was killed. Only for the holder of the folder's lock.
 *
 * PostgreSQL itself only asks whether the process in `postmaster.pid` exists, so a zombie or a stranger with the same
 * number (usual in containers) would keep it from starting for ever. A server that is still shutting down is waited
 * for, up to `patience` milliseconds; then it throws `DataFolderInUse`.
 */
export async function clearLeftover(cluster: string, patience = 30_000): Promise<void> {
  const file = path.join(cluster, 'postmaster.pid')
  const deadline = Date.now() + patience
  for (;;) {
    const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
    if (!pid || !(await isServerOf(cluster, pid))) return rm(file, { force: true })
    if (Date.now() > deadline) {
      throw new DataFolderInUse(
        `Another PostgreSQL server (process ${pid}) is running on ${cluster}. ` +
          `Stop it (kill -INT ${pid}), or choose another folder with DATA_DIR=….`,
      )
    }
    await sleep(50)
  }
}

async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' })
    return !stdout.trim().startsWith('Z') && stdout.includes('postgres') && stdout.includes(cluster)
  }
  // A server works in its data folder. A zombie has no folder, and a stranger's cannot be read or is another one.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return folder !== '' && folder === (await realpath(cluster))
}
