// Runs an image as compose.yaml does: as its own user by number, on a root that cannot be written, without capabilities,
// with nothing but /tmp (in memory) and the image's volumes to write to.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { type Image, isRoot, network, searchPath } from './build.ts'

export interface Container {
  readonly image: Image
  /** The process id of the image's command, as this machine counts. */
  readonly pid: number
  /** What it has said so far. */
  said: () => string
  /** Asks it to stop as an engine would. Resolves to its exit code; after `seconds` it is killed. */
  stop: (seconds: number) => Promise<number>
}

export interface How {
  readonly env: Readonly<Record<string, string>>
  /** Folder in the image → folder of this machine. */
  readonly volumes?: Readonly<Record<string, string>>
}

/** The command line that runs `command` in the image. */
function sandboxed(image: Image, command: readonly string[], { env, volumes = {} }: How): [string, string[]] {
  const [user, group] = image.stage.user.split(':') as [string, string]
  const all = { PATH: searchPath, HOME: '/', ...image.stage.env, ...env }
  const args = [
    ['--unshare-all', '--share-net', '--unshare-user', '--uid', user, '--gid', group],
    ['--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--as-pid-1', '--hostname', image.name],
    ['--ro-bind', image.folder, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    network,
    Object.entries(volumes).flatMap(([to, from]) => ['--bind', from, to]),
    ['--clearenv'],
    Object.entries(all).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--chdir', image.stage.workdir, '--info-fd', '3', '--', ...command],
  ].flat()
  if (!isRoot) return ['bwrap', args]
  // The user is really another one, not root under another name: root's files are closed to it.
  return ['setpriv', ['--reuid', user, '--regid', group, '--clear-groups', '--', 'bwrap', ...args]]
}

function spawnIn(image: Image, command: readonly string[], how: How): { child: ChildProcess; said: () => string } {
  const child = spawn(...sandboxed(image, command, how), { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => (words += text))
  return { child, said: () => words }
}

/** Starts the image's own command and waits until its health check is content. Throws with what it said. */
export async function start(image: Image, how: How, args: readonly string[] = []): Promise<Container> {
  const { entrypoint, cmd, stopSignal } = image.stage
  const { child, said } = spawnIn(image, [...entrypoint, ...(args.length > 0 ? args : cmd)], how)
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : 255))
  const info = await Promise.race([whole(child.stdio[3] as Readable), ended.then(() => '')])
  const pid = info ? (JSON.parse(info) as { 'child-pid': number })['child-pid'] : 0
  const until = Date.now() + 30_000
  while (!(await isHealthy(image, how))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${image.name} did not get healthy:\n${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const stop = async (seconds: number): Promise<number> => {
    if (child.exitCode !== null) return child.exitCode
    process.kill(pid, stopSignal)
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    const code = await ended
    clearTimeout(timer)
    return code
  }
  return { image, pid, said, stop }
}

async function whole(stream: Readable): Promise<string> {
  let text = ''
  for await (const part of stream) {
    text += String(part)
    if (text.includes('}')) break
  }
  return text
}

/** Runs the image's HEALTHCHECK, in the same image. */
async function isHealthy(image: Image, how: How): Promise<boolean> {
  return (await runIn(image, image.stage.health ?? [], how)).code === 0
}

/** Runs one command in the image until it ends. */
export async function runIn(
  image: Image,
  command: readonly string[],
  how: How,
): Promise<{ code: number; said: string }> {
  const { child, said } = spawnIn(image, command, how)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? 255, said: said() }
}

/** What the machine's kernel says of a container's process: its user, its rights, and whether its root can be written. */
export function facts({ pid }: Container): {
  user: number
  capabilities: string
  noNewPrivileges: boolean
  root: string
} {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? ''
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n')
  const root = mounts.map((line) => line.split(' ')).find((words) => words[4] === '/')?.[5] ?? ''
  return {
    user: Number(field('Uid')),
    capabilities: field('CapEff'),
    noNewPrivileges: field('NoNewPrivs') === '1',
    root: root.split(',')[0]!,
  }
}

/** Why images cannot be run on this machine, or undefined. */
export async function obstacle(): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(path.delimiter).some((each) => existsSync(path.join(each, 'bwrap')))
  if (!onPath) return 'bubblewrap is not installed (apt-get install bubblewrap).'
  const [user, ...asUser] = isRoot ? ['setpriv', '--reuid', '10001', '--regid', '10001', '--clear-groups'] : ['env']
  const probe = ['bwrap', '--unshare-user', '--uid', '10001', '--ro-bind', '/', '/', '--', 'true']
  const child = spawn(user ?? 'env', [...asUser, ...probe], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return undefined
  return (
    `this machine lets nobody make user namespaces (${said.trim()}). Allow them ` +
    '(sysctl kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0; in a container ' +
    '--security-opt seccomp=unconfined), or build and run the images with a container engine.'
  )
}
