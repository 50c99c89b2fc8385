import type { Formats } from '#platform/ui/format.ts'
import type { ApiProcess, Standby } from '../shapes.ts'
import { age, span, type Tone } from './words.ts'

// What the table of parts says, apart from how it looks. `ok` is for what was seen to work; what had nothing to do, and
// what nothing is known of, is `unknown`.

export interface How {
  now: string
  tone: Tone
  state: string
}

export const busNames: Record<string, string> = {
  'in-process': 'Within the process',
  notify: 'PostgreSQL',
  nats: 'NATS',
}

export function standing({ state, sync, lagMs, lagBytes }: Standby, formats: Formats): How {
  const waited = sync === 'sync' || sync === 'quorum'
  const behind =
    lagMs !== null
      ? `${span(lagMs, formats)} behind`
      : lagBytes === null
        ? 'How far it is behind is not known'
        : lagBytes
          ? `${formats.bytes(lagBytes)} behind`
          : 'In step'
  const now = `${behind}, ${waited ? 'commits wait for it' : 'commits do not wait for it'}`
  if (state !== 'streaming')
    return { now, tone: 'watch', state: state === 'catchup' ? 'Catches up' : 'Does not follow' }
  if ((lagMs ?? 0) > 10_000) return { now, tone: 'watch', state: 'Behind' }
  return { now, tone: lagMs === null && lagBytes === null ? 'unknown' : 'ok', state: 'Follows' }
}

export function serves(each: ApiProcess, now: string, formats: Formats): How {
  if (each.state !== 'serves') {
    const when = formats.time(each.heardAt)
    return each.state === 'stopped'
      ? { now: `${each.version}, stopped in good order at ${when}`, tone: 'unknown', state: 'Stopped' }
      : { now: `${each.version}, last heard of at ${when}`, tone: 'watch', state: 'Silent' }
  }
  const facts = [
    each.version,
    age(each.startedAt, now, formats),
    `${formats.count(each.streams)} ${each.streams === 1 ? 'connection' : 'connections'}`,
    formats.bytes(each.memoryBytes),
    each.pool.waiting > 0
      ? `${formats.count(each.pool.waiting)} wait for the database`
      : `${formats.count(each.pool.busy)} of ${formats.count(each.pool.most)} to the database`,
    each.loopDelayMs >= 50 ? `at times ${span(each.loopDelayMs, formats)} late` : '',
  ]
  const isBusy = each.loopDelayMs > 200 || each.pool.waiting > each.pool.most
  return {
    now: facts.filter(Boolean).join(', '),
    tone: isBusy ? 'watch' : 'ok',
    state: isBusy ? 'Busy' : 'Serves',
  }
}

export function carries(serving: readonly ApiProcess[], formats: Formats): How {
  const total = (of: 'sent' | 'received' | 'dropped') => serving.reduce((sum, { bus }) => sum + bus[of], 0)
  const away = serving.filter(({ bus }) => !bus.connected).length
  if (serving[0]?.bus.kind === 'in-process')
    return { now: 'There is one process, and nobody to tell', tone: 'unknown', state: 'Not needed' }
  const now = `${formats.count(total('sent'))} hints sent, ${formats.count(total('received'))} heard, ${formats.count(total('dropped'))} dropped`
  if (away) return { now, tone: 'watch', state: `Away from ${formats.count(away)} of ${formats.count(serving.length)}` }
  return total('received')
    ? { now, tone: 'ok', state: 'Carries' }
    : { now, tone: 'unknown', state: 'Nothing carried yet' }
}
