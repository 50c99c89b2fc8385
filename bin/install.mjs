// Installs what the lock file asks for, and nothing when that is already there.
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { followParent, run, stopping } from './child.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { checkPinnedNode } from './pinned-node.mjs'
import { Problem, at, root, say } from './place.mjs'

/** `production` is enough to run the product; `full` adds what checks and tests need. */
export const Level = { production: 'production', full: 'full' }

const stampFile = at('node_modules', '.installed.json')

/** Makes node_modules match the lock file. Throws a Problem that says what to do; leaves no stamp then. */
export async function install(level) {
  if (installed(level)) return
  await oneAtATime('install', async () => {
    if (installed(level)) return
    if (!matchesLock(level)) await download(level)
    checkPinnedNode()
    writeStamp(level)
  })
}

async function download(level) {
  mayWrite()
  const upgrade = installed(Level.production)
  say(upgrade ? 'Installing what tests and checks need (once)…' : 'Installing dependencies (once)…')
  const began = Date.now()
  // Adding to a sound installation leaves alone what a running server uses; `npm ci` would empty node_modules.
  const how = upgrade
    ? ['install', '--no-save', '--include=dev']
    : ['ci', level === Level.full ? '--include=dev' : '--omit=dev']
  const [program, ...first] = npm()
  const args = [...first, ...how, '--include=optional', '--ignore-scripts', '--loglevel=error', '--no-progress']
  const env = { ...process.env, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${followParent}` }
  const { code, signal } = await run(program, args, { env, stdio: ['ignore', 2, 2] }).catch((error) => {
    if (error.code === 'ENOENT')
      throw new Problem('npm was not found. Install Node.js together with npm and try again.')
    throw error
  })
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

function mayWrite() {
  try {
    accessSync(existsSync(at('node_modules')) ? at('node_modules') : root, constants.W_OK)
  } catch {
    throw new Problem(`This user may not write to ${at('node_modules')}. Run the command as the owner of the checkout.`)
  }
}

function installed(level) {
  const stamp = read(stampFile)
  return stamp?.lock === lockHash() && stamp.platform === platform && [level, Level.full].includes(stamp.level)
}

function writeStamp(level) {
  writeFileSync(stampFile, `${JSON.stringify({ lock: lockHash(), platform, level })}\n`)
}

const platform = `${process.platform}-${process.arch}`
const groups = ['dependencies', 'optionalDependencies', 'devDependencies']

// What package.json asks for counts too: when it does not fit the lock file, npm is to say so.
function lockHash() {
  const asked = read(at('package.json'))
  const hash = createHash('sha256').update(readFileSync(at('package-lock.json')))
  return hash.update(JSON.stringify(groups.map((group) => asked[group] ?? {}))).digest('hex')
}

// Somebody ran npm by hand: when it all fits, there is nothing to do. npm writes its own record of what is in
// node_modules last, so a half-done installation does not count.
function matchesLock(level) {
  const wanted = read(at('package-lock.json')).packages
  const present = read(at('node_modules', '.package-lock.json'))?.packages
  if (!present || !fitsPackageJson(wanted[''])) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || (level === Level.production && (entry.dev || entry.devOptional))) return true
    if (!present[path]) return entry.optional === true && !isMeantForThisPlatform(entry)
    return present[path].integrity === entry.integrity && existsSync(at(path, 'package.json'))
  })
}

function fitsPackageJson(locked) {
  const asked = read(at('package.json'))
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
