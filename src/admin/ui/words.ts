import type { Formats } from '#platform/ui/format.ts'
import type { AdminHealth, ApiProcess, Concern } from '../shapes.ts'

// What the page says, apart from how it looks.

export type Tone = 'ok' | 'watch' | 'bad' | 'unknown'

/** `away`: no answer from the server. `database`: it answers, its database does not. `refused`: not for this person. */
export type Trouble = 'away' | 'database' | 'refused'

export interface Answer {
  tone: Tone
  title: string
  lede: string
}

/**
 * What 99 of 100 stay below in a healthy place (docs/performance.md has the measurements). Nobody is woken beyond it and
 * nothing is called late: that is `promised`, ten times as far away, where an ailing place would not show yet.
 */
export const aims = { keptMs: 50, deliveredMs: 150 } as const

/** 14 ms, 1.2 s. */
export function span(ms: number, formats: Pick<Formats, 'count'>): string {
  if (ms < 1) return 'under 1 ms'
  return ms < 1000 ? `${formats.count(Math.round(ms))} ms` : `${formats.count(Math.round(ms / 100) / 10)} s`
}

/** The sentence at the top, and what people notice. */
export function answer(health: AdminHealth | undefined, trouble: Trouble | undefined, formats: Formats): Answer {
  if (trouble === 'database')
    return {
      tone: 'bad',
      title: 'Messages are not arriving.',
      lede: 'The server answers, but its database does not. What people write stays on their devices and is sent when it is back; nothing that was kept is lost.',
    }
  if (trouble === 'refused')
    return {
      tone: 'unknown',
      title: 'Nothing here for you any more.',
      lede: 'Only owners and admins see how the place is. Your role may have changed while this was open.',
    }
  if (trouble === 'away' || !health)
    return {
      tone: 'unknown',
      title: 'No answer from here.',
      lede: 'The server cannot be reached from this browser. Others may reach it; ask somebody on another network before you act.',
    }
  const { verdict, hour } = health
  const sends = `${formats.count(hour.kept)} ${hour.kept === 1 ? 'message was' : 'messages were'} kept in the last hour`
  const failed =
    hour.failed > 0
      ? ` ${formats.count(hour.failed)} ${hour.failed === 1 ? 'send' : 'sends'} failed; senders try again by themselves.`
      : ''
  if (verdict === 'not-arriving')
    return {
      tone: 'bad',
      title: 'Messages are not arriving.',
      lede: `People see “Not confirmed” or “Waiting for connection”. What they write is kept on their devices and sent when this is over.`,
    }
  if (verdict === 'late')
    return {
      tone: 'watch',
      title: 'Messages are arriving late.',
      lede: hour.kept
        ? `${sends}, and nothing that was acknowledged is lost. Some of it comes later than promised.${failed}`
        : `Nobody has written anything in the last hour. What is written now may come later than promised.${failed}`,
    }
  // No message arrived, so none has proven that messages arrive: no tick.
  if (verdict === 'quiet')
    return {
      tone: 'unknown',
      title: 'All is quiet.',
      lede: 'Nobody has written anything in the last hour. Every part that a message needs is there.',
    }
  if (hour.kept + hour.repeats === 0)
    return {
      tone: 'unknown',
      title: 'All is quiet again.',
      lede: `No message was kept in the last hour.${failed} Every part that a message needs is there.`,
    }
  const quick = hour.deliveredMs.p99
  const arrived =
    quick === null ? '' : ` 99 of 100 were on their way to everyone connected within ${span(quick, formats)}.`
  return { tone: 'ok', title: 'Messages are arriving.', lede: `${sends}.${arrived}${failed}` }
}

export interface CountWords {
  name: string
  value: string
  more: string
  /** A tick stands for something that was proven in the last hour, never for nothing having happened. */
  sign?: 'ok' | 'watch'
}

/** The four counts under the first sentence. */
export function counts({ hour, processes }: AdminHealth, formats: Pick<Formats, 'count'>): CountWords[] {
  const { kept, repeats, failed } = hour
  const sends = kept + repeats + failed
  const serving = processes.filter(({ state }) => state === 'serves')
  const streams = serving.reduce((sum, each) => sum + each.streams, 0)
  const on = `${formats.count(serving.length)} ${serving.length === 1 ? 'process' : 'processes'}`
  const nothing = (name: string): CountWords => ({ name, value: '–', more: 'nothing sent' })
  return [
    sends === 0
      ? nothing('Kept')
      : {
          name: 'Kept',
          value: formats.count(kept),
          more:
            failed || !kept ? `of ${formats.count(sends)} ${sends === 1 ? 'send' : 'sends'}` : 'every one acknowledged',
          ...(kept ? { sign: 'ok' } : {}),
        },
    sends === 0
      ? nothing('Failed')
      : failed
        ? { name: 'Failed', value: formats.count(failed), more: 'their senders try again', sign: 'watch' }
        : { name: 'Failed', value: formats.count(0), more: 'no send ended in an error', sign: 'ok' },
    sends === 0
      ? nothing('Sent twice')
      : repeats
        ? { name: 'Sent twice', value: formats.count(repeats), more: 'recognized, kept once', sign: 'ok' }
        : { name: 'Sent twice', value: formats.count(0), more: 'every message came once' },
    streams === 0
      ? { name: 'Connected', value: '–', more: serving.length === 0 ? 'no process is heard' : `nobody on ${on}` }
      : { name: 'Connected', value: formats.count(streams), more: `on ${on}`, sign: 'ok' },
  ]
}

interface Advice {
  title: string
  words: string
  /** Its section under `docs/runbooks/` in the source. */
  runbook: string
}

/** What a concern means for people, and what to do first. */
export const advice: Record<Concern['kind'], Advice> = {
  'database-read-only': {
    title: 'The database takes no writes',
    words: 'Nothing can be kept until it does. A standby may be in the place of the primary.',
    runbook: 'database.md#whaledatabaseunreachable',
  },
  'sends-hang': {
    title: 'Sends get no answer',
    words:
      'People see “Sending”, then “Not confirmed”. The database takes them and does not finish: a lock, a full disk, or a synchronous standby that is away.',
    runbook: 'messages.md#whalesendsstalled',
  },
  'sends-fail': {
    title: 'Sends fail',
    words: 'People see “Not confirmed”; their devices try again. Look at the log for “failed” and “refused”.',
    runbook: 'messages.md#whalesendsfailing',
  },
  'keeping-slow': {
    title: 'Keeping takes long',
    words:
      'People see “Sending” for longer than usual. Usually the database’s disk, or a standby that commits wait for.',
    runbook: 'messages.md#whalesendsslow',
  },
  'delivery-slow': {
    title: 'Delivery takes long',
    words: 'Messages are kept, and others see them late.',
    runbook: 'messages.md#whaledeliverylate',
  },
  'bus-away': {
    title: 'A process does not hear the others',
    words: 'Its people see what others write up to two seconds late. Nothing is lost.',
    runbook: 'processes.md#whalebusdisconnected',
  },
  'process-silent': {
    title: 'A process fell silent',
    words: 'It did not say that it stops. Its people have connected elsewhere by themselves.',
    runbook: 'processes.md#whaleapiprocessdown',
  },
  'process-busy': {
    title: 'A process is short of time',
    words: 'Its event loop is late. Give it more processor, or add a process.',
    runbook: 'processes.md#whaleeventloopblocked',
  },
  'pool-full': {
    title: 'Statements wait for a connection',
    words:
      'All connections of a process to the database are in use. The database is slow, or DATABASE_POOL_SIZE is small.',
    runbook: 'database.md#whaledatabasepoolfull',
  },
  'standby-behind': {
    title: 'The standby is behind',
    words: 'If it had to take over now, it would first have to catch up, or would lack the last messages.',
    runbook: 'database.md#whalereplicationlag',
  },
}

/** How one process is told from the others: by its machine, with the beginning of its id where that is not enough. */
export function nameOf(id: string, processes: readonly ApiProcess[]): string {
  const found = processes.find((each) => each.id === id)
  if (!found) return id.slice(-4)
  const namesakes = processes.filter(({ name }) => name === found.name)
  return namesakes.length > 1 ? `${found.name} · ${id.slice(-4)}` : found.name
}

/** 3 d, 4 h, 12 min. */
export function age(from: string, until: string, formats: Pick<Formats, 'count'>): string {
  const minutes = Math.max(0, (Date.parse(until) - Date.parse(from)) / 60_000)
  if (minutes < 1) return 'just started'
  if (minutes < 60) return `up ${formats.count(Math.floor(minutes))} min`
  if (minutes < 2_880) return `up ${formats.count(Math.floor(minutes / 60))} h`
  return `up ${formats.count(Math.floor(minutes / 1_440))} days`
}
