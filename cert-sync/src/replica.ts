import { randomUUID } from 'node:crypto'
import type { Health } from './health.ts'
import { lead } from './kubernetes/lease.ts'
import { messageOf } from './log.ts'
import { beginTerm } from './term.ts'
import type { Surroundings, Term } from './term.ts'
import { wait } from './wait.ts'

export interface Replica {
  stopped: Promise<void>
  /** The term of leadership that is under way. */
  term(): Term | undefined
}

/** Leads whenever it can, one term after another, until the signal aborts; then gives the Lease back. */
export function runReplica(around: Surroundings, durationMs: number, health: Health, signal: AbortSignal): Replica {
  const { api, settings, log, metrics } = around
  const identity = `${settings.identity}_${randomUUID().slice(0, 8)}`
  const alive = () => health.cluster.beat()
  const election = { api, namespace: settings.ownNamespace, identity, durationMs, log, alive }
  let term: Term | undefined

  const run = async () => {
    while (!signal.aborted) {
      const leadership = await lead(election, signal)
      if (!leadership) return
      log('info', 'Leading.', { identity })
      metrics.leader.set(1)
      const ends = new AbortController()
      const either = AbortSignal.any([signal, leadership.lost, ends.signal])
      term = beginTerm(around, leadership.held, either)
      await term.done.catch((error: unknown) => log('error', messageOf(error)))
      term = undefined
      metrics.leader.set(0)
      metrics.clear()
      ends.abort()
      log('info', 'Not leading any more.', { identity })
      await leadership.release()
      if (!signal.aborted) await wait(durationMs / 5, signal)
    }
  }
  health.loop.beat()
  const beat = setInterval(() => health.loop.beat(), 10_000)
  return { stopped: run().finally(() => clearInterval(beat)), term: () => term }
}
