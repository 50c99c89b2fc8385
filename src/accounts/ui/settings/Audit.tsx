import X from 'lucide-react/icons/x'
import { useCallback, useRef, useState, type ReactNode } from 'react'
import { listAudit } from '#audit/contract.ts'
import type { AuditEntry, Kind } from '#audit/shapes.ts'
import { call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { Time } from '#platform/ui/Time.tsx'
import { TryAgain } from '#platform/ui/TryAgain.tsx'
import { PersonName } from '../PersonName.tsx'
import { auditWords, kindTitles } from './audit-words.ts'
import { deviceName } from './device-name.ts'
import { MoreButton } from './MoreButton.tsx'
import { Page } from './Setting.tsx'
import { usePages } from './usePages.ts'
import './Audit.css'

type Wanted = { kind: Kind | 'all'; accountId: string | undefined }
type OnPerson = (accountId: string) => void

/** For owners: who did what, whom it concerned, from where and when. A table, and lines where there is no room for one. */
export function Audit() {
  const [wanted, setWanted] = useState<Wanted>({ kind: 'all', accountId: undefined })
  const load = useCallback(
    async (after: string | undefined, signal?: AbortSignal) => {
      const { kind, accountId } = wanted
      const query = {
        ...(kind === 'all' ? {} : { kind }),
        ...(accountId === undefined ? {} : { accountId }),
        ...(after === undefined ? {} : { after }),
      }
      const { entries, next } = await call(listAudit, { query }, signal ? { signal } : {})
      return { items: entries, next }
    },
    [wanted],
  )
  const found = usePages(load)
  const filters = useRef<HTMLDivElement>(null)
  const showEverybody = () => {
    setWanted({ ...wanted, accountId: undefined })
    // The button that was pressed goes.
    filters.current?.querySelector('select')?.focus()
  }
  return (
    <Page
      wide
      title="Audit"
      lede="Who did what here, from where, in the last 90 days. Only owners see this list. It holds no messages."
    >
      <div className="audit-filters" ref={filters}>
        <Select
          label="What is shown"
          value={wanted.kind}
          choices={[{ value: 'all', title: 'Everything' }, ...kindTitles]}
          onChange={(kind) => setWanted({ ...wanted, kind })}
        />
        {wanted.accountId !== undefined && (
          <Button icon={X} className="audit-person" data-tooltip="Show everybody" onClick={showEverybody}>
            <span className="truncate">
              Only <PersonName id={wanted.accountId} />
            </span>
          </Button>
        )}
      </div>
      {found.failure && (
        <Alert>
          {found.failure} <TryAgain inSentence onPress={found.again} />
        </Alert>
      )}
      {found.value ? (
        <Entries
          entries={found.value}
          isCurrent={found.isCurrent}
          onPerson={(accountId) => setWanted({ ...wanted, accountId })}
        />
      ) : (
        !found.failure && <Bones />
      )}
      <MoreButton of={found} />
    </Page>
  )
}

function Entries(props: { entries: readonly AuditEntry[]; isCurrent: boolean; onPerson: OnPerson }) {
  const { entries, isCurrent, onPerson } = props
  const formats = useFormats()
  if (entries.length === 0) return <p className="muted">Nothing of this in the last 90 days.</p>
  const days = Map.groupBy(entries, (entry) => formats.dayKey(entry.at))
  return (
    <table className="audit" aria-busy={!isCurrent || undefined}>
      <caption className="visually-hidden">What was done, newest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      {[...days].map(([day, ofDay]) => (
        <tbody key={day}>
          <tr>
            <th className="audit-day" scope="rowgroup" colSpan={4}>
              {formats.dayLine(ofDay[0]!.at)}
            </th>
          </tr>
          {ofDay.map((entry) => (
            <Row key={entry.id} entry={entry} onPerson={onPerson} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Row({ entry, onPerson }: { entry: AuditEntry; onPerson: OnPerson }) {
  const { actorId, accountId } = entry
  const [before, after] = auditWords(entry).split('{whom}') as [string, string | undefined]
  const device = entry.userAgent === null ? undefined : deviceName(entry.userAgent)
  const person = (id: string): ReactNode => (
    <LinkButton data-tooltip="Show only this person" onClick={() => onPerson(id)}>
      <PersonName id={id} />
    </LinkButton>
  )
  return (
    <tr className="entry">
      <td className="when">
        <Time at={entry.at} />
      </td>
      <td className="who">{actorId === null ? <span className="muted">Somebody</span> : person(actorId)}</td>
      <td className="what">
        {before}
        {after !== undefined && accountId !== null && person(accountId)}
        {after}
      </td>
      <td className="from">
        <div>
          {entry.ipAddress !== null && <bdi dir="ltr">{entry.ipAddress}</bdi>}
          {device && <span>{device}</span>}
          {entry.details.many && <span>Many networks</span>}
        </div>
      </td>
    </tr>
  )
}

function Bones() {
  return (
    <Skeleton label="Loading the list">
      <div className="audit-bones">
        {[1, 2, 3, 4, 5, 6, 7, 8].map((n) => (
          <div key={n}>
            <Bone inlineSize="3rem" />
            <Bone inlineSize={`${[7, 9, 6][n % 3]}rem`} />
            <Bone inlineSize={`${[30, 22, 38, 26][n % 4]}%`} />
          </div>
        ))}
      </div>
    </Skeleton>
  )
}
