import { execFileSync, spawn } from 'node:child_process'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { chmod, cp, mkdir, readFile, readdir, lchown, lstat } from 'node:fs/promises'
import path from 'node:path'
import { machinePrograms } from './base.ts'
import { context } from './context.ts'
import { type Copy, parseDockerfile, type Run, type Stage } from './dockerfile.ts'

export interface Image {
  readonly name: string
  /** What a container of it would see as `/`. */
  readonly folder: string
  readonly stage: Stage
}

interface Build {
  /** The checkout, which is the build context. */
  readonly root: string
  /** The stand-in for the base image (base.ts). */
  readonly base: string
  /** A folder for the stages, which is the caller's to remove. */
  readonly work: string
}

export const isRoot = process.getuid?.() === 0

/** Does what `docker build -f <dockerfile>` does, stage by stage, in folders. Throws at the first step that fails. */
export async function build(name: string, dockerfile: string, { root, base, work }: Build): Promise<Image> {
  const stages = parseDockerfile(await readFile(dockerfile, 'utf8'), { NODE_IMAGE: 'stand-in' })
  const folders = new Map<string, string>()
  let folder = ''
  for (const [index, stage] of stages.entries()) {
    folder = path.join(work, name, stage.name ?? String(index))
    await mkdir(path.dirname(folder), { recursive: true })
    // Links, not copies: a stage may remove what the base has, and does not write into it.
    execFileSync('cp', ['-al', base, folder])
    await chmod(folder, 0o755)
    if (stage.name) folders.set(stage.name, folder)
    let workdir = '/'
    for (const step of stage.steps) {
      if (step.do === 'workdir') await mkdir(inside(folder, (workdir = path.posix.resolve(workdir, step.folder))), deep)
      else if (step.do === 'copy') await copy(step, folder, workdir, folders, root)
      else await run(step, folder, workdir, stage)
    }
  }
  return { name, folder, stage: stages.at(-1)! }
}

const deep = { recursive: true } as const
const inside = (folder: string, file: string): string => path.join(folder, path.posix.resolve('/', file))

async function copy(step: Copy, folder: string, workdir: string, folders: Map<string, string>, root: string) {
  const ofContext = step.from === undefined ? context(root) : undefined
  const origin = step.from === undefined ? root : folders.get(step.from)!
  for (const source of step.sources) {
    const from = inside(origin, source)
    if (!existsSync(from) || ofContext?.(path.relative(root, from)) === false)
      throw new Error(`COPY ${source}: it is not there, or .dockerignore keeps it out`)
    // As Docker: of a folder what is in it, of a file the file itself.
    const isFolder = statSync(from).isDirectory()
    const target = path.posix.resolve(workdir, step.to)
    const to = inside(
      folder,
      isFolder || !/\/$|^\.$/.test(step.to) ? target : path.posix.join(target, path.basename(source)),
    )
    await mkdir(isFolder ? to : path.dirname(to), deep)
    if (ofContext) {
      const filter = (file: string) => file === from || ofContext(path.relative(root, file))
      await cp(from, to, { recursive: true, verbatimSymlinks: true, filter })
    } else execFileSync('cp', [step.chown ? '-a' : '-al', isFolder ? `${from}/.` : from, to])
    if (step.chown) await own(to, step.chown)
  }
}

async function own(folder: string, owner: string): Promise<void> {
  // Another user's files cannot be made without being root; whoever runs the image is this user then.
  if (!isRoot) return
  const [user = 0, group = user] = owner.split(':').map(Number)
  await lchown(folder, user, group)
  if (!(await lstat(folder)).isDirectory()) return
  for (const entry of await readdir(folder, deep)) await lchown(path.join(folder, entry), user, group)
}

async function run(step: Run, folder: string, workdir: string, stage: Stage): Promise<void> {
  const mounts = step.mounts.flatMap(({ type, target, id }) => {
    if (type === 'cache') return ['--bind', npmSetting('cache'), target]
    const file = id === 'npmrc' ? npmSetting('userconfig') : ''
    return existsSync(file) ? ['--ro-bind', file, target] : []
  })
  const registry = reachRegistry()
  const env = { ...registry.env, ...stage.env, HOME: '/root', PATH: searchPath }
  const args = [
    isRoot ? [] : ['--unshare-user', '--uid', '0', '--gid', '0'],
    ['--unshare-pid', '--unshare-ipc', '--die-with-parent', '--new-session', '--clearenv'],
    ['--bind', folder, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    machinePrograms().flatMap((each) => ['--ro-bind', realpathSync(each), each]),
    network,
    mounts,
    registry.mounts,
    Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ['--chdir', workdir, '/bin/sh', '-c', step.command],
  ].flat()
  const child = spawn('bwrap', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`RUN ${step.command} ended with ${String(code)}:\n${output.trimEnd()}`)
}

/** Names are looked up as this machine does. */
export const network = ['/etc/resolv.conf', '/etc/hosts'].flatMap((file) => ['--ro-bind', realpathSync(file), file])
export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

const npmSetting = (name: string): string => execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim()

/** How this machine reaches the registry: behind a proxy, with a certificate authority of its own, or at another address. */
function reachRegistry(): { env: Record<string, string>; mounts: string[] } {
  const isProxy = ([name]: [string, unknown]): boolean => /^(https?_proxy|no_proxy)$/i.test(name)
  const env = Object.fromEntries(Object.entries(process.env).filter(isProxy)) as Record<string, string>
  env.npm_config_registry = npmSetting('registry')
  // What the cache has is not asked for again.
  env.npm_config_prefer_offline = 'true'
  const authority = [npmSetting('cafile'), process.env.NODE_EXTRA_CA_CERTS].find((file) => file && existsSync(file))
  if (!authority) return { env, mounts: [] }
  env.npm_config_cafile = '/tmp/authority.pem'
  return { env, mounts: ['--ro-bind', realpathSync(authority), env.npm_config_cafile] }
}
