import X from 'lucide-react/icons/x'
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { Account } from '#accounts/shapes.ts'
import { usePresence } from '#delivery/ui/presence.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { FieldFrame } from '#platform/ui/Field.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { isolated } from '#platform/ui/isolate.ts'
import { useAccountSearch, type FoundPerson } from './account-search.ts'
import { Matched } from './Matched.tsx'
import { useToldApart } from './told-apart.ts'
import './People.css'

/**
 * A field for people: type, choose with arrows and Enter or a press, take back with Backspace or the cross. With
 * `inviting` the list shows also before anything is typed.
 */
export function PeoplePicker(props: {
  label: ReactNode
  beside?: ReactNode
  hint?: ReactNode
  error?: ReactNode
  chosen: readonly Account[]
  onChange: (chosen: readonly Account[]) => void
  /** Who is not offered: oneself, or who is there already. */
  without: ReadonlySet<string>
  inviting?: boolean
  most?: number
}) {
  const { label, beside, hint, error, chosen, onChange, without, inviting, most = 100 } = props
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const listId = useId()
  const taken = new Set(chosen.map((account) => account.id))
  const { found, asking, more } = useAccountSearch(typed, inviting ? 50 : 6, (id) => taken.has(id) || without.has(id))
  const open = inviting || typed.trim() !== ''
  const shown = open ? found : []
  const facts = useToldApart(shown)
  const at = Math.min(active, Math.max(0, shown.length - 1))
  const full = chosen.length >= most

  const add = (account: Account) => {
    if (!full) onChange([...chosen, account])
    setTyped('')
    setActive(0)
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey) return
    const last = chosen.at(-1)
    if (event.key === 'Backspace' && typed === '' && last) onChange(chosen.filter((one) => one !== last))
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && shown.length > 0) {
      event.preventDefault()
      setActive((at + step + shown.length) % shown.length)
    }
    const person = shown[at]
    // Enter sends the form only when it chooses nobody.
    if (event.key === 'Enter' && person && (typed.trim() !== '' || chosen.length === 0)) {
      event.preventDefault()
      add(person.account)
    }
  }
  const nobody = open && !asking && shown.length === 0 && !more && typed.trim() !== ''
  return (
    <FieldFrame
      {...{ label, beside, error }}
      hint={
        nobody
          ? `Nobody with “${typed.trim()}”.`
          : (hint ?? (open && more ? 'There are more people: write on to find them.' : undefined))
      }
    >
      {({ id, describedBy }) => (
        <>
          {/* A press beside the words goes to the field, as in any field. */}
          {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
          <div className={error ? 'input tokens invalid' : 'input tokens'} onClick={() => input.current?.focus()}>
            {chosen.map((account) => (
              <span key={account.id} className="token">
                <Avatar of={account} size={20} />
                <span className="truncate" dir="auto">
                  {account.name}
                </span>
                <button
                  type="button"
                  aria-label={`Remove ${isolated(account.name)}`}
                  onClick={(event) => {
                    event.stopPropagation()
                    onChange(chosen.filter((one) => one.id !== account.id))
                    input.current?.focus()
                  }}
                >
                  <Icon of={X} />
                </button>
              </span>
            ))}
            <input
              ref={input}
              id={id}
              type="text"
              role="combobox"
              autoComplete="off"
              aria-autocomplete="list"
              aria-expanded={shown.length > 0}
              aria-controls={listId}
              aria-activedescendant={shown[at] ? `${listId}-${shown[at].account.id}` : undefined}
              aria-describedby={describedBy}
              aria-invalid={error ? true : undefined}
              placeholder="Name or whole e-mail"
              dir="auto"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value)
                setActive(0)
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          {/* A list beside a field that keeps the focus: no element of HTML's own does that. */}
          {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
          <div className="offered fades" role="listbox" id={listId} aria-label="People" hidden={shown.length === 0}>
            {shown.map((person, index) => (
              <Offered
                key={person.account.id}
                id={`${listId}-${person.account.id}`}
                person={person}
                active={index === at}
                facts={facts.get(person.account.id)}
                onChoose={() => add(person.account)}
              />
            ))}
          </div>
        </>
      )}
    </FieldFrame>
  )
}

function Offered(props: {
  id: string
  person: FoundPerson
  active: boolean
  /** What tells them apart from others of their name. */
  facts: string | undefined
  onChoose: () => void
}) {
  const { id, person, active, facts, onChoose } = props
  const { account, match } = person
  const presence = usePresence(account.id)
  return (
    // The field keeps the focus and hears the keys; the options are told to it by `aria-activedescendant`.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={active ? 'hit on' : 'hit'}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: 'nearest' })
      }}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <Avatar of={account} size={24} presence={presence === 'active' ? 'online' : presence} />
      <span className="main truncate">
        <Matched name={account.name} match={match} />
      </span>
      {facts ? <span className="side">{facts}</span> : account.role === 'guest' && <span className="side">Guest</span>}
    </div>
  )
}
