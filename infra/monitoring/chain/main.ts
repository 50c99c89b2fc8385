// `npm run test:monitoring`: the whole chain on real programs. API processes under load, Prometheus scraping them,
// Alertmanager, and a receiver for what it says; then the place is broken in one way after the other. Each time the
// right alert must come, nobody else may be woken, and after mending it must be said to be over. Last, Prometheus itself
// is killed, and the dead man's service must notice.
//
//   npm run test:monitoring -- --scale 30     hours become two minutes instead of one; it chooses that by itself where
//                                             a scrape takes long, because others use the machine
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hasNats } from '../../../src/platform/testing/nats-server.ts'
import { missingTools } from '../check/tools.ts'
import { type Breakage, breakages } from './breakages.ts'
import { startLoad } from './load.ts'
import { openPlace, type Place } from './place.ts'
import { startMonitoring } from './programs.ts'
import { type Heard, openReceiver } from './receiver.ts'

const { values } = parseArgs({ options: { scale: { type: 'string' } } })
let scale = Number(values.scale ?? 60)
const say = (line: string): boolean => process.stdout.write(`${line}\n`)
/** For how long an alert may stay away, or an end of it (ms); by far more than any takes. */
const patience = () => Math.max(60_000, 3_600_000 / scale)
/** With 60 a scrape has a quarter of a second. */
const quickScrapeMs = 80

interface Result {
  name: string
  alert: string
  soundedAfter: number
  overAfter: number
}

class Failure extends Error {}

async function waitFor<T>(what: string, find: () => T | undefined): Promise<T> {
  for (const deadline = Date.now() + patience(); ; await sleep(50)) {
    const found = find()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Failure(`Waited ${patience() / 1000} s in vain for ${what}.`)
  }
}

/** Breaks, waits for the alert, mends, waits for its end. Throws if anybody else was woken. */
async function play(breakage: Breakage, place: Place, heard: readonly Heard[], earlier: string[]): Promise<Result> {
  const expected = breakage.page ?? breakage.ticket!
  const by = breakage.page ? 'pager' : 'tickets'
  const began = Date.now()
  await breakage.break(place)
  const since = (alert: string, from: number, status: Heard['status'], who: Heard['by']) =>
    heard.find((each) => each.at >= from && each.alert === alert && each.status === status && each.by === who)
  const sounded = await waitFor(expected, () => since(expected, began, 'firing', by))
  if (!sounded.runbook) throw new Failure(`${expected} came without a runbook.`)
  if (breakage.page && breakage.ticket) {
    const { ticket } = breakage
    await waitFor(`the ticket ${ticket}`, () => since(ticket, began, 'firing', 'tickets'))
  }
  const mending = Date.now()
  await breakage.mend(place)
  const over = await waitFor(`the end of ${expected}`, () => since(expected, mending, 'resolved', by))
  // The slow window of an objective that was broken before looks back further than the fast one.
  const others = heard.filter(
    (each) =>
      each.by === 'pager' &&
      each.at >= began &&
      each.since >= began &&
      each.status === 'firing' &&
      each.alert !== breakage.page &&
      !(each.labels.burn === 'slow' && earlier.includes(each.alert)),
  )
  const woken = [...new Set(others.map(({ alert }) => alert))]
  if (woken.length) throw new Failure(`“${breakage.name}” also paged ${woken.join(', ')}.`)
  return {
    name: breakage.name,
    alert: expected,
    soundedAfter: sounded.at - began,
    overAfter: over.at - mending,
  }
}

async function main(): Promise<void> {
  const missing = [...missingTools(), ...(hasNats() ? [] : ['nats-server'])]
  if (missing.length) {
    if (process.env.CI) throw new Failure(`These are needed: ${missing.join(', ')}.`)
    return void say(
      `SKIPPED the chain of alerts: it needs ${missing.join(', ')} (apt-get install prometheus prometheus-alertmanager nats-server).`,
    )
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'all-is-whale-monitoring-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const start = Date.now()
  const receiver = await openReceiver()
  const { heard } = receiver
  const place = await openPlace(folder, 3)
  const targets = place.nodes.map(({ metrics }) => metrics)
  if (!values.scale && (await scrapeTakes(targets)) > quickScrapeMs) {
    scale = 30
    say('This machine is busy: hours become two minutes instead of one.')
  }
  const monitoring = await startMonitoring(path.join(folder, 'monitoring'), targets, receiver.port, scale)
  const load = await startLoad(place.nodes)
  const results: Result[] = []
  try {
    await waitFor('the Watchdog', () => heard.find(({ alert }) => alert === 'Watchdog'))
    // In its first moments Prometheus has seen nobody yet.
    await quietFor(120_000 / scale, monitoring)
    const quietSince = Date.now()
    // A quarter of an hour of good days.
    await sleep(900_000 / scale)
    const early = heard.filter(({ by, at, status }) => by === 'pager' && at > quietSince && status === 'firing')
    if (early.length) throw new Failure(`All was well, and ${early[0]!.alert} paged.`)
    say(`All is well: ${load.counts.sent} messages sent, ${load.counts.failed} failed, nobody paged.`)
    const earlier: string[] = []
    for (const breakage of breakages) {
      const result = await play(breakage, place, heard, earlier)
      results.push(result)
      earlier.push(result.alert)
      say(
        `✔ ${breakage.name}: ${result.alert} after ${seconds(result.soundedAfter)}, over ${seconds(result.overAfter)} after mending`,
      )
    }
    results.push(await deadMan(monitoring, heard))
    say(`✔ ${results.at(-1)!.name}`)
  } catch (error) {
    const about = heard.filter(({ by }) => by !== 'dead-man').slice(-15)
    for (const { at, by, alert, status } of about) say(`  ${seconds(at - start)} ${by} ${alert} ${status}`)
    say(`  sounding now: ${(await monitoring.sounding().catch(() => [])).join(', ')}`)
    for (const node of place.nodes) say(node.words().slice(-500))
    throw error
  } finally {
    await load.end().catch(() => {})
    await monitoring.end()
    await place.close()
    await receiver.close()
  }
  table(results)
  say(`The chain holds, in ${seconds(Date.now() - start)}.`)
}

/** The ninth slowest of ten scrapes of each (ms). */
async function scrapeTakes(targets: readonly string[]): Promise<number> {
  const took: number[] = []
  for (let round = 0; round < 10; round += 1)
    await Promise.all(
      targets.map(async (target) => {
        const began = performance.now()
        await (await fetch(`http://${target}/metrics`)).text()
        took.push(performance.now() - began)
      }),
    )
  return took.sort((a, b) => a - b)[Math.floor(took.length * 0.9)]!
}

/** Waits until nothing but the Watchdog has sounded for so long. */
async function quietFor(ms: number, monitoring: Awaited<ReturnType<typeof startMonitoring>>): Promise<void> {
  let since = Date.now()
  for (const deadline = Date.now() + patience(); Date.now() - since < ms; await sleep(100)) {
    const loud = (await monitoring.sounding()).filter((alert) => alert !== 'Watchdog')
    if (loud.length) since = Date.now()
    if (Date.now() > deadline) throw new Failure(`All is well, and ${loud.join(', ')} sounds.`)
  }
}

/** The service outside the cluster hears the Watchdog every minute, and calls when it stayed away for three. */
async function deadMan(
  monitoring: Awaited<ReturnType<typeof startMonitoring>>,
  heard: readonly Heard[],
): Promise<Result> {
  const last = () => heard.findLast(({ by }) => by === 'dead-man')!.at
  const mayBeSilent = 180_000 / scale
  if (Date.now() - last() > mayBeSilent) throw new Failure('The Watchdog has been silent though Prometheus runs.')
  const began = Date.now()
  await monitoring.prometheus.end()
  const silentSince = await waitFor('the silence of the Watchdog', () =>
    Date.now() - last() > mayBeSilent ? last() : undefined,
  )
  return {
    name: 'Prometheus is killed: the Watchdog falls silent, and the dead man’s service would call',
    alert: 'Watchdog',
    soundedAfter: silentSince + mayBeSilent - began,
    overAfter: Number.NaN,
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const inProduction = (ms: number): string => `${Math.round((ms * scale) / 60_000)} min`

function table(results: readonly Result[]): void {
  say(
    `\nOne second here is ${scale} s of the rules; what the place itself needs to notice, in its own seconds, counts ${scale} times too long in “rules”.\n`,
  )
  say('| broken | alert | heard after | rules | over after mending | rules |\n|---|---|---:|---:|---:|---:|')
  for (const { name, alert, soundedAfter, overAfter } of results) {
    const over = Number.isNaN(overAfter) ? ['', ''] : [seconds(overAfter), inProduction(overAfter)]
    say(`| ${name} | ${alert} | ${seconds(soundedAfter)} | ${inProduction(soundedAfter)} | ${over[0]} | ${over[1]} |`)
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    say(error instanceof Failure ? `✖ ${error.message}` : String(error instanceof Error ? error.stack : error))
    process.exit(1)
  },
)
