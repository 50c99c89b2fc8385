import Search from 'lucide-react/icons/search'
import { useCallback, useState } from 'react'
import { changeRole, listAccounts } from '#accounts/contract.ts'
import type { Account, Me, Role } from '#accounts/shapes.ts'
import { call } from '#platform/ui/api.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { Select } from '#platform/ui/Select.tsx'
import { updateMe, useMe, usePlace } from '../session.ts'
import { Rows } from './Rows.tsx'
import { Page, Setting, useSaving } from './Setting.tsx'
import { useLoaded } from './useLoaded.ts'

const roles: Record<Role, string> = { owner: 'Owner', admin: 'Admin', member: 'Member', guest: 'Guest' }

/** Owners make and unmake owners; admins change the others. The server decides; this only offers what it will take. */
function mayChoose(me: Me, of: Account): readonly Role[] {
  if (me.role === 'owner') return ['owner', 'admin', 'member', 'guest']
  return me.role === 'admin' && of.role !== 'owner' ? ['admin', 'member', 'guest'] : []
}

type Found = { accounts: readonly Account[]; next: string | null }

export function People() {
  const me = useMe()
  const place = usePlace()
  const [query, setQuery] = useState('')
  const asked = query.trim()
  const load = useCallback(
    async (signal: AbortSignal): Promise<Found> => {
      // While somebody types, only where they stop is asked for.
      if (asked) await new Promise((done) => setTimeout(done, 200))
      signal.throwIfAborted()
      return call(listAccounts, { query: asked ? { query: asked } : {} }, { signal })
    },
    [asked],
  )
  const found = useLoaded(load)
  const more = useSaving()
  const loadMore = async () => {
    if (!found.value?.next) return
    const next = await call(listAccounts, { query: { after: found.value.next, ...(asked && { query: asked }) } })
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
  const choices = mayChoose(me, account)
  const change = (role: Role) =>
    saving.save(async () => {
      const changed = await call(changeRole, { params: { accountId: account.id }, body: { role } })
      onChanged(changed)
      if (changed.id === me.id) updateMe({ ...me, role: changed.role })
    })
  return (
    <Setting
      title={account.id === me.id ? `${account.name} (you)` : account.name}
      lead={<Avatar of={account} size={32} />}
      saving={saving}
      control={
        choices.length > 0 ? (
          <Select
            label={`Role of ${account.name}`}
            value={account.role}
            choices={choices.map((value) => ({ value, title: roles[value] }))}
            onChange={(role) => void change(role)}
          />
        ) : (
          <span className="muted">{roles[account.role]}</span>
        )
      }
    />
  )
}
