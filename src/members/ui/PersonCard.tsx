import MessageCircle from 'lucide-react/icons/message-circle'
import { usePerson } from '#accounts/ui/people.ts'
import { useMe } from '#accounts/ui/session.ts'
import { usePresence } from '#delivery/ui/presence.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Button } from '#platform/ui/Button.tsx'
import { Popover } from '#platform/ui/Popover.tsx'
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
