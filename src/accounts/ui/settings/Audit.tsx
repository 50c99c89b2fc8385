import X from 'lucide-react/icons/x'
import { useCallback, useState, type ReactNode } from 'react'
import { listAudit } from '#audit/contract.ts'
import type { AuditEntry, Kind } from '#audit/shapes.ts'
import { call } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { usePerson } from '../people.ts'
import { auditWords, kindTitles } from './audit-words.ts'
import { deviceName } from './device-name.ts'
import { Page, useSaving } from './Setting.tsx'
import { useLoaded } from './useLoaded.ts'
import './Audit.css'

type Found = { entries: readonly AuditEntry[]; next: string | null }
type Wanted = { kind: Kind | 'all'; accountId: string | undefined }

const queryOf = ({ kind, accountId }: Wanted) => ({
  ...(kind === 'all' ? {} : { kind }),
  ...(accountId === undefined ? {} : { accountId }),
})

/** For owners: who did what, whom it concerned, from where and when. A table, and cards where there is no room for one. */
export function Audit() {
  const [wanted, setWanted] = useState<Wanted>({ kind: 'all', accountId: undefined })
  const load = useCallback(
    (signal: AbortSignal): Promise<Found> => call(listAudit, { query: queryOf(wanted) }, { signal }),
    [wanted],
  )
  const found = useLoaded(load)
  const more = useSaving()
  const { value } = found
  const loadMore = async () => {
    if (!value?.next) return
    const next = await call(listAudit, { query: { ...queryOf(wanted), after: value.next } })
    found.set({ entries: [...value.entries, ...next.entries], next: next.next })
  }
  const only = (accountId: string) => setWanted({ ...wanted, accountId })
  return (
    <Page
      title="Audit"
      lede="Who did what here, from where, for the last 90 days. Only owners see this list. It holds no messages."
    >
      <div className="audit-filters">
        <Select
          label="What is shown"
          value={wanted.kind}
          choices={[{ value: 'all', title: 'Everything' }, ...kindTitles]}
          onChange={(kind) => setWanted({ ...wanted, kind })}
        />
        {wanted.accountId !== undefined && (
          <Button small icon={X} onClick={() => setWanted({ ...wanted, accountId: undefined })}>
            Only <Name id={wanted.accountId} />
          </Button>
        )}
      </div>
      {found.failure && (
        <Alert>
          {found.failure} <LinkButton onClick={found.again}>Try again</LinkButton>
        </Alert>
      )}
      {value ? <Entries entries={value.entries} onPerson={only} /> : !found.failure && <Bones />}
      {value?.next && (
        <div className="settings-foot">
          {more.failure && (
            <p className="hint error" role="alert">
              {more.failure}
            </p>
          )}
          <Button loading={more.busy} onClick={() => void more.save(loadMore)}>
            Show more
          </Button>
        </div>
      )}
    </Page>
  )
}

function Entries({ entries, onPerson }: { entries: readonly AuditEntry[]; onPerson: (accountId: string) => void }) {
  if (entries.length === 0) return <p className="muted">Nothing of this in the last 90 days.</p>
  return (
    <table className="audit">
      <caption className="visually-hidden">What was done, newest first</caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} onPerson={onPerson} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ entry, onPerson }: { entry: AuditEntry; onPerson: (accountId: string) => void }) {
  const formats = useFormats()
  const { actorId, accountId, lastAt } = entry
  const [before, after] = auditWords(entry).split('{whom}') as [string, string | undefined]
  const device = entry.userAgent === null ? undefined : deviceName(entry.userAgent)
  const person = (id: string): ReactNode => (
    <LinkButton onClick={() => onPerson(id)}>
      <Name id={id} />
    </LinkButton>
  )
  return (
    <tr>
      <td className="when">
        <time dateTime={lastAt} data-tooltip={formats.exact(lastAt)}>
          {formats.date(lastAt)}, {formats.time(lastAt)}
        </time>
      </td>
      <td className="who">{actorId === null ? <span className="muted">Somebody</span> : person(actorId)}</td>
      <td className="what">
        {before}
        {after !== undefined && accountId !== null && person(accountId)}
        {after}
      </td>
      <td className="from">
        {entry.ipAddress !== null && <bdi dir="ltr">{entry.ipAddress}</bdi>}
        {device && <span className="muted">{device}</span>}
        {entry.details.many && <span className="muted">Many networks</span>}
      </td>
    </tr>
  )
}

/** A name of any direction, which does not change the direction of the sentence around it. */
function Name({ id }: { id: string }) {
  const account = usePerson(id)
  return account ? <bdi>{account.name}</bdi> : <Bone inlineSize="6rem" />
}

function Bones() {
  return (
    <Skeleton label="Loading the list">
      <div className="audit-bones">
        {[1, 2, 3, 4, 5, 6].map((n) => (
          <Bone key={n} inlineSize="100%" blockSize="2.5rem" />
        ))}
      </div>
    </Skeleton>
  )
}
