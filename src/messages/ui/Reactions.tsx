import SmilePlus from 'lucide-react/icons/smile-plus'
import { useMe } from '#accounts/ui/session.ts'
import { ensurePeople, people, somebody } from '#accounts/ui/people.ts'
import { EmojiText } from '#platform/ui/EmojiText.tsx'
import { Icon } from '#platform/ui/Icon.tsx'
import { useStore } from '#platform/ui/store.ts'
import { formats } from '#platform/ui/theme.ts'
import type { Message } from '../shapes.ts'
import { useActions } from './actions.ts'
import { messaging, react, reactionKey } from './messaging.ts'
import './Reactions.css'

/** Pills under a message. What was pressed a moment ago already looks as it will. */
export function Reactions({ message, tab }: { message: Message; tab: 0 | -1 }) {
  const { actions, rights } = useActions()
  const me = useMe()
  const reacting = useStore(messaging().reacting)
  const shown = withPressed(message, me.id, reacting)
  if (shown.length === 0) return null
  return (
    <fieldset className="reactions" aria-label="Reactions">
      {shown.map(({ emoji, accountIds }) => {
        const mine = accountIds.includes(me.id)
        return (
          <button
            key={emoji}
            type="button"
            className="reaction"
            tabIndex={tab}
            aria-pressed={mine}
            aria-label={`${emoji} ${accountIds.length}`}
            aria-disabled={!rights.write || undefined}
            data-tooltip={namesOf(accountIds, me.id)}
            onPointerEnter={() => ensurePeople(accountIds)}
            onFocus={() => ensurePeople(accountIds)}
            onClick={() => rights.write && void react(message, emoji, !mine)}
          >
            <span className="glyph" aria-hidden="true">
              <EmojiText text={emoji} />
            </span>
            {formats().count(accountIds.length)}
          </button>
        )
      })}
      {rights.write && (
        <button
          type="button"
          className="reaction add"
          tabIndex={tab}
          aria-label="Add a reaction"
          data-tooltip="Add a reaction"
          onClick={(event) => actions.pickReaction(message, event.currentTarget, true)}
        >
          <Icon of={SmilePlus} size="small" />
        </button>
      )}
    </fieldset>
  )
}

function withPressed(message: Message, me: string, reacting: ReadonlyMap<string, boolean>) {
  if (reacting.size === 0) return message.reactions
  let shown = message.reactions
  for (const [key, on] of reacting) {
    const [id, emoji = ''] = key.split(' ')
    if (id !== message.id || key !== reactionKey(message.id, emoji)) continue
    const there = shown.find((each) => each.emoji === emoji)
    if (!there) {
      if (on) shown = [...shown, { emoji, accountIds: [me] }]
      continue
    }
    const others = there.accountIds.filter((each) => each !== me)
    const accountIds = on ? (there.accountIds.includes(me) ? there.accountIds : [...others, me]) : others
    shown = shown.flatMap((each) => (each !== there ? [each] : accountIds.length > 0 ? [{ emoji, accountIds }] : []))
  }
  return shown
}

/** "You, Linus and 3 others" */
function namesOf(accountIds: readonly string[], me: string): string {
  const known = people.get()
  const others = accountIds.filter((each) => each !== me).map((id) => known.get(id)?.name ?? somebody)
  return formats().list(accountIds.includes(me) ? ['You', ...others] : others, 8)
}
