// Builds the UI into dist/ui when something that it is made of has changed.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stopping } from './child.mjs'
import { runOn } from './pinned-node.mjs'
import { oneAtATime } from './one-at-a-time.mjs'
import { Problem, at, root, say } from './place.mjs'

const stampFile = at('dist', 'ui.built')

/** Makes dist/ui match the sources; about 20 ms when it does already. Throws a Problem when the build fails. */
export async function buildUi(node) {
  if (!existsSync(at('vite.config.ts')) || built()) return
  await oneAtATime('ui', async () => {
    if (built()) return
    const sources = sourcesHash()
    say('Building the UI (once per change)…')
    const began = Date.now()
    const fresh = at('dist', 'ui.new')
    // Built aside and swapped in: a running server keeps its files until the new ones are whole.
    const args = [
      at('node_modules/vite/bin/vite.js'),
      'build',
      '--outDir',
      fresh,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ]
    const { code } = await runOn(node, args, { stdio: ['ignore', 2, 2] })
    if (stopping()) throw new Problem('Stopped while building the UI; the next command starts it again.')
    if (code !== 0) throw new Problem('The UI could not be built; the reason is above.')
    rmSync(at('dist', 'ui.old'), { recursive: true, force: true })
    if (existsSync(at('dist', 'ui'))) renameSync(at('dist', 'ui'), at('dist', 'ui.old'))
    renameSync(fresh, at('dist', 'ui'))
    rmSync(at('dist', 'ui.old'), { recursive: true, force: true })
    writeFileSync(stampFile, sources)
    say(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
  })
}

function built() {
  return existsSync(at('dist', 'ui')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourcesHash()
}

// All of src/ but tests: which server files the UI uses (contracts, rules) is not for this file to know.
function sourcesHash() {
  const files = readdirSync(at('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .concat(['vite.config.ts', 'package-lock.json', 'tsconfig.json'].map((name) => at(name)))
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file))
  for (const name of Object.keys(process.env).sort()) {
    if (name.startsWith('VITE_')) hash.update(`\0${name}=${process.env[name]}`)
  }
  return hash.digest('hex')
}
