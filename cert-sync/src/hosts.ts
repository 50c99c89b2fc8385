import { servedSerial } from './host-check.ts'
import type { Clock } from './clock.ts'
import { messageOf } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Notice } from './kubernetes/tell.ts'

/** A load balancer takes a while to serve a new certificate: asked after these times, in milliseconds. */
const waits = [30_000, 60_000, 120_000, 240_000, 480_000]

const longAfter = 30 * 60_000

/** The port and time limit for questions to hosts, and where to find a host if not by DNS. */
export interface Doors {
  port: number
  timeoutMs: number
  addressOf?: (host: string) => string
}

/** After a sync, asks each host which certificate it serves, a few times, until it is the one that was synced. */
export class Hosts {
  #expected = new Map<string, { serial: string; tries: number; done: boolean }>()
  #doors: Doors
  #clock: Clock
  #metrics: Metrics

  constructor(doors: Doors, clock: Clock, metrics: Metrics) {
    this.#doors = doors
    this.#clock = clock
    this.#metrics = metrics
  }

  /** When to ask first, or undefined when that serial is already being asked for. A wildcard is no host. */
  expect(host: string, serial: string): number | undefined {
    if (host.startsWith('*.') || this.#expected.get(host)?.serial === serial) return undefined
    this.#expected.set(host, { serial, tries: 0, done: false })
    return this.#clock.now() + waits[0]!
  }

  /** Asks once. Resolves to when to ask again and to what there is to say. */
  async ask(host: string): Promise<{ again?: number; notice?: Notice }> {
    const expected = this.#expected.get(host)
    if (!expected || expected.done) return {}
    const { addressOf, port, timeoutMs } = this.#doors
    const answer = await servedSerial({ host, port, timeoutMs, address: addressOf?.(host) }).then(
      (serial) => ({ serial, says: `serves the certificate with the serial ${serial}` }),
      (error: unknown) => ({ serial: undefined, says: `could not be asked (${messageOf(error)})` }),
    )
    const fits = answer.serial === expected.serial
    // Of a host that does not answer nothing is known: from inside the cluster it may just not be reachable.
    if (answer.serial) this.#metrics.served.set({ host }, fits ? 1 : 0)
    expected.tries += 1
    if (!fits && expected.tries < waits.length) return { again: this.#clock.now() + waits[expected.tries]! }
    expected.done = true
    if (fits) return { notice: { type: 'Normal', reason: 'CertificateServed', message: `${host} ${answer.says}.` } }
    const message = `${host} ${answer.says}, not the synced one with ${expected.serial}.`
    if (!answer.serial) return { notice: { type: 'Warning', reason: 'HostNotAsked', message } }
    // Said once, and asked for as long as it lasts, so that the metric tells when it is over.
    expected.done = false
    const notice: Notice = { type: 'Warning', reason: 'OtherCertificateServed', message }
    return { again: this.#clock.now() + longAfter, ...(expected.tries === waits.length && { notice }) }
  }

  forget(host: string): void {
    this.#expected.delete(host)
    this.#metrics.served.remove({ host })
  }
}
