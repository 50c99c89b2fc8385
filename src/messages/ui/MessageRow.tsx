import MessageSquareText from 'lucide-react/icons/message-square-text'
import Trash2 from 'lucide-react/icons/trash-2'
import { memo, useContext, useEffect, useRef, type MouseEvent, type ReactNode } from 'react'
import { people, somebody, usePerson } from '#accounts/ui/people.ts'
import { PersonName } from '#accounts/ui/PersonName.tsx'
import { useMe } from '#accounts/ui/session.ts'
import { deactivatedWord, openedPerson, openPerson } from '#members/ui/person-card.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { Spared } from '#platform/ui/Spared.tsx'
import { later } from '#platform/ui/later.ts'
import { menuPoint, openedMenu, openMenu } from '#platform/ui/menu.ts'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'
import { mentionsIn } from '../rules.ts'
import type { Message } from '../shapes.ts'
import { addressOf, useActions } from './actions.ts'
import { useDeletedWords } from './deleted.ts'
import { Markdown } from './Markdown.tsx'
import { words } from './markdown.ts'
import { deedOfKey, deedsOf, perform, type Deed } from './message-deeds.ts'
import { focusedToolbarButton, openAt, type OpenAt } from './open-at.ts'
import { EditMessage, MessageToolbar } from './parts.ts'
import { Printed } from './PrintedRows.tsx'
import { Reactions } from './Reactions.tsx'
import { ThreadSummary } from './ThreadSummary.tsx'
import { leaveToolbar, showsFocus, toolbarOf } from './shown-toolbar.ts'
import { numberOf } from './timeline.ts'
import { useTouch } from './useTouch.ts'

const messageMenu = later(() => import('./message-menu.ts'))

/** Milliseconds that the pointer rests on a row before its toolbar shows. */
const restsFor = 60

interface Props {
  message: Message
  first: boolean
  /** Whether Tab leads here: one row of a timeline at a time. */
  active: boolean
  editing: boolean
  /** Came here by a link. */
  washed: boolean
  /** Where something hangs that is open for it. */
  open: OpenAt | undefined
  threadOpen: boolean
}

export const MessageRow = memo(function MessageRow(props: Props) {
  return (
    <Spared of={props.message} plain={<PlainRow message={props.message} active={props.active} />}>
      <Row {...props} />
    </Spared>
  )
})

/** In place of a message that cannot be drawn: who wrote it and what was typed. */
function PlainRow({ message, active }: { message: Message; active: boolean }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys walk over it as over the others
    <article className="message first" tabIndex={active ? 0 : -1} data-message={message.id}>
      <span className="gutter-time" />
      <div className="content">
        <header className="byline">
          <span className="author truncate">
            <PersonName id={message.accountId} />
          </span>
        </header>
        <div className="body" dir="auto">
          {message.body}
        </div>
      </div>
    </article>
  )
}

function Row(props: Props) {
  const { message, first, active, washed, threadOpen } = props
  const printed = useContext(Printed)
  const editing = props.editing && !printed
  const context = useActions()
  const { actions } = context
  const me = useMe()
  const author = usePerson(message.accountId)
  const formats = useFormats()
  const row = useRef<HTMLElement>(null)
  const near = useStore(toolbarOf, (id) => id === message.id)
  const rests = useRef<ReturnType<typeof setTimeout>>(undefined)
  const menu = useStore(openedMenu, (opened) => (opened?.about === message.id ? openAt(opened.anchor) : undefined))
  const card = useStore(openedPerson, (opened) =>
    opened?.messageId === message.id ? openAt(opened.anchor) : undefined,
  )
  const open = props.open ?? menu ?? card
  const deletedWords = useDeletedWords(message)
  const deeds = deedsOf(message, me.id, context)
  const tab = active ? 0 : -1
  const name = author?.name ?? (message.accountId === me.id ? me.name : '')
  const run = (deed: Deed) => perform(deed, message, actions, row.current)
  const entries = async () => (await messageMenu.load())?.menuOf(deeds, run)
  const openContextMenu = (event: MouseEvent<HTMLElement>) => {
    // The browser's own menu for links and for text that is being selected.
    const target = event.target as Element
    if (target.closest('a, textarea') || !(getSelection()?.isCollapsed ?? true)) return
    event.preventDefault()
    // With the focus in the toolbar the menu opens there, and the toolbar stays for the focus to return.
    const anchor = focusedToolbarButton(event.currentTarget) ?? menuPoint(event)
    openMenu(anchor, 'Message', entries(), { about: message.id })
  }
  const { drawn, handlers } = useTouch({
    menu: (point) => openMenu(point, 'Message', entries()),
    reply: deeds.includes('thread') ? () => run('thread') : undefined,
  })
  const rest = (milliseconds: number, then: () => void) => {
    clearTimeout(rests.current)
    rests.current = setTimeout(then, milliseconds)
  }
  useEffect(() => () => clearTimeout(rests.current), [])
  const openAtToolbar = open === 'toolbar'
  const deleted = message.deletedAt !== null
  const forMe = !deleted && message.accountId !== me.id && means(message, me.id)
  const showsToolbar = !editing && (open ? open === 'toolbar' : near)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- every deed is also a button in its toolbar
    <article
      ref={row}
      className={['message', first && 'first', forMe && 'for-me', washed && 'is-selected', open && 'is-hovered']
        .filter(Boolean)
        .join(' ')}
      tabIndex={tab}
      data-message={message.id}
      aria-label={labelOf(message, name, formats.time(message.createdAt))}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return
        const deed = deedOfKey(event.nativeEvent)
        if (!deed || !deeds.includes(deed)) return
        event.preventDefault()
        run(deed)
      }}
      onContextMenu={openContextMenu}
      onPointerEnter={(event) => event.pointerType === 'mouse' && rest(restsFor, () => toolbarOf.set(message.id))}
      onPointerLeave={() => rest(0, () => openAtToolbar || showsFocus(row.current) || leaveToolbar(message.id))}
      onFocus={(event) => {
        if (event.target.matches(':focus-visible')) toolbarOf.set(message.id)
      }}
      onBlur={(event) => {
        if (openAtToolbar || event.currentTarget.contains(event.relatedTarget)) return
        if (!event.currentTarget.matches(':hover')) leaveToolbar(message.id)
      }}
      {...handlers}
    >
      {drawn && (
        <span className="drawn-sign" aria-hidden="true">
          <Icon of={MessageSquareText} />
        </span>
      )}
      {first ? (
        <Avatar of={author ?? { id: message.accountId, name }} />
      ) : (
        <span className="gutter-time">
          <SentAt message={message} tab={tab} />
        </span>
      )}
      <div className="content">
        {first && (
          <header className="byline">
            <Author name={name} tab={tab} message={message} />
            {author?.role === 'guest' && <span className="tag">Guest</span>}
            {author?.deactivated && <span className="tag">{deactivatedWord}</span>}
            <SentAt message={message} tab={tab} />
          </header>
        )}
        {deleted ? (
          <p className="deleted">
            <Icon of={Trash2} size="small" />
            <bdi>{deletedWords}</bdi>
          </p>
        ) : editing ? (
          <EditMessage message={message} onDone={actions.stopEditing} />
        ) : (
          <Markdown body={message.body} tab={tab} after={message.editedAt && <Edited at={message.editedAt} />} />
        )}
        {!deleted && <Reactions message={message} tab={tab} />}
        {message.thread && actions.openThread && (
          <ThreadSummary
            message={message}
            thread={message.thread}
            open={threadOpen}
            tab={tab}
            onOpen={() => actions.openThread?.(message.id)}
          />
        )}
      </div>
      {showsToolbar && deeds.length > 0 && (
        <MessageToolbar message={message} me={me.id} deeds={deeds} run={run} tab={tab} held={openAtToolbar} />
      )}
    </article>
  )
}

function means(message: Message, accountId: string): boolean {
  if (!message.body.includes('@')) return false
  const { accountIds, channel } = mentionsIn(message.body)
  return channel || accountIds.includes(accountId)
}

/** The time is the receipt, and the link to the message. */
function SentAt({ message, tab }: { message: Message; tab: 0 | -1 }) {
  const formats = useFormats()
  const number = message.ordinal
    ? `message ${formats.count(message.ordinal)}`
    : `reply ${formats.count(numberOf(message))}`
  return (
    <time dateTime={message.createdAt} data-tooltip={`${formats.exact(message.createdAt)}\n${number}`}>
      <a href={addressOf(message)} tabIndex={tab}>
        {formats.time(message.createdAt)}
      </a>
    </time>
  )
}

function Author({ name, message, tab }: { name: string; message: Message; tab: 0 | -1 }) {
  return (
    <button
      type="button"
      className="author truncate"
      tabIndex={tab}
      data-tooltip={name.length > 24 ? name : undefined}
      onClick={(event) => openPerson(event.currentTarget, message.accountId, message.id)}
    >
      <PersonName id={message.accountId} />
    </button>
  )
}

function Edited({ at }: { at: string }): ReactNode {
  const formats = useFormats()
  return (
    <span className="edited" data-tooltip={`Edited ${formats.exact(at)}`}>
      (edited)
    </span>
  )
}

/** By whom it was deleted is not in it: that reads differently for each, and a label names the message. */
function labelOf(message: Message, name: string, time: string): string {
  const said = message.deletedAt ? 'deleted' : words(message.body, nameNow, 160)
  return `${isolated(name || somebody)}, ${time}, ${isolated(said)}`
}

const nameNow = (id: string) => people.get().get(id)?.name ?? somebody
