import ChevronRight from 'lucide-react/icons/chevron-right'
import MessageCirclePlus from 'lucide-react/icons/message-circle-plus'
import Search from 'lucide-react/icons/search'
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { people } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { usePresence } from '#delivery/ui/presence.ts'
import { Matched } from '#members/ui/Matched.tsx'
import { presenceWords } from '#members/ui/person-card.ts'
import { DialogFrame } from '#platform/ui/Dialog.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { Kbd } from '#platform/ui/Kbd.tsx'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import type { Conversation } from '../contract.ts'
import { openConversation } from './addresses.ts'
import { nameOf } from './conversation-name.ts'
import { ConversationSign, PersonSign } from './ConversationRow.tsx'
import { useConversations } from './conversation-store.ts'
import { messageTo } from './conversation-verbs.ts'
import { LastLine } from './LastLine.tsx'
import { isUnread } from './list-order.ts'
import { commandsFor } from './switcher-commands.ts'
import { findHits, readQuery, type Hit } from './switcher-hits.ts'
import { useFurther } from './switcher-search.ts'
import '#members/ui/People.css'
import './Switcher.css'

/** Jump: opens from what is in memory, and what the server finds joins it a moment later. */
export function Switcher({ query: begun, onClose }: { query?: string | undefined; onClose: () => void }) {
  const me = useMe()
  const keys = useStore(keysAtHand)
  const formats = useFormats()
  const [typed, setTyped] = useState(begun ?? '')
  const [active, setActive] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  const listId = useId()
  const byId = useConversations((directory) => directory.byId)
  const known = useStore(people)
  const further = useFurther(typed)
  const open = openNow()
  const all = new Map<string, Conversation>([...further.map((one) => [one.id, one] as const), ...byId])
  const named = [...all.values()].map((conversation) => ({
    conversation,
    name: nameOf(conversation, known, me, formats.list),
  }))
  const here = named.find(({ conversation }) => conversation.id === open)
  const groups = findHits({
    typed,
    open,
    me: me.id,
    conversations: named,
    people: known,
    commands: commandsFor(here?.conversation, here?.name ?? ''),
  })
  const hits = groups.flatMap((group) => group.hits)
  const at = Math.min(active, Math.max(0, hits.length - 1))

  const choose = (hit: Hit) => {
    onClose()
    if (hit.kind === 'conversation') openConversation(hit.id)
    else if (hit.kind === 'person') messageTo(hit.id)
    else hit.command.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && hits.length > 0) {
      event.preventDefault()
      const next = (at + step + hits.length) % hits.length
      setActive(next)
      // Here and not when it renders: asked before the first frame it would hold that up by a layout.
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
    const hit = hits[at]
    if (event.key === 'Enter' && hit) {
      event.preventDefault()
      choose(hit)
    }
  }
  let index = -1
  return (
    <DialogFrame className="switcher" label="Jump to" onClose={onClose} initialFocus={field}>
      <div className="query">
        <Icon of={Search} />
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label="Jump to a conversation, a person or a command"
          aria-expanded={hits.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={hits[at] ? `${listId}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          placeholder="Jump to"
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
      <div className="results" role="listbox" id={listId} aria-label="Results">
        {groups.map((group) => (
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          <div key={group.title} role="group" aria-label={group.title}>
            <div className="heading" aria-hidden="true">
              {group.title}
            </div>
            {group.hits.map((hit) => {
              index++
              return (
                <HitRow
                  key={`${hit.kind} ${hit.id}`}
                  id={`${listId}-${index}`}
                  hit={hit}
                  open={hit.id === open}
                  active={index === at}
                  onChoose={() => choose(hit)}
                />
              )
            })}
          </div>
        ))}
      </div>
      {hits.length === 0 && (
        <p className="nothing" aria-live="polite">
          {typed.trim() === ''
            ? 'Nothing to jump to yet.'
            : `Nothing with “${readQuery(typed).words}”. Try fewer letters.`}
        </p>
      )}
      <div className="keys off-phone" hidden={!keys}>
        <span>
          <Kbd keys="ArrowUp" /> <Kbd keys="ArrowDown" /> move
        </span>
        <span>
          <Kbd keys="Enter" /> open
        </span>
        <span>
          <kbd>@</kbd> people
        </span>
        <span>
          <kbd>#</kbd> channels
        </span>
        <span>
          <kbd>&gt;</kbd> commands
        </span>
        <span className="end">
          <Kbd keys="Escape" /> close
        </span>
      </div>
    </DialogFrame>
  )
}

function HitRow(props: { id: string; hit: Hit; open: boolean; active: boolean; onChoose: () => void }) {
  const { id, hit, open, active, onChoose } = props
  return (
    // The field keeps the focus and hears the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={active ? 'hit on' : 'hit'}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {hit.kind === 'conversation' ? (
        <ConversationHit hit={hit} open={open} />
      ) : hit.kind === 'person' ? (
        <PersonHit hit={hit} />
      ) : (
        <Line lead={<Icon of={ChevronRight} flip />} main={<Matched name={hit.command.label} match={hit.match} />} />
      )}
    </div>
  )
}

function Line({ lead, main, side, end }: { lead: ReactNode; main: ReactNode; side?: ReactNode; end?: ReactNode }) {
  return (
    <>
      <span className="lead">{lead}</span>
      <span className="main truncate">{main}</span>
      {side && <span className="side truncate">{side}</span>}
      {end && <span className="end">{end}</span>}
    </>
  )
}

function ConversationHit({ hit, open }: { hit: Extract<Hit, { kind: 'conversation' }>; open: boolean }) {
  const formats = useFormats()
  const { conversation, name, match } = hit
  const { membership, archivedAt, unreadCount, mentionCount } = conversation
  const side = open ? (
    'Open now'
  ) : !membership ? (
    'Not joined'
  ) : archivedAt ? (
    'Archived'
  ) : (
    <LastLine conversation={conversation} />
  )
  const count = mentionCount > 0 ? mentionCount : isUnread(conversation) ? unreadCount : 0
  const words = `${formats.count(count)} ${mentionCount > 0 ? 'mentions' : 'unread'}`
  return (
    <Line
      lead={<ConversationSign conversation={conversation} size={24} />}
      main={<Matched name={name} match={match} />}
      side={side}
      end={
        count > 0 && (
          <span className={mentionCount > 0 ? 'badge' : 'badge plain'}>
            <span aria-hidden="true">{formats.badge(count)}</span>
            <span className="visually-hidden">, {words}</span>
          </span>
        )
      }
    />
  )
}

function PersonHit({ hit }: { hit: Extract<Hit, { kind: 'person' }> }) {
  const presence = usePresence(hit.id)
  return (
    <Line
      lead={<PersonSign id={hit.id} size={24} />}
      main={<Matched name={hit.account.name} match={hit.match} />}
      side={presence && presenceWords[presence]}
      end={<Icon of={MessageCirclePlus} size="small" />}
    />
  )
}

/** `/c/{id}` of the page's address. */
const openNow = () => /^\/c\/([^/]+)/.exec(location.pathname)?.[1]
