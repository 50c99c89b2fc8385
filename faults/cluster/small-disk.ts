import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'
import os from 'node:os'

// A disk that can be filled and freed: a file system in memory, whose size is changed while it is in use. The harness
// runs in a mount namespace of its own, so that whatever it mounts is gone with it, however it ends.

const mark = 'WHALE_FAULTS_OWN_MOUNTS'
const roomMb = 4_096

/** A folder on a disk of its own. */
export interface SmallDisk {
  readonly folder: string
  /** Leaves no room at all beyond what is used. */
  fill(): void
  free(): void
  remove(): void
}

const mount = (...args: string[]) => spawnSync('mount', args, { encoding: 'utf8' })

/** Whether this process may mount: it was started by `inOwnMounts`. */
export const mayMount = (): boolean => process.env[mark] === '1'

/**
 * Runs this program once more where it may mount, and resolves with its exit code; null: here it cannot, or it runs
 * there already. Says loudly that disks will not fill where that is so, and fails in CI.
 */
export async function inOwnMounts(say: (line: string) => void): Promise<number | null> {
  if (mayMount()) return null
  const isRoot = process.getuid?.() === 0
  const unshare = ['unshare', '--mount', ...(isRoot ? [] : ['--user', '--map-root-user']), '--']
  const [program, ...args] = unshare
  const probe = spawnSync(program!, [...args, 'mount', '-t', 'tmpfs', 'tmpfs', os.tmpdir()])
  if (probe.status !== 0) {
    const what = `NO DISK WILL FILL: nothing can be mounted here (${probe.error?.message ?? String(probe.stderr).trim()}).`
    if (process.env.CI) throw new Error(what)
    say(`\n${what}\n`)
    return null
  }
  // With its parent it ends, too.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...unshare, process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [mark]: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 130))
  })
}

/** Mounts one at `folder`, which it makes. */
export function smallDisk(folder: string): SmallDisk {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { status, stderr } = mount('-t', 'tmpfs', '-o', `size=${roomMb}m,mode=0700`, 'tmpfs', folder)
  if (status !== 0) throw new Error(`No disk can be mounted: ${stderr}`)
  const resize = (kb: number) => {
    const resized = mount('-o', `remount,size=${kb}k`, folder)
    if (resized.status !== 0) throw new Error(`The disk cannot be resized: ${resized.stderr}`)
  }
  return {
    folder,
    fill() {
      const { blocks, bfree, bsize } = statfsSync(folder)
      resize(Math.ceil(((blocks - bfree) * bsize) / 1024))
    },
    free: () => resize(roomMb * 1024),
    remove: () => void spawnSync('umount', ['--lazy', folder]),
  }
}
