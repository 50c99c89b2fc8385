import MessageCircle from 'lucide-react/icons/message-circle'
import { useEffect, useState } from 'react'
import { usePerson } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { usePresence } from '#delivery/ui/presence.ts'
import type { Reply } from '#platform/contract/endpoint.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { call } from '#platform/ui/api.ts'
import { Button } from '#platform/ui/Button.tsx'
import { Popover } from '#platform/ui/Popover.tsx'
import { useFormats } from '#platform/ui/theme.ts'
import { listChannelsInCommon } from '../contract.ts'
import { inCommonWords } from './shared-channels.ts'
import { deactivatedWord, presenceWords, roleWords } from './person-card.ts'
import './People.css'

export function PersonCard(props: {
  anchor: Element
  accountId: string
  onMessage: (accountId: string) => void
  onClose: () => void
}) {
  const { anchor, accountId, onMessage, onClose } = props
  const me = useMe()
  const person = usePerson(accountId)
  const presence = usePresence(accountId)
  const own = accountId === me.id
  if (!person) return null
  return (
    <Popover anchor={anchor} label={person.name} onClose={onClose}>
      <div className="person-card">
        <div className="top">
          <Avatar of={person} size={56} presence={presence === 'active' ? 'online' : presence} />
          <div>
            <h2 dir="auto">{person.name}</h2>
            <p className="facts">
              {person.role !== 'member' && <span className="tag">{roleWords[person.role]}</span>}
              {person.deactivated && <span className="tag">{deactivatedWord}</span>}
              {presence && <span>{presenceWords[presence]}</span>}
              {own && <span>This is you</span>}
            </p>
          </div>
        </div>
        {!own && <ChannelsInCommon accountId={accountId} />}
        {!person.deactivated && (
          <Button
            small
            icon={MessageCircle}
            onClick={() => {
              onClose()
              onMessage(accountId)
            }}
          >
            {own ? 'Notes to yourself' : 'Message'}
          </Button>
        )}
      </div>
    </Popover>
  )
}

/** How many channels one shares with somebody, and the first of them by name. */
function ChannelsInCommon({ accountId }: { accountId: string }) {
  const formats = useFormats()
  // null: it could not be asked, and nothing is said of it.
  const [common, setCommon] = useState<Reply<typeof listChannelsInCommon> | null>()
  useEffect(() => {
    const stop = new AbortController()
    call(listChannelsInCommon, { params: { accountId } }, { signal: stop.signal }).then(setCommon, () => {
      if (!stop.signal.aborted) setCommon(null)
    })
    return () => stop.abort()
  }, [accountId])
  if (common === null) return null
  const { title, names } = common ? inCommonWords(common, formats) : { title: '', names: '' }
  // Both lines have their place from the beginning: nothing moves under the pointer.
  return (
    <div className="in-common" aria-busy={!common || undefined}>
      <p>{title}</p>
      <p className="muted truncate" dir="auto" data-tooltip={names || undefined}>
        {names}
      </p>
    </div>
  )
}
