// `npm run tryout:images`: what the Dockerfiles here make, without a container engine. Their own steps are carried out
// in folders on a stand-in for the base image, and what comes out is run with bubblewrap as compose.yaml runs it: another
// user, a root that cannot be written, no capabilities. Then people talk to each other through it, in a real browser,
// over a real PostgreSQL, with the UI on another origin than the API. `-- build` ends before anything is run.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, lchown, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../../src/platform/db/embedded/start.ts'
import { layOutBase } from './tryout/base.ts'
import { build, type Image, isRoot } from './tryout/build.ts'
import { createDatabase } from './tryout/database.ts'
import { type Container, facts, obstacle, runIn, start } from './tryout/sandbox.ts'
import { weigh } from './tryout/size.ts'
import { complaintsAboutUi } from './tryout/ui-answers.ts'

const root = path.resolve(import.meta.dirname, '../..')
const say = (line: string): boolean => process.stdout.write(`${line}\n`)
const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
const journeys = ['journey.spec.ts', 'other-origin.spec.ts']

async function main(work: string): Promise<void> {
  const images = await buildAll(work)
  if (process.argv.includes('build')) return
  const postgres = await startEmbeddedPostgres(path.join(work, 'postgres'), { durable: false })
  try {
    for (const journey of journeys) await journeyThrough(images, postgres.url, journey, work)
    await refusals(images)
  } finally {
    await postgres.stop()
  }
}

async function buildAll(work: string): Promise<Record<'api' | 'ui' | 'cert-sync', Image>> {
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

async function journeyThrough(images: { api: Image; ui: Image }, url: string, journey: string, work: string) {
  const [apiPort, uiPort] = [await freePort(), await freePort()]
  const [apiUrl, uiUrl] = [`http://localhost:${apiPort}`, `http://localhost:${uiPort}`]
  const data = path.join(work, `data-${apiPort}`)
  await mkdir(data)
  // As an engine does with a fresh volume: it gets the owner that the image's folder has.
  const [user, group] = images.api.stage.user.split(':').map(Number) as [number, number]
  if (isRoot) await lchown(data, user, group)
  const running: Container[] = []
  try {
    const api = await start(images.api, {
      env: {
        // Loopback instead of every network: nobody else shall get in while it runs.
        HOST: '127.0.0.1',
        PORT: String(apiPort),
        METRICS_PORT: '0',
        DATABASE_URL: await createDatabase(url, `tryout_${randomBytes(4).toString('hex')}`),
        UI_ORIGIN: uiUrl,
        LOG_LEVEL: 'warn',
      },
      volumes: { '/data': data },
    })
    running.push(api)
    const ui = await start(images.ui, {
      env: { HOST: '127.0.0.1', PORT: String(uiPort), API_ORIGIN: apiUrl, LOG_LEVEL: 'warn' },
    })
    running.push(ui)
    for (const each of running) checkFacts(each)
    const complaints = await complaintsAboutUi(uiUrl, apiUrl)
    if (complaints.length > 0) throw new Error(`The ui image:\n  ${complaints.join('\n  ')}`)
    await runJourney(journey, { UI_URL: uiUrl, API_URL: apiUrl })
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
async function refusals(images: Record<'api' | 'ui' | 'cert-sync', Image>): Promise<void> {
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

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

const inTheWay = await obstacle()
if (inTheWay) {
  say(`SKIPPED the try-out of the images: ${inTheWay}`)
  // In the gate nothing is left out in silence.
  process.exitCode = process.env.CI ? 1 : 0
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
