import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react'
import { usedEmoji } from './emoji-recents.ts'
import type { Message } from '../shapes.ts'
import type { MessageActions } from './actions.ts'
import type { ComposerHandle } from './Composer.tsx'
import { messaging, react } from './messaging.ts'
import { openAt, type OpenAt } from './open-at.ts'
import { DeleteMessage, EditMessage, EmojiPicker, whenLoaded } from './parts.ts'

type Reacting = { message: Message; anchor: Element; below: boolean | undefined; at: OpenAt }

/** What is being done with a message of this pane, and what opens for it over the window. */
export function useDeeds(
  composer: RefObject<ComposerHandle | null>,
  pane: RefObject<HTMLElement | null>,
  openThread: ((rootId: string) => void) | undefined,
): {
  actions: MessageActions
  /** The id of the message that is being edited. */
  editing: string | undefined
  /** The message that a reaction is being picked for, and where the picker hangs. */
  picking: { message: Message; at: OpenAt } | undefined
  overlays: ReactNode
} {
  const [editing, setEditing] = useState<string>()
  const [doomed, setDoomed] = useState<Message>()
  const [reacting, setReacting] = useState<Reacting>()
  const open = useRef(openThread)
  useEffect(() => {
    open.current = openThread
  })
  const opensThreads = openThread !== undefined
  const actions = useMemo<MessageActions>(
    () => ({
      openThread: opensThreads ? (rootId) => open.current?.(rootId) : undefined,
      edit: (message) => whenLoaded(EditMessage, () => setEditing(message.id)),
      stopEditing: () => {
        setEditing(undefined)
        composer.current?.focus()
      },
      remove: (message) => whenLoaded(DeleteMessage, () => setDoomed(message)),
      pickReaction: (message, anchor, below) => {
        // Before the focus goes anywhere else.
        const at = openAt(anchor)
        whenLoaded(EmojiPicker, () => setReacting({ message, anchor, below, at }))
      },
      takeBack: (clientId) => {
        const back = async () => {
          // Nowhere to put it: then it stays where it is.
          if (!composer.current) return
          const body = await messaging().outgoing.takeBack(clientId)
          if (body !== undefined) composer.current?.putBack(body)
        }
        void back()
      },
    }),
    [opensThreads, composer],
  )
  const focusRow = (id: string) =>
    requestAnimationFrame(() => pane.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`)?.focus())
  const overlays = (
    <>
      {doomed && (
        <DeleteMessage
          message={doomed}
          onClose={(deleted) => {
            setDoomed(undefined)
            if (deleted) {
              setEditing((id) => (id === doomed.id ? undefined : id))
              focusRow(doomed.id)
            }
          }}
        />
      )}
      {reacting && (
        <EmojiPicker
          anchor={reacting.anchor}
          below={reacting.below}
          onPick={(emoji) => {
            usedEmoji(emoji)
            setReacting(undefined)
            void react(reacting.message, emoji, true)
          }}
          onClose={() => setReacting(undefined)}
        />
      )}
    </>
  )
  return { actions, editing, picking: reacting, overlays }
}
