import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { Icon } from '#platform/ui/Icon.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import type { AdminHealth, ApiProcess, Standby } from '../shapes.ts'
import { age, nameOf, span, type Tone } from './words.ts'

const signs = { ok: CircleCheck, watch: TriangleAlert, bad: CircleAlert, unknown: CircleDashed }

/** What messages pass through and lie in, and how each is. What is not known is said to be not known. */
export function Parts({ health }: { health: AdminHealth }) {
  const formats = useFormats()
  const { database, processes } = health
  const serving = processes.filter(({ state }) => state === 'serves')
  const { sizeBytes, connections, mostConnections, answeredMs, version } = database
  return (
    <table className="parts where">
      <thead>
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Which</th>
          <th scope="col">Now</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        <Part
          name="Database"
          which={`PostgreSQL ${version.split(' ')[0]}`}
          now={`${formats.bytes(sizeBytes)}, ${formats.count(connections)} of ${formats.count(mostConnections)} connections, answers in ${span(answeredMs, formats)}`}
          tone={database.writable ? 'ok' : 'bad'}
          state={database.writable ? 'Keeps' : 'Takes no writes'}
        />
        {database.standbys === null && (
          <Part
            name="Standby"
            which="–"
            now="The place’s database user may not see standbys"
            tone="unknown"
            state="Not known"
          />
        )}
        {database.standbys?.length === 0 && (
          <Part name="Standby" which="–" now="None follows this server" tone="unknown" state="None" />
        )}
        {database.standbys?.map((standby, index) => (
          <Part key={`${standby.name} ${index}`} name="Standby" which={standby.name} {...standing(standby, formats)} />
        ))}
        {processes.map((each) => (
          <Part key={each.id} name="API" which={nameOf(each.id, processes)} {...serves(each, health.at, formats)} />
        ))}
        {[...new Set(serving.map(({ bus }) => bus.kind))].map((kind) => (
          <Part
            key={kind}
            name="Bus"
            which={busNames[kind] ?? kind}
            {...carries(
              serving.filter(({ bus }) => bus.kind === kind),
              formats,
            )}
          />
        ))}
        <Part
          name="Backup"
          which="–"
          now="Backups are made and watched outside of the API"
          tone="unknown"
          state="Not known"
        />
      </tbody>
    </table>
  )
}

type How = { now: string; tone: Tone; state: string }
type Formats = ReturnType<typeof useFormats>

function Part({ name, which, now, tone, state }: How & { name: string; which: string }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="which">{which}</td>
      <td className="num">{now}</td>
      <td>
        <span className={`sign ${tone}`}>
          <Icon of={signs[tone]} />
          {state}
        </span>
      </td>
    </tr>
  )
}

const busNames: Record<string, string> = { 'in-process': 'Within the process', notify: 'PostgreSQL', nats: 'NATS' }

function standing({ state, sync, lagMs, lagBytes }: Standby, formats: Formats): How {
  const waited = sync === 'sync' || sync === 'quorum'
  const behind =
    lagMs !== null ? `${span(lagMs, formats)} behind` : lagBytes ? `${formats.bytes(lagBytes)} behind` : 'In step'
  const now = `${behind}, ${waited ? 'commits wait for it' : 'commits do not wait for it'}`
  if (state !== 'streaming')
    return { now, tone: 'watch', state: state === 'catchup' ? 'Catches up' : 'Does not follow' }
  return (lagMs ?? 0) > 10_000 ? { now, tone: 'watch', state: 'Behind' } : { now, tone: 'ok', state: 'Follows' }
}

function serves(each: ApiProcess, now: string, formats: Formats): How {
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

function carries(serving: readonly ApiProcess[], formats: Formats): How {
  const total = (of: 'sent' | 'received' | 'dropped') => serving.reduce((sum, { bus }) => sum + bus[of], 0)
  const away = serving.filter(({ bus }) => !bus.connected).length
  const now =
    serving[0]?.bus.kind === 'in-process'
      ? 'There is one process, and nobody to tell'
      : `${formats.count(total('sent'))} hints sent, ${formats.count(total('received'))} heard, ${formats.count(total('dropped'))} dropped`
  if (!away) return { now, tone: 'ok', state: 'Carries' }
  return { now, tone: 'watch', state: `Away from ${formats.count(away)} of ${formats.count(serving.length)}` }
}
