// A list beside a field that keeps the focus: no element of HTML is that.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import Users from 'lucide-react/icons/users'
import { useEffect, useRef } from 'react'
import { useToldApart } from '#members/ui/told-apart.ts'
import { Avatar } from '#platform/ui/Avatar.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import type { Candidate } from './whom.ts'

/** Above the field, led by its keys: the focus stays in the text. */
export function MentionList(props: {
  id: string
  candidates: readonly Candidate[]
  chosen: number
  /** There are more than these. */
  more: boolean
  onPick: (candidate: Candidate) => void
}) {
  const { id, candidates, chosen, more, onPick } = props
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const facts = useToldApart(candidates)
  return (
    <div className="mentions popover">
      <div role="listbox" id={id} aria-label="People" ref={list}>
        {candidates.map((candidate, at) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field's keys choose and take it
          <div
            key={candidate.account?.id ?? 'channel'}
            id={`${id} ${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            className={at === chosen ? 'mention-option is-chosen' : 'mention-option'}
            // Before the field would lose the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(candidate)}
          >
            {candidate.account ? (
              <Avatar of={candidate.account} size={24} />
            ) : (
              <span className="everybody">
                <Icon of={Users} />
              </span>
            )}
            <span className="name truncate">
              <bdi>{candidate.account?.name ?? 'channel'}</bdi>
            </span>
            <span className="muted side">
              {candidate.account
                ? [facts.get(candidate.account.id), candidate.outside && 'not in this conversation']
                    .filter(Boolean)
                    .join(' · ')
                : 'everybody here'}
            </span>
          </div>
        ))}
      </div>
      {more && <p className="mentions-more">More people: write on to find them.</p>}
    </div>
  )
}
