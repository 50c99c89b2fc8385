import { lazy } from 'react'
import { toast } from '#platform/ui/toast.ts'

// What is loaded when it is first used. A lazy component that cannot be loaded would take the whole pane with it, so
// its code is fetched before it is shown: what one writes stays where it is, also offline.

const load = {
  emoji: () => import('./EmojiPicker.tsx'),
  formatting: () => import('./FormattingRow.tsx'),
  edit: () => import('./EditMessage.tsx'),
  remove: () => import('./DeleteMessage.tsx'),
}

export const EmojiPicker = lazy(() => load.emoji().then((module) => ({ default: module.EmojiPicker })))
export const FormattingRow = lazy(() => load.formatting().then((module) => ({ default: module.FormattingRow })))
export const EditMessage = lazy(() => load.edit().then((module) => ({ default: module.EditMessage })))
export const DeleteMessage = lazy(() => load.remove().then((module) => ({ default: module.DeleteMessage })))

/** Shows a part once its code is here; says why not when it cannot be had. */
export function whenLoaded(part: keyof typeof load, show: () => void): void {
  const open = async () => {
    try {
      await load[part]()
    } catch {
      toast('This could not be loaded. Try again when you are online.', { danger: true })
      return
    }
    show()
  }
  void open()
}
