// What stands in for the official Node.js image, which only a container engine could fetch: this Node.js with npm at
// the same paths, and the shared libraries that it is linked with. It has no shell and no other program, so what runs
// on it needs none; while an image is built, `RUN` gets the machine's own shell (build.ts).
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, realpathSync } from 'node:fs'
import { copyFile, cp, link, mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Lays the base out in `folder`. Throws with a sentence when this machine lacks something. */
export async function layOutBase(folder: string): Promise<void> {
  const place = async (file: string): Promise<string> => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    return path.join(folder, file)
  }
  const node = realpathSync(process.execPath)
  const linked = [...execFileSync('ldd', [node], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(
    ([, file = '']) => file,
  )
  // The rest of the C library, which packages with compiled parts are linked with.
  const ofC = path.dirname(linked.find((file) => path.basename(file) === 'libc.so.6')!)
  const rest = globSync(`${ofC}/{libresolv,librt,libutil,libnss_dns,libnss_files}.so.[0-9]`)
  for (const library of [...linked, ...rest]) await copyFile(realpathSync(library), await place(library))
  const to = await place('usr/local/bin/node')
  // 120 MB that need not be copied, unless the temporary folder is on another disk.
  await link(node, to).catch(async () => copyFile(node, to))

  const npm = path.dirname(path.dirname(npmScript()))
  await cp(npm, await place('usr/local/lib/node_modules/npm'), { recursive: true })
  for (const name of ['npm', 'npx'])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, await place(`usr/local/bin/${name}`))

  await writeFile(await place('etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n')
  await writeFile(await place('etc/group'), 'root:x:0:\nnode:x:1000:\n')
  for (const file of ['etc/resolv.conf', 'etc/hosts']) await writeFile(await place(file), '')
  for (const mount of ['proc', 'dev', 'tmp', 'root']) await mkdir(path.join(folder, mount))
}

function npmScript(): string {
  const started = process.env.npm_execpath
  const onPath = (process.env.PATH ?? '').split(path.delimiter).map((each) => path.join(each, 'npm'))
  const found = [...(started ? [started] : []), ...onPath].find((each) => existsSync(each))
  const script = found && realpathSync(found)
  if (script && path.basename(script) === 'npm-cli.js') return script
  throw new Error('npm was not found on PATH.')
}

/** Folders of this machine's own programs, for the shell of `RUN`. */
export const machinePrograms = (): string[] =>
  globSync(['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64'])
