// Leader election by a Lease, as client-go does it: a lease is taken over only after it stood unchanged for its whole
// duration by one's own steady clock, so that clocks of machines are never compared.
import { V1MicroTime } from '@kubernetes/client-node'
import type { V1Lease } from '@kubernetes/client-node'
import { steadyClock } from '../clock.ts'
import { messageOf } from '../log.ts'
import type { Log } from '../log.ts'
import { leaseName } from '../names.ts'
import { wait } from '../wait.ts'
import { orMissing, statusOf } from './api.ts'
import type { Api } from './api.ts'

export interface Election {
  api: Api
  namespace: string
  /** Of this process alone: a restarted one must not take itself for the one before. */
  identity: string
  durationMs: number
  log: Log
  /** Told after every exchange with the API server that worked. */
  alive(): void
}

export interface Leadership {
  /** False some time before anybody else can be leader: to be asked right before every write. */
  held: () => boolean
  lost: AbortSignal
  release(): Promise<void>
}

/** Waits until this process leads; resolves to undefined when the signal aborts before. */
export async function lead(election: Election, signal: AbortSignal): Promise<Leadership | undefined> {
  let seen: { version: string | undefined; since: number } | undefined
  while (!signal.aborted) {
    const began = steadyClock.now()
    try {
      const lease = await read(election)
      election.alive()
      const version = lease?.metadata?.resourceVersion
      if (!seen || seen.version !== version) seen = { version, since: steadyClock.now() }
      const duration = Math.max(election.durationMs, (lease?.spec?.leaseDurationSeconds ?? 0) * 1000)
      const free = !lease?.spec?.holderIdentity || steadyClock.now() - seen.since > duration
      if (free) return keep(election, await take(election, lease), began)
    } catch (error) {
      if (statusOf(error) !== 409) election.log('warn', 'The Lease cannot be had.', { because: messageOf(error) })
    }
    await wait(election.durationMs / 5, signal)
  }
  return undefined
}

function keep(election: Election, first: V1Lease, began: number): Leadership {
  const [lost, stop] = [new AbortController(), new AbortController()]
  const deadline = (election.durationMs * 2) / 3
  let [lease, renewed] = [first, began]
  const held = () => !lost.signal.aborted && steadyClock.now() - renewed < deadline

  const renewing = (async () => {
    while (!stop.signal.aborted) {
      await wait(election.durationMs / 5, stop.signal)
      if (stop.signal.aborted) return
      const now = steadyClock.now()
      try {
        lease = await write(election, lease, election.identity)
        renewed = now
        election.alive()
      } catch (error) {
        // A lost reply leaves a version behind that we do not know: whose lease it is decides.
        if (statusOf(error) === 409) {
          const there = await read(election).catch(() => undefined)
          if (there && there.spec?.holderIdentity !== election.identity) break
          lease = there ?? lease
        }
        if (!held()) break
      }
    }
    if (!stop.signal.aborted) lost.abort()
  })()

  // The loop above may hang in a request: time alone ends leadership too.
  const watchdog = setInterval(() => {
    if (!held()) lost.abort()
  }, election.durationMs / 10)
  lost.signal.addEventListener('abort', () => {
    clearInterval(watchdog)
    stop.abort()
  })

  return {
    held,
    lost: lost.signal,
    release: async () => {
      const mine = held()
      stop.abort()
      lost.abort()
      await renewing
      if (mine) await write(election, lease, '').catch(() => undefined)
    },
  }
}

const read = ({ api, namespace }: Election): Promise<V1Lease | undefined> =>
  orMissing(withLimit(api.coordination.readNamespacedLease({ name: leaseName, namespace })))

function take(election: Election, lease: V1Lease | undefined): Promise<V1Lease> {
  if (lease) return write(election, lease, election.identity)
  const { api, namespace } = election
  const spec = { ...specFor(election, election.identity), acquireTime: new V1MicroTime(Date.now()) }
  const body = { metadata: { name: leaseName, namespace }, spec }
  return withLimit(api.coordination.createNamespacedLease({ namespace, body }))
}

/** Fails with 409 when anybody wrote since: the version in `lease` is the condition. */
function write(election: Election, lease: V1Lease, holder: string): Promise<V1Lease> {
  const { api, namespace } = election
  const { acquireTime, leaseTransitions = 0, holderIdentity } = lease.spec ?? {}
  const taken = holder !== '' && holderIdentity !== holder
  const since = taken ? new V1MicroTime(Date.now()) : acquireTime
  const spec = {
    ...specFor(election, holder),
    acquireTime: since,
    leaseTransitions: leaseTransitions + (taken ? 1 : 0),
  }
  const body = { metadata: lease.metadata, spec }
  return withLimit(api.coordination.replaceNamespacedLease({ name: leaseName, namespace, body }))
}

const specFor = ({ durationMs }: Election, holderIdentity: string) => ({
  holderIdentity,
  leaseDurationSeconds: Math.ceil(durationMs / 1000),
  renewTime: new V1MicroTime(Date.now()),
})

// The client has no time limit of its own for a reply that never comes.
function withLimit<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The API server did not answer within 5 seconds.')), 5000)
  })
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer))
}
