// Of some length: what a conversation and a thread have in common is put together here, and nowhere else.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { people, somebody } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import type { Conversation } from '#conversations/contract.ts'
import { firstName, spokenName } from '#conversations/ui/conversation-name.ts'
import { markConversationRead, markRead } from '#conversations/ui/conversation-store.ts'
import { mayRule } from '#conversations/ui/conversation-verbs.ts'
import { announce } from '#platform/ui/announce.ts'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { defineShortcut, isWriting, typesText, useShortcut } from '#platform/ui/keyboard.ts'
import { keysAtHand } from '#platform/ui/keys-at-hand.ts'
import { printing } from '#platform/ui/printing.ts'
import { shallowEqual, useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { isolated } from '#platform/ui/isolate.ts'
import type { Message } from '../shapes.ts'
import { ActionsContext } from './actions.ts'
import { Beginning } from './Beginning.tsx'
import { Composer, useAway, type ComposerHandle } from './Composer.tsx'
import { words } from './markdown.ts'
import { MessageRow } from './MessageRow.tsx'
import { messaging, outbox } from './messaging.ts'
import { PendingRow } from './PendingRow.tsx'
import { PrintedRows } from './PrintedRows.tsx'
import { layRows, type Row } from './rows.ts'
import { Timeline, type Opening } from './Timeline.tsx'
import { TimelineBones } from './TimelineBones.tsx'
import { isMessageEvent, shown, waiting } from './timeline.ts'
import { useDeeds } from './useDeeds.tsx'

const readHere = defineShortcut({ keys: 'Escape', label: 'Mark this conversation read', group: 'Conversations' })
const reactToLast = defineShortcut({
  keys: 'Ctrl+Shift+\\',
  label: 'React to the last message',
  group: 'Conversations',
})

/** From so many unread on, it is opened where the reading stopped instead of at the newest page. */
const manyUnread = 40
const washedFor = 2000

/** A timeline and its composer: of a conversation, or with `threadRoot` of a thread. */
export function Talk(props: {
  conversation: Conversation
  threadRoot: string | null
  name: string
  /** A message that a link led to. */
  around: string | undefined
  openThread?: string | undefined
  onOpenThread?: ((rootId: string) => void) | undefined
  children?: ReactNode
}) {
  const { conversation, threadRoot, name, around, openThread, onOpenThread } = props
  const { id, membership, archivedAt } = conversation
  const { store, connection } = messaging()
  const me = useMe()
  const formats = useFormats()
  const view = useStore(store.view(id, threadRoot))
  const { timeline } = view
  const composer = useRef<ComposerHandle>(null)
  const pane = useRef<HTMLDivElement>(null)
  const { actions, editing, picking, overlays } = useDeeds(composer, pane, threadRoot ? undefined : onOpenThread)
  const rights = useMemo(
    () => ({ write: membership !== null && archivedAt === null, removeAny: mayRule(conversation) }),
    [membership, archivedAt, conversation],
  )
  const context = useMemo(() => ({ actions, rights }), [actions, rights])

  // ── Where it opens, and what is new ──
  const [opening] = useState<Opening>(() => ({
    around,
    readOrdinal: membership?.readOrdinal ?? conversation.lastOrdinal,
  }))
  const [mark, setMark] = useState<number | null>(() => (conversation.unreadCount > 0 ? opening.readOrdinal : null))
  const threadRead = view.thread?.readOrdinal
  const [threadMark, setThreadMark] = useState<number | null>()
  if (threadRoot && threadRead !== undefined && threadMark === undefined) {
    setThreadMark(view.thread?.following && timeline.last > threadRead && threadRead > 0 ? threadRead : null)
  }
  const freshAfter = threadRoot ? (threadMark ?? null) : mark

  useEffect(() => {
    const many = conversation.unreadCount > manyUnread
    return store.look(id, threadRoot, {
      around,
      readOrdinal: !threadRoot && many ? opening.readOrdinal : undefined,
      lastSeq: conversation.lastSeq,
    })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- while it is open, the stream brings what changes
  }, [store, id, threadRoot, around])

  // ── Rows ──
  const state = useStore(connection.status, (status) => status.state)
  const inStep = useStore(connection.status, (status) => status.inStepUntil)
  const away = useAway(state)
  const mine = useStore(
    outbox,
    (list) => list.filter((each) => each.conversationId === id && each.threadRoot === threadRoot),
    shallowEqual,
  )
  const rows = useMemo(
    () =>
      timeline.loaded
        ? layRows({
            messages: shown(timeline),
            pending: waiting(timeline, mine, me.id),
            atStart: timeline.atStart,
            atEnd: timeline.atEnd,
            freshAfter,
            accountId: me.id,
            dayKey: formats.dayKey,
            inStepUntil: away ? inStep : null,
            root: timeline.root,
            thread: threadRoot !== null,
          })
        : [],
    [timeline, mine, me.id, freshAfter, formats, away, inStep, threadRoot],
  )
  const washed = useWashed(around, timeline.loaded)

  const renderRow = useCallback(
    (row: Row, active: boolean) => {
      switch (row.kind) {
        case 'message':
        case 'root': {
          const shown = (
            <MessageRow
              message={row.message}
              first={row.kind === 'root' || row.first}
              active={active}
              editing={editing === row.message.id}
              washed={washed === row.message.id}
              open={picking?.message.id === row.message.id ? picking.at : undefined}
              threadOpen={openThread === row.message.id}
            />
          )
          return row.kind === 'root' ? <div className="thread-root">{shown}</div> : shown
        }
        case 'pending':
          return <PendingRow pending={row.pending} first={row.first} active={active} />
        case 'day':
          return (
            <h3 className={row.fresh ? 'day is-fresh' : 'day'}>
              {formats.dayLine(row.at)}
              {row.fresh && ' · New'}
            </h3>
          )
        case 'fresh':
          return <h3 className="fresh">New</h3>
        case 'step':
          return <p className="step-line">In step until {formats.time(row.until)}</p>
        case 'count':
          return (
            <p className="count-line">
              {row.replies === 0
                ? 'No reply yet'
                : row.replies === 1
                  ? '1 reply'
                  : `${formats.count(row.replies)} replies`}
            </p>
          )
        case 'more':
          return <TimelineBones rows={1} />
        case 'beginning':
          return <Beginning conversation={conversation} name={name} />
      }
    },
    [editing, washed, picking, openThread, formats, conversation, name],
  )

  // ── Reading ──
  const onRead = (ordinal: number) => {
    if (threadRoot && !view.thread?.following) return
    markRead(id, ordinal, threadRoot)
  }
  const last = Math.max(timeline.last, conversation.lastOrdinal)
  useEffect(() => {
    if (threadRoot) return undefined
    // Whoever looks away and comes back finds a line where they stopped, unless an older one still stands.
    const blurred = () => setMark((before) => (before === null || before >= last ? last : before))
    addEventListener('blur', blurred)
    return () => removeEventListener('blur', blurred)
  }, [threadRoot, last])
  useShortcut(
    readHere,
    () => {
      if (freshAfter === null && conversation.unreadCount === 0) return false
      setMark(null)
      markConversationRead(id)
      return undefined
    },
    threadRoot === null,
  )
  useAnnouncements(id, threadRoot)

  // ── Writing ──
  // A screen's keyboard would cover what one came to read; and a link leads to a message.
  useOpeningFocus(composer, timeline.loaded, !around)
  useTypingAnywhere(composer, threadRoot === null && rights.write)
  useShortcut(
    reactToLast,
    () => {
      const message = timeline.rows.findLast((row) => row.deletedAt === null)
      const row = message && pane.current?.querySelector(`[data-message="${CSS.escape(message.id)}"]`)
      if (!message || !row || !rights.write) return false
      actions.pickReaction(message, row)
      return undefined
    },
    threadRoot === null,
  )
  const editLast = () => {
    const own = timeline.rows.findLast((row) => row.accountId === me.id && row.deletedAt === null)
    if (!own || !timeline.atEnd) return false
    actions.edit(own)
    return true
  }
  const onSent = () => {
    if (!timeline.atEnd) void store.jump(id, threadRoot)
    setMark(null)
    setThreadMark(null)
    requestAnimationFrame(() => {
      const list = pane.current?.querySelector('.timeline')
      if (list) list.scrollTop = list.scrollHeight
    })
  }
  const root = timeline.root
  const rootAuthor = useStore(people, (known) => (root ? known.get(root.accountId) : undefined))
  const onPaper = useStore(printing)
  const label = threadRoot
    ? `Reply to ${rootAuthor ? isolated(firstName(rootAuthor)) : 'this thread'}`
    : `Message ${spokenName(conversation, name)}`

  if (view.missing) {
    return (
      <EmptyState title="Nothing here, or nothing for you">
        The link may be old, or you are not a member. Ask whoever sent it.
      </EmptyState>
    )
  }
  return (
    <ActionsContext value={context}>
      <div
        className={threadRoot ? 'message-pane in-thread' : 'message-pane'}
        ref={pane}
        id={threadRoot ? undefined : 'messages'}
        tabIndex={-1}
      >
        <Timeline
          conversationId={id}
          threadRoot={threadRoot}
          view={view}
          rows={rows}
          label={threadRoot ? 'Replies' : `Messages in ${isolated(name)}`}
          opening={threadRoot ? { around, readOrdinal: threadRead ?? 0 } : opening}
          last={threadRoot ? (timeline.root?.thread?.replyCount ?? 0) : conversation.lastOrdinal}
          renderRow={renderRow}
          onRead={onRead}
          onLeaveFocus={() => composer.current?.focus()}
        />
        {onPaper && (
          <PrintedRows
            title={threadRoot ? `Thread in ${spokenName(conversation, name)}` : spokenName(conversation, name)}
            rows={rows}
            renderRow={(row) => renderRow(row, false)}
          />
        )}
        {rights.write && (
          <Composer
            ref={composer}
            conversationId={id}
            threadRoot={threadRoot}
            label={label}
            channel={conversation.kind !== 'direct'}
            onSent={onSent}
            onEditLast={editLast}
            onLeave={() => {
              const row = pane.current?.querySelector<HTMLElement>('.timeline article[tabindex="0"]')
              row?.focus()
              return row !== null && row !== undefined
            }}
          />
        )}
        {overlays}
      </div>
    </ActionsContext>
  )
}

/** The message of a link, for two seconds after it is there. */
function useWashed(around: string | undefined, loaded: boolean): string | undefined {
  const [over, setOver] = useState<string>()
  useEffect(() => {
    if (!around || !loaded) return undefined
    const timer = setTimeout(() => setOver(around), washedFor)
    return () => clearTimeout(timer)
  }, [around, loaded])
  return loaded && over !== around ? around : undefined
}

/** New messages of others, for those who listen: not while they write, nor while catching up. */
function useAnnouncements(conversationId: string, threadRoot: string | null): void {
  const { accountId, connection } = messaging()
  useEffect(
    () =>
      connection.onFrame((frame) => {
        if (frame.type !== 'events' || connection.status.get().state !== 'live') return
        const focused = document.activeElement
        if (focused instanceof HTMLTextAreaElement && focused.value !== '') return
        for (const event of frame.events) {
          if (event.conversationId !== conversationId || !isMessageEvent(event)) continue
          if (event.type !== 'message.posted' || event.message.threadRoot !== threadRoot) continue
          if (event.message.accountId !== accountId && event.message.deletedAt === null) say(event.message)
        }
      }),
    [connection, accountId, conversationId, threadRoot],
  )
}

function say(message: Message): void {
  const known = (id: string) => people.get().get(id) ?? { name: somebody }
  const said = words(message.body, (id) => known(id).name, 140)
  announce(`${isolated(firstName(known(message.accountId)))}: ${isolated(said)}`, {
    topic: 'messages',
    several: (count) => `${count} new messages`,
  })
}

/**
 * Whoever opens a conversation writes in it at once. Its messages may come later: by then somebody may have gone on, to a
 * dialog or another field, and what they type is not for this conversation.
 */
function useOpeningFocus(composer: React.RefObject<ComposerHandle | null>, loaded: boolean, wanted: boolean): void {
  const left = useRef<Element>(null)
  useEffect(() => {
    const at = document.activeElement
    const takes = left.current === null || at === left.current || at === document.body
    if (takes && wanted && keysAtHand.get()) composer.current?.focus()
    left.current = document.activeElement
    // eslint-disable-next-line react-hooks/exhaustive-deps -- again when the messages have come
  }, [composer, loaded, wanted])
}

/** A letter that is typed where no field is goes to the composer. */
function useTypingAnywhere(composer: React.RefObject<ComposerHandle | null>, active: boolean): void {
  useLayoutEffect(() => {
    if (!active) return undefined
    const typed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null
      const busy = target?.closest('article, dialog, [role="dialog"], [role="menu"]')
      if (event.defaultPrevented || !typesText(event)) return
      if (event.key === ' ' || busy || isWriting(event.target) || document.querySelector('.dialog')) return
      composer.current?.focus()
    }
    addEventListener('keydown', typed)
    return () => removeEventListener('keydown', typed)
  }, [composer, active])
}
