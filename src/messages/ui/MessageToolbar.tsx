import Ellipsis from 'lucide-react/icons/ellipsis'
import Link2 from 'lucide-react/icons/link-2'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import Pencil from 'lucide-react/icons/pencil'
import SmilePlus from 'lucide-react/icons/smile-plus'
import { useEffect, useRef } from 'react'
import { EmojiText } from '#platform/ui/EmojiText.tsx'
import { IconButton } from '#platform/ui/IconButton.tsx'
import { MenuTrigger } from '#platform/ui/MenuHost.tsx'
import { useStore } from '#platform/ui/store.ts'
import type { Message } from '../shapes.ts'
import { copyLink, useActions } from './actions.ts'
import { recentEmoji, usedEmoji } from './emoji-recents.ts'
import type { Deed } from './message-deeds.ts'
import { menuOf } from './message-menu.ts'
import { react } from './messaging.ts'
import { focusedToolbarButton } from './open-at.ts'
import { leaveToolbar, showsFocus } from './shown-toolbar.ts'

/** Over the upper edge of a row, on hover and focus: the last emoji, the usual deeds, and the menu with all of them. */
export function MessageToolbar(props: {
  message: Message
  me: string
  deeds: readonly Deed[]
  run: (deed: Deed) => void
  tab: 0 | -1
  /** Something hangs at it that is open, and gives the focus back to it. */
  held: boolean
}) {
  const { message, me, deeds, run, tab, held } = props
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const row = place.current?.closest('article')
    if (!held || !row) return undefined
    const letGo = () => {
      if (!row.isConnected || showsFocus(row) || row.matches(':hover')) return
      // Nobody sees that the focus is here: the toolbar goes, and the row has the focus.
      if (document.activeElement === document.body || focusedToolbarButton(row)) row.focus({ preventScroll: true })
      leaveToolbar(message.id)
    }
    // Once the focus is back.
    return () => void requestAnimationFrame(letGo)
  }, [held, message.id])
  const { actions } = useActions()
  const recents = useStore(recentEmoji).slice(0, 3)
  const has = (deed: Deed) => deeds.includes(deed)
  const toggle = (emoji: string) => {
    const mine = message.reactions.some((each) => each.emoji === emoji && each.accountIds.includes(me))
    if (!mine) usedEmoji(emoji)
    void react(message, emoji, !mine)
  }
  return (
    <div className="toolbar-place" ref={place}>
      <div className="toolbar" role="toolbar" aria-label="Message actions">
        {has('react') && (
          <>
            {recents.map((emoji) => (
              <button
                key={emoji}
                tabIndex={tab}
                type="button"
                className="icon-button off-phone"
                aria-label={`React with ${emoji}`}
                data-tooltip={`React with ${emoji}`}
                onClick={() => toggle(emoji)}
              >
                <span className="glyph" aria-hidden="true">
                  <EmojiText text={emoji} />
                </span>
              </button>
            ))}
            <span className="divider off-phone" />
            <IconButton
              tabIndex={tab}
              label="Add a reaction"
              icon={SmilePlus}
              keys="R"
              onClick={(event) => actions.pickReaction(message, event.currentTarget)}
            />
          </>
        )}
        {has('thread') && (
          <IconButton
            tabIndex={tab}
            label="Reply in thread"
            icon={MessageSquareText}
            keys="T"
            onClick={() => run('thread')}
          />
        )}
        {has('edit') ? (
          <IconButton tabIndex={tab} label="Edit" icon={Pencil} keys="E" onClick={() => run('edit')} />
        ) : (
          <IconButton tabIndex={tab} label="Copy link" icon={Link2} keys="L" onClick={() => void copyLink(message)} />
        )}
        <MenuTrigger label="Message" about={message.id} entries={() => menuOf(deeds, run)} align="end">
          <IconButton tabIndex={tab} label="More actions" icon={Ellipsis} />
        </MenuTrigger>
      </div>
    </div>
  )
}
