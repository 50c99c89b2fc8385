import { createContext, type ReactElement } from 'react'
import { usePlace } from '#accounts/ui/session.ts'
import { useFormats } from '#platform/ui/theme.ts'
import type { Row } from './rows.ts'

/** Whether something is drawn for paper, where nothing can be opened, written or pressed. */
export const Printed = createContext(false)

/** All rows that are loaded, one after the other: of the timeline on the screen only those near it exist. */
export function PrintedRows(props: { title: string; rows: readonly Row[]; renderRow: (row: Row) => ReactElement }) {
  const { title, rows, renderRow } = props
  const place = usePlace()
  const formats = useFormats()
  const missing = rows.some((row) => row.kind === 'more')
  return (
    <Printed value>
      <section className="printed" aria-label={`${title}, printed`}>
        <header>
          <h1 dir="auto">{title}</h1>
          <p>
            {place.name}, printed {formats.exact(new Date())}
          </p>
          {missing && <p>Only what was loaded is here. For more, scroll to it before you print.</p>}
        </header>
        <ol>{rows.map((row) => row.kind !== 'more' && <li key={row.key}>{renderRow(row)}</li>)}</ol>
      </section>
    </Printed>
  )
}
