import Archive from 'lucide-react/icons/archive'
import Hash from 'lucide-react/icons/hash'
import Plus from 'lucide-react/icons/plus'
import Search from 'lucide-react/icons/search'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useMe } from '#accounts/ui/session.ts'
import { matchName } from '#members/ui/match.ts'
import { Matched } from '#members/ui/Matched.tsx'
import { call, explain } from '#platform/ui/api.ts'
import { Alert } from '#platform/ui/Banner.tsx'
import { Button, LinkButton } from '#platform/ui/Button.tsx'
import { Dialog } from '#platform/ui/Dialog.tsx'
import { Field } from '#platform/ui/Field.tsx'
import { EmojiText } from '#platform/ui/EmojiText.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { listChannels, type Conversation } from '../contract.ts'
import { conversationPath } from './addresses.ts'
import { JoinButton } from './ConversationFoot.tsx'
import { useConversation } from './conversation-store.ts'
import { openDialog } from './dialogs.ts'
import './Dialogs.css'

type Found = { query: string; channels: readonly Conversation[]; next: string | null }

export function BrowseChannels({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Found>()
  const [failure, setFailure] = useState<string>()
  const query = typed.trim().replace(/^#/, '')

  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(
      () => void page(query, undefined, abort.signal, setFound, setFailure),
      query === '' ? 0 : 120,
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [query])

  const more = () => {
    if (!found?.next) return
    const add = (next: Found) =>
      setFound((now) => (now?.query === next.query ? { ...next, channels: [...now.channels, ...next.channels] } : now))
    void page(found.query, found.next, new AbortController().signal, add, setFailure)
  }
  return (
    <Dialog
      title="Channels"
      lede="Everybody here can join these. Private ones are not listed."
      onClose={onClose}
      foot={
        me.role !== 'guest' && (
          <Button icon={Plus} onClick={() => openDialog({ kind: 'create-channel', name: query })}>
            Create a channel
          </Button>
        )
      }
    >
      <Field
        label={<span className="visually-hidden">Find a channel</span>}
        icon={Search}
        type="search"
        placeholder="Find a channel"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {failure && <Alert kind="warning">{failure}</Alert>}
      {found && found.channels.length === 0 && (
        <p className="muted">
          {found.query === ''
            ? 'There is no channel yet.'
            : `No channel with “${found.query}”. Try fewer letters, or create it.`}
        </p>
      )}
      <ul className="browse">
        {found?.channels.map((channel) => (
          <Row key={channel.id} channel={channel} query={query} onOpen={onClose} />
        ))}
      </ul>
      {found?.next && <LinkButton onClick={more}>Show more</LinkButton>}
    </Dialog>
  )
}

/** The whole row opens the channel; one that can be joined has a button for that as well. */
function Row({ channel, query, onOpen }: { channel: Conversation; query: string; onOpen: () => void }) {
  const formats = useFormats()
  // What is known in memory is newer than what the list said.
  const here = useConversation(channel.id) ?? channel
  const { name, archivedAt, memberCount } = channel
  const mayJoin = !here.membership && !archivedAt
  return (
    <li className="browse-row">
      <Link href={conversationPath(channel.id)} className="what" onClick={onOpen}>
        <Icon of={archivedAt ? Archive : Hash} />
        <span className="words">
          <b className="truncate">
            <Matched name={name ?? ''} match={query ? matchName(query, name ?? '') : undefined} />
          </b>
          <span className="hint truncate">
            {[
              archivedAt && 'Archived',
              here.membership && 'Joined',
              `${formats.count(memberCount)} ${memberCount === 1 ? 'member' : 'members'}`,
            ]
              .filter(Boolean)
              .join(' · ')}
            {channel.topic && (
              <>
                {' · '}
                <bdi>
                  <EmojiText text={channel.topic} />
                </bdi>
              </>
            )}
          </span>
        </span>
        {!mayJoin && <span className="open">Open</span>}
      </Link>
      {mayJoin && <JoinButton conversation={channel} />}
    </li>
  )
}

async function page(
  query: string,
  after: string | undefined,
  signal: AbortSignal,
  onFound: (found: Found) => void,
  onFailure: (failure: string | undefined) => void,
): Promise<void> {
  try {
    const { channels, next } = await call(
      listChannels,
      { query: { limit: 50, ...(query ? { query } : {}), ...(after === undefined ? {} : { after }) } },
      { signal },
    )
    onFound({ query, channels, next })
    onFailure(undefined)
  } catch (error) {
    if (!signal.aborted) onFailure(explain(error))
  }
}
