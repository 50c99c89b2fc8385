import { createContext, useState, type ReactElement } from 'react'
import { usePlace } from '#accounts/ui/session.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { serverNow } from '#platform/ui/ticks.ts'
import type { Row } from './rows.ts'

/** Whether something is drawn for paper, where nothing can be opened, written or pressed. */
export const Printed = createContext(false)

/** All rows that are loaded, one after the other: of the timeline on the screen only those near it exist. */
export function PrintedRows(props: { title: string; rows: readonly Row[]; renderRow: (row: Row) => ReactElement }) {
  const { title, rows, renderRow } = props
  const [now] = useState(() => new Date(serverNow()))
  const place = usePlace()
  const formats = useFormats()
  const missing = rows.some((row) => row.kind === 'more')
  return (
    <Printed value>
      <section className="printed" aria-label={`${title}, printed`}>
        <header>
          <h1 dir="auto">{title}</h1>
          <p>
            <bdi>{place.name}</bdi>, printed {formats.exact(now)}
          </p>
          {missing && <p>Only what was loaded is here. For more, scroll to it before you print.</p>}
        </header>
        <ol>
          {rows.map(
            (row) =>
              row.kind !== 'more' && (
                <li key={row.key}>
                  {/* "Today" is another day for whoever reads it on paper. */}
                  {row.kind === 'root' && <h3 className="day">{formats.date(row.message.createdAt)}</h3>}
                  {row.kind === 'day' ? <h3 className="day">{formats.date(row.at)}</h3> : renderRow(row)}
                </li>
              ),
          )}
        </ol>
      </section>
    </Printed>
  )
}
