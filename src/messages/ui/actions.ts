import { createContext, useContext } from 'react'
import { people, somebody } from '#accounts/ui/people.ts'
import { copy } from '#platform/ui/insecure.ts'
import { toast } from '#platform/ui/toast.ts'
import type { Message } from '../shapes.ts'
import { formatsOf } from './mention-clipboard.ts'
import { toText } from './mentions.ts'

/** What can be done with the messages of one pane. Its identity is stable, so that rows need not render again. */
export interface MessageActions {
  /** Undefined in a thread, and where nobody may write. */
  openThread: ((rootId: string) => void) | undefined
  edit: (message: Message) => void
  stopEditing: () => void
  /** Asks first. */
  remove: (message: Message) => void
  pickReaction: (message: Message, anchor: Element, below?: boolean) => void
  /** Puts a refused or waiting text back into the composer. */
  takeBack: (clientId: string) => void
}

/** What whoever looks may do here. */
export interface Rights {
  /** Write, react, reply. */
  write: boolean
  /** Delete what others wrote. */
  removeAny: boolean
}

export const ActionsContext = createContext<{ actions: MessageActions; rights: Rights } | null>(null)

export function useActions(): { actions: MessageActions; rights: Rights } {
  const found = useContext(ActionsContext)
  if (!found) throw new Error('A message row stands in a pane.')
  return found
}

export const addressOf = (message: Message): string => `/c/${message.conversationId}/m/${message.id}`

/** Says so, unless `said` is null; false: the person was told to do it by hand. */
export async function copyText(
  text: string,
  said: string | null = 'Copied',
  formats?: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    await copy(text, formats)
    if (said !== null) toast(said)
    return true
  } catch {
    toast('The browser did not allow copying. Select the text and copy it by hand.', { danger: true })
    return false
  }
}

/** A message's text with the names as they are shown. Pasted into a field of ours it means the same people. */
export function copyBody(body: string): Promise<boolean> {
  const known = people.get()
  const { text, people: meant } = toText(body, (id) => known.get(id)?.name ?? somebody)
  return meant.length > 0 ? copyText(text, 'Copied', formatsOf({ text, meant })) : copyText(text)
}

export const copyLink = (message: Message): Promise<boolean> =>
  copyText(location.origin + addressOf(message), 'Link copied')
