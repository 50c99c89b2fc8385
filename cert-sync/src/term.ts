// One term of leadership: everything in memory begins and ends with it.
import type { Clients } from './acm/client.ts'
import { Inventory } from './acm/inventory.ts'
import { NotLeading } from './apply.ts'
import type { Clock } from './clock.ts'
import { Controller } from './controller.ts'
import { Hosts } from './hosts.ts'
import type { Doors } from './hosts.ts'
import type { Api } from './kubernetes/api.ts'
import { Records, Superseded } from './kubernetes/records.ts'
import { createTell } from './kubernetes/tell.ts'
import { watch } from './kubernetes/watching.ts'
import { messageOf } from './log.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { Queue } from './queue.ts'
import type { Retry } from './queue.ts'
import type { Settings } from './settings.ts'
import { wait } from './wait.ts'

export interface Surroundings {
  settings: Settings
  api: Api
  clients: Clients
  clock: Clock
  metrics: Metrics
  log: Log
  retry: Retry
  doors: Doors
}

export interface Term {
  /** Ends when the signal aborts, or when somebody else turns out to lead. */
  done: Promise<void>
  /** Nothing is due and nothing is being done. */
  idle(): boolean
  /** Looks at the clock now. */
  poke(): void
}

export function beginTerm(around: Surroundings, held: () => boolean, signal: AbortSignal): Term {
  const { settings, api, clients, clock, metrics, log, retry } = around
  let wake = () => {}
  let working = true
  const queue = new Queue(retry, () => wake())

  const run = async () => {
    const records = await Records.open(api, settings.ownNamespace, settings.identity)
    const inventory = new Inventory(clients.patient, settings.cluster, clock)
    const bell = {
      secret: (key: string) => queue.add(`secret ${key}`),
      ingress: (key: string) => {
        queue.add(`ingress ${key}`)
        const ingress = watching.ingresses().find((one) => one.key === key)
        for (const secret of ingress?.secrets ?? []) queue.add(`secret ${secret}`)
      },
    }
    const watching = watch(api, settings.namespaces, bell, signal, log)
    await Promise.race([watching.listed, wait(2 ** 31 - 1, signal)])
    const eyes = { api, inventory, records, clock, limits: settings, ingresses: watching.ingresses }
    const hands = { cluster: settings.cluster, clients, inventory, records, clock, held }
    const hosts = settings.checkHosts ? new Hosts(around.doors, clock, metrics) : undefined
    const { namespaces, resyncMs } = settings
    const tell = createTell(api, settings.identity, log)
    const controller = new Controller({ eyes, hands, tell, metrics, queue, log, hosts, namespaces, resyncMs })
    queue.add('everything')
    while (!signal.aborted) {
      working = true
      await controller.drain(signal)
      working = false
      await sleep()
    }
  }

  // At most a second: the clock may be another than the timers' (after a suspended machine, or in a test).
  const sleep = async () => {
    const due = queue.nextDue()
    if (due !== undefined && due <= clock.now()) return
    const awake = new AbortController()
    wake = () => awake.abort()
    await wait(Math.min(1000, Math.max(0, (due ?? Infinity) - clock.now())), AbortSignal.any([awake.signal, signal]))
    wake = () => {}
  }

  const done = run().catch((error: unknown) => {
    if (!(error instanceof NotLeading || error instanceof Superseded)) throw error
    log('warn', messageOf(error))
  })
  return { done, idle: () => !working && (queue.nextDue() ?? Infinity) > clock.now(), poke: () => wake() }
}
