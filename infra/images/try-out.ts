// `npm run tryout:images`: what the Dockerfiles here make, without a container engine. Their own steps are carried out
// in folders on a stand-in for the base image, and what comes out is run with bubblewrap as compose.yaml runs it: another
// user, a root that cannot be written, no capabilities. Then people talk to each other through it, in a real browser,
// over a real PostgreSQL, with the UI on another origin than the API. `-- build` ends before anything is run.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, lchown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { urlFor } from '../../src/platform/db/api-role.ts'
import { startEmbeddedPostgres } from '../../src/platform/db/embedded/start.ts'
import { setupCode } from '../../src/platform/testing/setup-code.ts'
import { layOutBase } from './tryout/base.ts'
import { build, type Image, isRoot } from './tryout/build.ts'
import { createDatabase } from './tryout/database.ts'
import { findProgram, type Neighbour, startCaddy, startNats } from './tryout/one-server.ts'
import { freePort } from './tryout/ports.ts'
import { type Container, facts, obstacle, runIn, start } from './tryout/sandbox.ts'
import { weigh } from './tryout/size.ts'
import { complaintsAboutNames } from './tryout/names.ts'
import { complaintsAboutUi } from './tryout/ui-answers.ts'

const root = path.resolve(import.meta.dirname, '../..')
const say = (line: string): boolean => process.stdout.write(`${line}\n`)
const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** Says what this machine did not let be tried. In the gate nothing is left out in silence. */
function leaveOut(what: string): void {
  say(`SKIPPED ${what}`)
  if (process.env.CI) process.exitCode = 1
}

async function main(work: string): Promise<void> {
  const images = await buildAll(work)
  if (process.argv.includes('build')) return
  const postgres = await startEmbeddedPostgres(path.join(work, 'postgres'), { durable: false })
  try {
    await twoOrigins(images, postgres.url, work)
    const missing = ['caddy', 'nats-server'].filter((name) => !findProgram(name))
    if (missing.length === 0) await oneServer(images, postgres.url, work)
    else leaveOut(`the try-out of one server: not installed: ${missing.join(', ')}`)
    await refusals(images)
    await certSyncStarts(images['cert-sync'])
  } finally {
    await postgres.stop()
  }
}

async function buildAll(work: string): Promise<Images> {
  const base = path.join(work, 'base')
  await layOutBase(base)
  const make = async (name: string): Promise<Image> => {
    const began = performance.now()
    const image = await build(name, path.join(import.meta.dirname, `${name}.Dockerfile`), { root, base, work })
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const { added, packed, parts } = await weigh(image, base)
    say(`${name} adds ${MB(added)} to its base, ${MB(packed)} packed (made in ${seconds} s)`)
    for (const [part, bytes] of parts.slice(0, 6)) say(`  ${MB(bytes).padStart(8)}  ${part}`)
    return image
  }
  return { api: await make('api'), ui: await make('ui'), 'cert-sync': await make('cert-sync') }
}

type Images = Record<'api' | 'ui' | 'cert-sync', Image>

/** The least that runs: one API, and the UI on another port of localhost. */
async function twoOrigins(images: Images, server: string, work: string): Promise<void> {
  const [apiPort, uiPort] = [await freePort(), await freePort()]
  const [api, ui] = [`http://localhost:${apiPort}`, `http://localhost:${uiPort}`]
  const { owner, database } = await freshDatabase(server)
  const given = { ...common, DATABASE_URL: database, UI_ORIGIN: ui, API_ORIGIN: api, MIGRATE: 'off' }
  // As in a cluster: a step of its own before the first API starts.
  const migrated = await runIn(images.api, ['node', 'src/migrate.ts'], { env: { ...given, DATABASE_OWNER_URL: owner } })
  if (migrated.code !== 0) throw new Error(`The api image cannot migrate:\n${migrated.said}`)
  const files = await volume(images.api, work)
  const made = await runIn(images.api, ['node', 'src/setup-code.ts'], { env: given, volumes: files })
  if (made.code !== 0 || !made.said.includes('/data/setup-code'))
    throw new Error(`The api image makes no setup code:\n${made.said}`)
  await withContainers(async (run) => {
    await run(images.api, { ...given, PORT: String(apiPort), METRICS_PORT: '0' }, files)
    await run(images.ui, { ...common, PORT: String(uiPort), PUBLIC_URL: ui, API_ORIGIN: api })
    const complaints = await complaintsAboutUi(ui, api)
    if (complaints.length > 0) throw new Error(`The ui image:\n  ${complaints.join('\n  ')}`)
    await runJourney('other-origin.spec.ts', { UI_URL: ui, API_URL: api })
  })
}

/** What compose.yaml stands up, at two names with https. */
async function oneServer(images: Images, server: string, work: string): Promise<void> {
  // Two names of one domain that nobody would know without being told; e2e/playwright.config.ts leads them here.
  const [uiHost, apiHost] = ['chat.tidewater.example', 'api.tidewater.example']
  const at = { uiHost, apiHost, httpPort: await freePort(), httpsPort: await freePort() }
  const [api, ui] = [`https://${apiHost}:${at.httpsPort}`, `https://${uiHost}:${at.httpsPort}`]
  const ports = { apis: [await freePort(), await freePort()], ui: await freePort() }
  const nats = await startNats()
  const neighbours: Neighbour[] = [nats]
  const given = { ...common, TRUSTED_PROXIES: 'loopback', UI_ORIGIN: ui, API_ORIGIN: api, NATS_URL: nats.url }
  try {
    await withContainers(async (run) => {
      const { owner, database } = await freshDatabase(server)
      const env = { ...given, DATABASE_URL: database, MIGRATE: 'off', METRICS_PORT: '0' }
      const migrate = { env: { ...env, DATABASE_OWNER_URL: owner } }
      const migrated = await runIn(images.api, ['node', 'src/migrate.ts'], migrate)
      if (migrated.code !== 0) throw new Error(`The api image cannot migrate:\n${migrated.said}`)
      const files = await volume(images.api, work)
      for (const port of ports.apis) await run(images.api, { ...env, PORT: String(port) }, files)
      const ofUi = { PORT: String(ports.ui), PUBLIC_URL: ui, API_ORIGIN: api }
      await run(images.ui, { ...common, TRUSTED_PROXIES: 'loopback', ...ofUi })
      const complaints = [
        ...(await complaintsAboutNames(ports.ui, '/', uiHost)),
        ...(await complaintsAboutNames(ports.apis[0]!, '/openapi.json', apiHost)),
      ]
      if (complaints.length > 0) throw new Error(`The names:\n  ${complaints.join('\n  ')}`)
      neighbours.push(await startCaddy(at, ports.ui, ports.apis, work))
      await runJourney('journey.spec.ts', { UI_URL: ui, API_URL: api })
    })
  } catch (error) {
    for (const { name, said } of neighbours) say(`── ${name} said ──\n${said().trimEnd()}`)
    throw error
  } finally {
    for (const { process } of neighbours) process.kill('SIGTERM')
  }
}

// Loopback instead of every network: nobody else shall get in while it runs.
const common = { HOST: '127.0.0.1', LOG_LEVEL: 'warn', SETUP_CODE: setupCode }
/** Two roles, as every set-up has them: the migrations make the second. */
async function freshDatabase(server: string): Promise<{ owner: string; database: string }> {
  const owner = await createDatabase(server, `tryout_${randomBytes(4).toString('hex')}`)
  return { owner, database: urlFor(owner, { name: 'whale_api', password: 'of-the-try-out' }) }
}

/** A folder for /data with the owner that the image's own has, as an engine gives it to a fresh volume. */
async function volume(image: Image, work: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(path.join(work, 'data-'))
  const [user, group] = image.stage.user.split(':').map(Number) as [number, number]
  if (isRoot) await lchown(folder, user, group)
  return { '/data': folder }
}

type RunOne = (image: Image, env: Record<string, string>, volumes?: Record<string, string>) => Promise<void>

/** Starts containers, looks at their rights, and sees that they stop in good order; shows what they said if not. */
async function withContainers(within: (run: RunOne) => Promise<void>): Promise<void> {
  const running: Container[] = []
  try {
    await within(async (image, env, volumes = {}) => {
      const container = await start(image, { env, volumes })
      running.push(container)
      checkFacts(container)
    })
    for (const each of running) await stopInOrder(each)
  } catch (error) {
    for (const { image, said } of running) say(`── ${image.name} said ──\n${said().trimEnd()}`)
    throw error
  } finally {
    for (const each of running) await each.stop(1)
  }
}

function checkFacts(container: Container): void {
  const seen = facts(container)
  const [user] = container.image.stage.user.split(':').map(Number)
  say(
    `${container.image.name} runs as user ${seen.user}, capabilities ${seen.capabilities}, ` +
      `${seen.noNewPrivileges ? 'no' : 'NEW'} new privileges, root ${seen.root === 'ro' ? 'read-only' : 'WRITABLE'}`,
  )
  // Without being root, the image's user is this one under another number.
  const isOther = seen.user === (isRoot ? user : process.getuid?.()) && seen.user !== 0
  if (!isOther || !/^0+$/.test(seen.capabilities) || !seen.noNewPrivileges || seen.root !== 'ro')
    throw new Error(`${container.image.name} has more rights than it is to have.`)
}

async function stopInOrder(container: Container): Promise<void> {
  const began = performance.now()
  const code = await container.stop(20)
  const { name, stage } = container.image
  say(`${name} stopped on ${stage.stopSignal} with ${code} after ${((performance.now() - began) / 1000).toFixed(1)} s`)
  if (code !== 0) throw new Error(`${name} did not stop in good order.`)
}

async function runJourney(journey: string, env: Record<string, string>): Promise<void> {
  const cli = path.join(root, 'node_modules/@playwright/test/cli.js')
  const config = path.join(root, 'e2e/playwright.config.ts')
  const output = path.join(root, 'test-results', 'images')
  const child = spawn(process.execPath, [cli, 'test', '-c', config, '--output', output, journey], {
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${journey} failed.`)
}

/** The boundaries hold: what a stranger in a container would try first. */
async function refusals(images: Images): Promise<void> {
  const write = (file: string) => ['node', '-e', `require('fs').writeFileSync('${file}', '')`]
  for (const image of Object.values(images)) {
    const able = await runIn(image, write('/tmp/can-be-written'), { env: {} })
    if (able.code !== 0) throw new Error(`${image.name} cannot write to /tmp:\n${able.said}`)
    for (const file of ['/app/written', '/app/src/main.ts', '/usr/local/bin/node', '/etc/passwd']) {
      const { code, said } = await runIn(image, write(file), { env: {} })
      if (code === 0 || !/EROFS|ENOENT/.test(said)) throw new Error(`${image.name} can write ${file}:\n${said}`)
    }
    for (const program of ['npm', 'npx', 'corepack', 'sh']) {
      const { code } = await runIn(
        image,
        ['node', '-e', `process.exit(require('child_process').spawnSync('${program}').error ? 1 : 0)`],
        { env: {} },
      )
      if (code === 0) throw new Error(`${image.name} has ${program}.`)
    }
  }
  say('None of them can write to its own files, and none has npm or a shell (the real base has a shell).')
}

/** Without a cluster it can only say what it lacks; all its modules and packages have been loaded then. */
async function certSyncStarts(image: Image): Promise<void> {
  const controller = await runIn(image, image.stage.cmd, { env: {} })
  if (controller.code !== 1 || !/CLUSTER|WATCH_NAMESPACES|AWS_REGION/.test(controller.said))
    throw new Error(`cert-sync does not say which setting it lacks (${controller.code}):\n${controller.said}`)
  const script = await runIn(image, ['node', 'scripts/configure-tls-resources'], { env: {} })
  if (script.code !== 2 || !script.said.includes('--once [--dry-run]'))
    throw new Error(`configure-tls-resources does not say how it is used (${script.code}):\n${script.said}`)
  say('cert-sync loads, and says what it lacks without a cluster; its own tests try the rest.')
}

const inTheWay = await obstacle()
if (inTheWay) {
  leaveOut(`the try-out of the images: ${inTheWay}`)
} else {
  const work = await mkdtemp(path.join(tmpdir(), 'whale-images-'))
  // The images' user has to get to them.
  await chmod(work, 0o755)
  const began = performance.now()
  try {
    await main(work)
    say(`The images hold: ${((performance.now() - began) / 1000).toFixed(0)} s.`)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
