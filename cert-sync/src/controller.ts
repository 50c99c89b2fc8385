// gather → plan → apply, one key at a time. A key is a Secret, an Ingress, a host or the round over everything; each is
// looked at when something about it changed, when a plan asked for it, and in every full round.
import { apply, NotLeading } from './apply.ts'
import type { Hands } from './apply.ts'
import { gather } from './gather.ts'
import type { Eyes } from './gather.ts'
import type { Hosts } from './hosts.ts'
import { annotate } from './kubernetes/annotate.ts'
import { Superseded } from './kubernetes/records.ts'
import type { Tell } from './kubernetes/tell.ts'
import { messageOf } from './log.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { partsOf } from './names.ts'
import type { Key } from './names.ts'
import { planIngress } from './plan-ingress.ts'
import { plan } from './plan.ts'
import type { Plan, Situation } from './plan.ts'
import type { Queue } from './queue.ts'

export interface Parts {
  eyes: Eyes
  hands: Hands
  tell: Tell
  metrics: Metrics
  queue: Queue
  log: Log
  hosts?: Hosts
  namespaces: string[]
  resyncMs: number
}

/** How old the list of ACM's certificates may be when nothing new is about to be imported. */
const listAge = 30_000

export class Controller {
  #parts: Parts
  #current = new Map<Key, string | null>()
  #ofHost = new Map<string, Key>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Does everything that is due. Throws NotLeading or Superseded; any other failure is retried later. */
  async drain(signal: AbortSignal): Promise<void> {
    const { queue, eyes, metrics, log } = this.#parts
    for (let key = queue.take(eyes.clock.now()); key; key = queue.take(eyes.clock.now())) {
      if (signal.aborted) return
      try {
        await this.#look(key)
        queue.succeeded(key)
      } catch (error) {
        if (error instanceof NotLeading || error instanceof Superseded) throw error
        const reason = (error as { name?: string }).name ?? 'Error'
        metrics.errors.inc({ reason })
        log('error', `${key}: ${messageOf(error)}`, { reason })
        queue.failed(key, eyes.clock.now())
      }
    }
  }

  async #look(key: string): Promise<void> {
    const about = key.slice(key.indexOf(' ') + 1)
    if (key.startsWith('secret ')) await this.#secret(about as Key)
    else if (key.startsWith('ingress ')) await this.#ingress(about as Key)
    else if (key.startsWith('host ')) await this.#host(about)
    else await this.#everything()
  }

  async #everything(): Promise<void> {
    const { eyes, queue, resyncMs, namespaces } = this.#parts
    const ingresses = eyes.ingresses()
    const listed = await eyes.inventory.list(0)
    const secrets = ingresses.filter(({ optedIn }) => optedIn).flatMap((ingress) => ingress.secrets)
    for (const key of new Set([...secrets, ...listed.keys(), ...eyes.records.keys()]))
      // Where we do not look at Ingresses we cannot tell whether a certificate is wanted.
      if (namespaces.includes(partsOf(key).namespace)) queue.add(`secret ${key}`)
    for (const { key } of ingresses) queue.add(`ingress ${key}`)
    queue.add('everything', eyes.clock.now() + resyncMs)
  }

  async #secret(key: Key): Promise<void> {
    const { eyes, hands, queue, log, metrics } = this.#parts
    let situation = await gather(eyes, key, listAge)
    let planned = plan(situation)
    // A new certificate only on the newest knowledge.
    if (planned.steps.some((step) => step.do === 'import' && !step.arn)) {
      situation = await gather(eyes, key, 0)
      planned = plan(situation)
    }
    if (planned.current !== undefined) this.#current.set(key, planned.current)
    await this.#report(situation, planned)
    for (const step of planned.steps) {
      const arn = await apply(hands, key, step)
      if (step.do === 'import') {
        metrics.imports.inc({ kind: step.kind })
        this.#current.set(key, arn!)
        const message = `Imported the certificate of ${key} as ${arn} (${step.kind}: ${step.because}).`
        await this.#tellUsers(key, { type: 'Normal', reason: 'CertificateImported', message })
      } else if (step.do === 'delete') {
        metrics.deletions.inc()
        log('info', `Deleted ${step.arn}.`, { secret: key, because: step.because })
      } else log('info', `Noted: ${step.because}.`, { secret: key })
    }
    if (planned.steps.length > 0) queue.add(`secret ${key}`)
    else if (planned.again !== undefined) queue.add(`secret ${key}`, planned.again)
    for (const ingress of this.#users(key)) queue.add(`ingress ${ingress.key}`)
  }

  async #ingress(key: Key): Promise<void> {
    const { eyes, hands, tell, metrics } = this.#parts
    const ingress = eyes.ingresses().find((one) => one.key === key)
    const arns = ingress && planIngress(ingress, this.#current)
    if (!ingress || !arns) return
    if (!hands.held()) throw new NotLeading()
    if (await annotate(eyes.api, ingress, arns)) {
      const message = `The load balancer is to use ${arns.join(', ')}.`
      return tell(ingress, { type: 'Normal', reason: 'CertificateAnnotated', message })
    }
    metrics.errors.inc({ reason: 'AnnotationConflict' })
    const message = 'Somebody else has set certificate-arn, so it is left as it is: take it out of the manifest.'
    return tell(ingress, { type: 'Warning', reason: 'AnnotationConflict', message })
  }

  async #host(host: string): Promise<void> {
    const { hosts, queue } = this.#parts
    const answer = await hosts?.ask(host)
    if (!answer) return
    if (answer.again !== undefined) queue.add(`host ${host}`, answer.again)
    if (answer.notice) await this.#tellUsers(this.#ofHost.get(host)!, answer.notice)
  }

  /** Metrics and Events about what was found, before anything is done about it. */
  async #report(situation: Situation, planned: Plan): Promise<void> {
    const { metrics, hosts, queue, eyes } = this.#parts
    const { key, reading, own, wanted } = situation
    metrics.budget.set(eyes.limits.importsPerYear - situation.importsThisYear)
    const facts = reading.state === 'sound' ? reading.facts : undefined
    const acm = own.find(({ arn }) => arn === planned.current)
    const served = this.#users(key).every(({ arns }) => acm && arns.includes(acm.arn))
    const inSync = planned.inSync && served
    if (wanted) metrics.secret(key, inSync, facts, acm)
    else {
      metrics.forget(key)
      for (const [host, of] of this.#ofHost) if (of === key && this.#ofHost.delete(host)) hosts?.forget(host)
    }
    if (reading.state !== 'sound' && wanted)
      metrics.errors.inc({ reason: reading.state === 'missing' ? 'SecretMissing' : reading.reason })
    for (const notice of planned.notices) await this.#tellUsers(key, notice)
    if (!hosts || !inSync || !acm) return
    for (const host of situation.hosts) {
      this.#ofHost.set(host, key)
      const at = hosts.expect(host, acm.serial)
      if (at !== undefined) queue.add(`host ${host}`, at)
    }
  }

  async #tellUsers(key: Key, notice: Parameters<Tell>[1]): Promise<void> {
    for (const ingress of this.#users(key)) await this.#parts.tell(ingress, notice)
  }

  #users(key: Key) {
    return this.#parts.eyes.ingresses().filter((one) => one.optedIn && one.secrets.includes(key))
  }
}
