import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import { Link } from 'wouter'
import { usePerson } from '#accounts/ui/people.ts'
import { PersonName } from '#accounts/ui/PersonName.tsx'
import { MoreButton } from '#accounts/ui/settings/MoreButton.tsx'
import { type LoadPage, usePages } from '#accounts/ui/settings/usePages.ts'
import type { Conversation } from '#conversations/contract.ts'
import { spokenName, useConversationName } from '#conversations/ui/conversation-name.ts'
import { ConversationName } from '#conversations/ui/ConversationName.tsx'
import { useConversation } from '#conversations/ui/conversation-store.ts'
import { BackButton } from '#conversations/ui/ConversationHeader.tsx'
import { SaidWords } from '#conversations/ui/SaidWords.tsx'
import { ConnectionBanner } from '#delivery/ui/ConnectionBanner.tsx'
import type { Message } from '#messages/shapes.ts'
import { useDeletedWords } from '#messages/ui/deleted.ts'
import { beginning, beginningOf, saidIn } from '#platform/markdown/words.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Alert } from '#platform/ui/Banner.tsx'
import { EmptyState } from '#platform/ui/EmptyState.tsx'
import { Bone, Skeleton } from '#platform/ui/Skeleton.tsx'
import { Spared } from '#platform/ui/Spared.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { Time } from '#platform/ui/Time.tsx'
import { useTitle } from '#platform/ui/title.ts'
import { TryAgain } from '#platform/ui/TryAgain.tsx'
import { cutOffWords } from './cut-off-words.ts'
import { connection } from './workspace.ts'
import './FoundList.css'

/**
 * A pane with messages of several conversations, newest first, by pages: activity and threads. It asks again when
 * `stamp` changes; `load` must stay the same function.
 */
export function FoundList<T extends { message: Message }>(props: {
  title: string
  stamp: unknown
  load: LoadPage<T>
  empty: ReactNode
  /** With a line above the first of each day. */
  byDay?: boolean
  /** Why a message is in the list, beside its time; '' where there is nothing to say. */
  reasonOf?: (found: T) => string
  /** Under the words of a message; undefined where there is nothing, since an element always takes room. */
  renderNote?: (found: T) => ReactNode
  isNew?: (found: T) => boolean
}) {
  const { title, stamp, load, empty, byDay, reasonOf, renderNote, isNew } = props
  const formats = useFormats()
  useTitle(title)
  const page = useRef<HTMLElement>(null)
  useEffect(() => page.current?.focus(), [])
  const list = usePages(load)
  const { again } = list
  const asked = useRef(stamp)
  useEffect(() => {
    if (asked.current === stamp) return
    asked.current = stamp
    again()
  }, [stamp, again])
  const dayOf = (found: T) => (byDay ? formats.dayLine(found.message.createdAt) : '')
  const days = [...Map.groupBy(list.value ?? [], dayOf)]
  return (
    <main aria-label={title} ref={page} tabIndex={-1}>
      <header className="pane-header">
        <BackButton />
        <h1>{title}</h1>
      </header>
      <ConnectionBanner connection={connection()} words={cutOffWords.reading} />
      <div className="page-scroll">
        {list.failure && (
          <div className="found-problem">
            <Alert>
              {list.failure} <TryAgain inSentence onPress={again} />
            </Alert>
          </div>
        )}
        {!list.value && !list.failure && <Bones />}
        {list.value?.length === 0 && empty}
        {days.map(([day, all]) => (
          <section key={day} className="found-day" aria-label={day || title}>
            {day && <h2>{day}</h2>}
            <ol className="found-list">
              {all.map((found) => (
                <li key={found.message.id}>
                  <Spared of={found.message} plain={<PlainRow message={found.message} />}>
                    <Row
                      message={found.message}
                      timeOnly={byDay ?? false}
                      fresh={isNew?.(found) ?? false}
                      reason={reasonOf?.(found)}
                      note={renderNote?.(found)}
                    />
                  </Spared>
                </li>
              ))}
            </ol>
          </section>
        ))}
        <MoreButton of={list} className="found-foot" />
      </div>
    </main>
  )
}

/** Nothing in the list: a heading and a sentence. */
export const Nothing = ({ title, children }: { title: string; children: ReactNode }) => (
  <EmptyState title={title}>{children}</EmptyState>
)

/** In place of a message that cannot be drawn. */
const PlainRow = ({ message: { id, conversationId, body } }: { message: Message }) => (
  <Link className="found" href={`/c/${conversationId}/m/${id}`}>
    <span />
    <span className="text" dir="auto">
      {beginning(body, 400)}
    </span>
  </Link>
)

function Row(props: {
  message: Message
  timeOnly: boolean
  fresh: boolean
  reason: string | undefined
  note: ReactNode
}) {
  const { message, timeOnly, fresh, reason, note } = props
  const { id, conversationId, accountId, body, createdAt, deletedAt } = message
  const author = usePerson(accountId)
  const deletedWords = useDeletedWords(message)
  const conversation = useConversation(conversationId) ?? undefined
  const said = useMemo(() => beginningOf(saidIn(body), 400), [body])
  return (
    <Link className={fresh ? 'found is-new' : 'found'} href={`/c/${conversationId}/m/${id}`}>
      <Avatar of={author ?? { id: accountId, name: '' }} />
      <span>
        <span className="byline">
          <b className="truncate">
            <PersonName id={accountId} />
          </b>
          <span className="about">
            {conversation && <Where conversation={conversation} />}
            <Time at={createdAt} as={timeOnly ? 'time' : 'elsewhere'} />
            {reason && <span className="reason">{reason}</span>}
          </span>
        </span>
        <span className={deletedAt ? 'text muted' : 'text'} dir="auto">
          {deletedAt ? deletedWords : <SaidWords said={said} />}
        </span>
        {note && <span className="note">{note}</span>}
        {fresh && <span className="visually-hidden">, new</span>}
      </span>
    </Link>
  )
}

function Where({ conversation }: { conversation: Conversation }) {
  const name = useConversationName(conversation)
  return (
    <span className="where truncate">
      <ConversationName conversation={conversation} name={spokenName(conversation, name)} />
    </span>
  )
}

function Bones() {
  return (
    <Skeleton label="Loading">
      {[1, 2, 3].map((n) => (
        <div key={n} className="found">
          <Bone inlineSize="var(--avatar)" blockSize="var(--avatar)" radius="28%" />
          <span style={{ display: 'grid', gap: 'var(--space-4)' }}>
            <Bone inlineSize="9rem" />
            <Bone inlineSize="70%" />
          </span>
        </div>
      ))}
    </Skeleton>
  )
}
