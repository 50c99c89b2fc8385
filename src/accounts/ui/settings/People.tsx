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
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { lazily } from '#platform/ui/lazily.tsx'
import type { MenuEntry } from '#platform/ui/menu.ts'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { toast } from '#platform/ui/toast.ts'
import { keepPeople } from '../people.ts'
import type { PersonDialogKind } from './PersonDialogs.tsx'
import { updateMe, useMe, usePlace } from '../session.ts'
import { Rows } from './Rows.tsx'
import { Page, Setting, useSaving } from './Setting.tsx'
import { useLoaded } from './useLoaded.ts'

const PersonDialog = lazily(() => import('./PersonDialogs.tsx').then((module) => module.PersonDialog))

const roles: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member', guest: 'Guest' }

/** Owners make and unmake owners; admins change the others. The server decides; this only offers what it will take. */
function mayChoose(me: Me, of: Account): readonly Role[] {
  if (!mayAdminister(me, of)) return []
  return me.role === 'owner' ? ['owner', 'admin', 'member', 'guest'] : ['admin', 'member', 'guest']
}

type Found = { accounts: readonly Account[]; next: string | null }

export function People() {
  const me = useMe()
  const place = usePlace()
  const [query, setQuery] = useState('')
  const asked = query.trim()
  const state = me.role === 'owner' || me.role === 'admin' ? 'all' : 'active'
  const load = useCallback(
    async (signal: AbortSignal): Promise<Found> => {
      // While somebody types, only where they stop is asked for.
      if (asked) await new Promise((done) => setTimeout(done, 200))
      signal.throwIfAborted()
      return call(listAccounts, { query: { state, ...(asked && { query: asked }) } }, { signal })
    },
    [asked, state],
  )
  const found = useLoaded(load)
  const more = useSaving()
  const loadMore = async () => {
    if (!found.value?.next) return
    const next = await call(listAccounts, { query: { state, after: found.value.next, ...(asked && { query: asked }) } })
    found.set({ accounts: [...found.value.accounts, ...next.accounts], next: next.next })
  }
  const replace = (changed: Account) => {
    if (!found.value) return
    const accounts = found.value.accounts.map((each) => (each.id === changed.id ? changed : each))
    found.set({ ...found.value, accounts })
  }

  return (
    <Page title="People" lede={`Everybody who is in ${place.name}.`}>
      <div style={{ marginBlock: 'var(--space-8) var(--space-6)' }}>
        <Field
          label="Find"
          type="search"
          icon={Search}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <Rows
        of={{ ...found, value: found.value?.accounts }}
        loading="Loading the people"
        empty={`Nobody with “${asked}”. Try fewer letters.`}
        renderRow={(account) => <Row key={account.id} account={account} me={me} onChanged={replace} />}
      />
      {found.value?.next && (
        <div className="settings-foot">
          <Button loading={more.busy} onClick={() => void more.save(loadMore)}>
            Show more
          </Button>
        </div>
      )}
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
      toast(`${account.name} is restored, and can sign in again.`)
    })
  const entries = (): MenuEntry[] =>
    account.deactivated
      ? [{ label: 'Restore', icon: RotateCcw, run: () => void restore() }]
      : [
          { label: 'Sessions…', icon: MonitorSmartphone, run: () => setDialog('sessions') },
          { label: 'Make a reset link…', icon: KeyRound, run: () => setDialog('reset-link') },
          'separator',
          { label: 'Deactivate…', icon: UserX, danger: true, run: () => setDialog('deactivate') },
        ]
  const more = `More for ${account.name}`
  return (
    <>
      <Setting
        title={account.id === me.id ? `${account.name} (you)` : account.name}
        lead={<Avatar of={account} size={32} />}
        saving={saving}
        control={
          choices.length > 0 ? (
            <>
              <Select
                label={`Role of ${account.name}`}
                value={account.role}
                choices={choices.map((value) => ({ value, title: roles[value] }))}
                onChange={(role) => void change(role)}
              />
              <MenuTrigger label={more} about={account.id} entries={entries} align="end">
                <IconButton label={more} icon={Ellipsis} tooltip={false} />
              </MenuTrigger>
            </>
          ) : (
            <span className="muted">{roles[account.role]}</span>
          )
        }
      >
        {account.deactivated && 'Deactivated: cannot sign in.'}
      </Setting>
      {dialog && (
        <PersonDialog kind={dialog} account={account} onChanged={onChanged} onClose={() => setDialog(undefined)} />
      )}
    </>
  )
}
