// Cuts out of the checkout what one image holds, so that npm downloads only that:
//   node infra/images/cut-out.ts <out> src/main.ts [migrations …] [npm:pino-pretty …]
// A .ts or .tsx file is an entry: it is taken with every module that it reaches by static or dynamic imports. Any other
// path is taken as it is, folders whole. The packages that the modules import become the dependencies of a package.json
// of the same name, and package-lock.json is cut to these and what they need, versions and hashes untouched: `npm ci`
// works on it as on the whole. `npm:*` asks for all of the product's `dependencies`, `npm:<name>` for a package that is
// named by a string only. Nothing but Node.js is needed to run this.
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { builtinModules, stripTypeScriptTypes } from 'node:module'
import path from 'node:path'

export interface Locked {
  version?: string
  dev?: boolean
  optional?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

interface Lock {
  packages: Record<string, Locked>
}

/** Every module that the entries reach, below `root`, and the packages that these import. Throws on a missing file. */
export function reach(root: string, entries: readonly string[]): { files: string[]; packages: string[] } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const waiting = [...entries]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    files.add(file)
    for (const asked of importsOf(readFileSync(path.join(root, file), 'utf8'))) {
      if (asked.startsWith('#')) waiting.push(path.posix.join('src', asked.slice(1)))
      else if (asked.startsWith('.')) waiting.push(path.posix.join(path.posix.dirname(file), asked))
      else if (!asked.startsWith('node:') && !builtinModules.includes(asked)) packages.add(packageOf(asked))
    }
  }
  return { files: [...files].sort(), packages: [...packages].sort() }
}

// Types are taken out first: `import type` loads nothing at run time.
const statement = /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g

function importsOf(source: string): string[] {
  const code = stripTypeScriptTypes(source).replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  return [...code.matchAll(statement), ...code.matchAll(dynamic)].map(([, asked = '']) => asked)
}

const packageOf = (asked: string): string =>
  asked
    .split('/')
    .slice(0, asked.startsWith('@') ? 2 : 1)
    .join('/')

/**
 * The paths in the lock file of these packages and of all that they need, found as Node.js finds them. Optional
 * packages stay in for every platform, as in the whole lock file; npm takes those of the machine. An optional peer
 * stays out unless something else asks for it.
 */
export function closure(packages: Readonly<Record<string, Locked>>, names: readonly string[]): string[] {
  const found = new Set<string>()
  const add = (from: string, name: string, must: boolean): void => {
    const at = resolve(packages, from, name)
    if (at === undefined) {
      if (must) throw new Error(`${name}, which ${from || 'the product'} needs, is not in package-lock.json.`)
      return
    }
    if (found.has(at)) return
    found.add(at)
    const { dependencies, optionalDependencies = {}, peerDependencies, peerDependenciesMeta } = packages[at]!
    for (const each of Object.keys(dependencies ?? {})) add(at, each, !(each in optionalDependencies))
    for (const each of Object.keys(optionalDependencies)) add(at, each, false)
    for (const each of Object.keys(peerDependencies ?? {}))
      if (!peerDependenciesMeta?.[each]?.optional) add(at, each, true)
  }
  for (const name of names) add('', name, true)
  return [...found].sort()
}

function resolve(packages: Readonly<Record<string, Locked>>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const at = folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`
    if (packages[at]) return at
    if (!folder) return undefined
  }
}

/** package.json and package-lock.json with these packages only. */
export function cutPackages(root: string, names: readonly string[]): { manifest: object; lock: object } {
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'))
  const manifest = read('package.json') as Record<string, Record<string, string>>
  const { name, version, type, imports, dependencies } = manifest
  const { packages, ...about } = read('package-lock.json') as Lock
  const wanted = names.includes('*') ? Object.keys(dependencies!) : names
  const versions = Object.fromEntries(
    [...wanted].sort().map((each) => {
      const asked = dependencies![each]
      // One that came with another package, or that only tests may use, would be another version tomorrow.
      if (!asked) throw new Error(`${each} is imported and does not stand under "dependencies" of package.json.`)
      return [each, asked]
    }),
  )
  const kept = closure(packages, Object.keys(versions)).map((at) => [at, packages[at]!] as const)
  return {
    manifest: { name, version, private: true, type, imports, dependencies: versions },
    lock: { ...about, packages: { '': { name, version, dependencies: versions }, ...Object.fromEntries(kept) } },
  }
}

async function cutOut(out: string, asked: readonly string[]): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..')
  const isEntry = (each: string) => /\.tsx?$/.test(each)
  const named = asked.filter((each) => each.startsWith('npm:')).map((each) => each.slice(4))
  const { files, packages } = reach(root, asked.filter(isEntry))
  const whole = asked.filter((each) => !each.startsWith('npm:') && !isEntry(each))
  const { manifest, lock } = cutPackages(root, [...packages, ...named])
  for (const file of [...files, ...whole]) {
    if (!existsSync(path.join(root, file))) throw new Error(`There is no ${file} to take along.`)
    await cp(path.join(root, file), path.join(out, file), { recursive: true })
  }
  await mkdir(out, { recursive: true })
  await writeFile(path.join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await writeFile(path.join(out, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`)
  const { length } = Object.keys((lock as Lock).packages)
  process.stdout.write(`${files.length} modules and ${length - 1} packages in ${out}\n`)
}

if (import.meta.main) {
  const [out, ...asked] = process.argv.slice(2)
  if (!out || asked.length === 0) throw new Error('Say where to, and what: cut-out.ts <out> <entry, path or npm:name>…')
  await cutOut(out, asked)
}
