import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { Icon } from '#platform/ui/Icon.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import type { AdminHealth } from '../shapes.ts'
import { busNames, carries, serves, standing, type How } from './part-words.ts'
import { nameOf, span } from './words.ts'

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
          state={database.writable ? 'Takes writes' : 'Takes no writes'}
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
