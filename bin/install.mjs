// Installs what the lock file asks for, and nothing when that is already there.
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { followParent, run, stopping } from './child.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { checkPinnedNode } from './pinned-node.mjs'
import { Problem, at, say } from './place.mjs'

/** `production` is enough to run the product; `full` adds what checks and tests need. */
export const Level = { production: 'production', full: 'full' }

/**
 * Makes the node_modules of a package match its lock file. `folder` is '' for the product itself, or the name of a
 * package of its own, like `infra`. Throws a Problem that says what to do; leaves no stamp then.
 */
export async function install(level, folder = '') {
  if (installed(level, folder)) return
  await oneAtATime(folder ? `install-${folder}` : 'install', async () => {
    if (installed(level, folder)) return
    if (!matchesLock(level, folder)) await download(level, folder)
    if (!folder) checkPinnedNode()
    writeStamp(level, folder)
  })
}

/** The packages of their own that a command line's paths lie in: `infra/check.ts` → `infra`. */
export function packagesOf(args) {
  const folders = args.map((arg) => /^(?:\.\/)?([\w-]+)\//.exec(arg)?.[1])
  return [...new Set(folders)].filter((folder) => folder && existsSync(at(folder, 'package-lock.json')))
}

async function download(level, folder) {
  mayWrite(folder)
  const upgrade = installed(Level.production, folder)
  const what = folder ? `what ${folder}/ needs` : upgrade ? 'what tests and checks need' : 'dependencies'
  say(`Installing ${what} (once)…`)
  const began = Date.now()
  // Adding to a sound installation leaves alone what a running server uses; `npm ci` would empty node_modules.
  const how = upgrade
    ? ['install', '--no-save', '--include=dev']
    : ['ci', level === Level.full ? '--include=dev' : '--omit=dev']
  const [program, ...first] = npm()
  const args = [...first, ...how, '--include=optional', '--ignore-scripts', '--loglevel=error', '--no-progress']
  const env = { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${followParent}` }
  const { code, signal } = await run(program, args, { cwd: at(folder), env, stdio: ['ignore', 2, 2] }).catch(
    (error) => {
      if (error.code === 'ENOENT')
        throw new Problem('npm was not found. Install Node.js together with npm and try again.')
      throw error
    },
  )
  if (stopping()) throw new Problem('Stopped while installing; the next command starts it again.')
  if (code !== 0) {
    throw new Problem(
      `Installing failed (npm ended with ${signal ?? code}; its own words are above). ` +
        `Check the network, the registry (npm config get registry) and free disk space, then run the command again.`,
    )
  }
  say(`Installed in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
}

// The npm that started us, so that `npx npm@10 start` stays with that one; otherwise the one on PATH.
function npm() {
  const started = process.env.npm_execpath
  return started && basename(started) === 'npm-cli.js' ? [process.execPath, started] : ['npm']
}

function mayWrite(folder) {
  const modules = at(folder, 'node_modules')
  try {
    accessSync(existsSync(modules) ? modules : at(folder), constants.W_OK)
  } catch {
    throw new Problem(`This user may not write to ${modules}. Run the command as the owner of the checkout.`)
  }
}

const stampFile = (folder) => at(folder, 'node_modules', '.installed.json')

function installed(level, folder) {
  const stamp = read(stampFile(folder))
  return stamp?.lock === lockHash(folder) && stamp.platform === platform && [level, Level.full].includes(stamp.level)
}

function writeStamp(level, folder) {
  // A package without dependencies gets no node_modules from npm.
  mkdirSync(at(folder, 'node_modules'), { recursive: true })
  writeFileSync(stampFile(folder), `${JSON.stringify({ lock: lockHash(folder), platform, level })}\n`)
}

const platform = `${process.platform}-${process.arch}`
const groups = ['dependencies', 'optionalDependencies', 'devDependencies']

// What package.json asks for counts too: when it does not fit the lock file, npm is to say so.
function lockHash(folder) {
  const asked = read(at(folder, 'package.json'))
  const hash = createHash('sha256').update(readFileSync(at(folder, 'package-lock.json')))
  return hash.update(JSON.stringify(groups.map((group) => asked[group] ?? {}))).digest('hex')
}

// Somebody ran npm by hand: when it all fits, there is nothing to do. npm writes its own record of what is in
// node_modules last, so a half-done installation does not count.
function matchesLock(level, folder) {
  const wanted = read(at(folder, 'package-lock.json')).packages
  const present = read(at(folder, 'node_modules', '.package-lock.json'))?.packages
  if (!present || !fitsPackageJson(wanted[''], folder)) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || (level === Level.production && (entry.dev || entry.devOptional))) return true
    if (!present[path]) return entry.optional === true && !isMeantForThisPlatform(entry)
    return present[path].integrity === entry.integrity && existsSync(at(folder, path, 'package.json'))
  })
}

function fitsPackageJson(locked, folder) {
  const asked = read(at(folder, 'package.json'))
  const same = (one = {}, other = {}) =>
    Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((name) => one[name] === other[name])
  return groups.every((group) => same(asked[group], locked[group]))
}

// An optional package that names no platform belongs to one that does (WebAssembly fallbacks and their parts).
const isMeantForThisPlatform = ({ os, cpu, libc }) =>
  !libc?.includes('musl') &&
  (os !== undefined || cpu !== undefined) &&
  (os?.includes(process.platform) ?? true) &&
  (cpu?.includes(process.arch) ?? true)

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
