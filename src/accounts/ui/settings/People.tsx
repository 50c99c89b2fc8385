import Ellipsis from 'lucide-react/icons/ellipsis'
import KeyRound from 'lucide-react/icons/key-round'
import MonitorSmartphone from 'lucide-react/icons/monitor-smartphone'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import Search from 'lucide-react/icons/search'
import UserX from 'lucide-react/icons/user-x'
import { useCallback, useState } from 'react'
import { changeRole, restoreAccount } from '#accounts/administration-contract.ts'
import { listAccounts } from '#accounts/contract.ts'
import { mayAdminister } from '#accounts/rules.ts'
import type { Account, Me, Role } from '#accounts/shapes.ts'
import { call } from '#platform/ui/api.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { lazily } from '#platform/ui/lazily.tsx'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { toast } from '#platform/ui/toast.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { keepPeople } from '../people.ts'
import type { PersonDialogKind } from './PersonDialogs.tsx'
import { updateMe, useMe, usePlace } from '../session.ts'
import { MoreButton } from './MoreButton.tsx'
import { Rows } from './Rows.tsx'
import { Page, Setting, useSaving } from './Setting.tsx'
import { usePages } from './usePages.ts'
import './People.css'

const PersonDialog = lazily(() => import('./PersonDialogs.tsx').then((module) => module.PersonDialog))

const roles: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member', guest: 'Guest' }

/** Owners make and unmake owners; admins change the others. The server decides; this only offers what it will take. */
function mayChoose(me: Me, of: Account): readonly Role[] {
  if (!mayAdminister(me, of)) return []
  return me.role === 'owner' ? ['owner', 'admin', 'member', 'guest'] : ['admin', 'member', 'guest']
}

export function People() {
  const me = useMe()
  const place = usePlace()
  const formats = useFormats()
  const [query, setQuery] = useState('')
  const asked = query.trim()
  const state = me.role === 'owner' || me.role === 'admin' ? 'all' : 'active'
  const load = useCallback(
    async (after: string | undefined, signal?: AbortSignal) => {
      // While somebody types, only where they stop is asked for.
      if (asked && after === undefined) await new Promise((done) => setTimeout(done, 200))
      signal?.throwIfAborted()
      const wanted = { state, ...(asked && { query: asked }), ...(after === undefined ? {} : { after }) } as const
      const { accounts, next } = await call(listAccounts, { query: wanted }, signal ? { signal } : {})
      return { items: accounts, next }
    },
    [asked, state],
  )
  const found = usePages(load)
  const replace = (changed: Account) => found.replace((each) => (each.id === changed.id ? changed : each))
  const count = found.value?.length ?? 0
  return (
    <Page title="People" lede={`Everybody who is in ${isolated(place.name)}.`}>
      <div className="people-find">
        <Field
          label={<span className="visually-hidden">Find people</span>}
          type="search"
          icon={Search}
          placeholder={me.role === 'guest' ? 'Name' : 'Name or full e-mail'}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        {/* Only once all of them are here: a count is exact or absent. */}
        {found.isWhole && count > 0 && (
          <span className="muted">{count === 1 ? '1 person' : `${formats.count(count)} people`}</span>
        )}
      </div>
      <Rows
        of={found}
        className="people"
        loading="Loading the people"
        empty={`Nobody with “${asked}”. Try fewer letters.`}
        renderRow={(account) => <Row key={account.id} account={account} me={me} onChanged={replace} />}
      />
      <MoreButton of={found} />
    </Page>
  )
}

function Row({ account, me, onChanged }: { account: Account; me: Me; onChanged: (account: Account) => void }) {
  const saving = useSaving()
  const [dialog, setDialog] = useState<PersonDialogKind>()
  const choices = mayChoose(me, account)
  const change = (role: Role) =>
    saving.save(async () => {
      const changed = await call(changeRole, { params: { accountId: account.id }, body: { role } })
      onChanged(changed)
      if (changed.id === me.id) updateMe({ ...me, role: changed.role })
    })
  const restore = () =>
    saving.save(async () => {
      const changed = await call(restoreAccount, { params: { accountId: account.id } })
      keepPeople([changed])
      onChanged(changed)
      toast(`${isolated(account.name)} is restored, and can sign in again.`)
    })
  // The name first: on a phone the menu covers the row that it belongs to.
  const entries = (): MenuEntry[] => [
    { heading: account.name },
    ...(account.deactivated
      ? ([{ label: 'Restore', icon: RotateCcw, run: () => void restore() }] as const)
      : ([
          { label: 'Sessions…', icon: MonitorSmartphone, run: () => setDialog('sessions') },
          { label: 'Make a reset link…', icon: KeyRound, run: () => setDialog('reset-link') },
          'separator',
          { label: 'Deactivate…', icon: UserX, danger: true, run: () => setDialog('deactivate') },
        ] as const)),
  ]
  const more = `More for ${isolated(account.name)}`
  return (
    <>
      <Setting
        title={
          <>
            <bdi data-tooltip={account.name.length > 40 ? account.name : undefined}>{account.name}</bdi>
            {account.id === me.id && ' (you)'}
          </>
        }
        lead={<Avatar of={account} size={32} />}
        saving={saving}
        control={
          choices.length > 0 ? (
            <>
              <Select
                quiet
                label={`Role of ${isolated(account.name)}`}
                value={account.role}
                choices={choices.map((value) => ({ value, title: roles[value] }))}
                onChange={(role) => void change(role)}
              />
              <MenuTrigger label={more} about={account.id} entries={entries} align="end">
                <IconButton label={more} icon={Ellipsis} tooltip={false} />
              </MenuTrigger>
            </>
          ) : (
            <span className="role">{roles[account.role]}</span>
          )
        }
      >
        {account.deactivated && 'Deactivated'}
      </Setting>
      {dialog && (
        <PersonDialog kind={dialog} account={account} onChanged={onChanged} onClose={() => setDialog(undefined)} />
      )}
    </>
  )
}
