import { lazily, sayMissing } from '#platform/ui/lazily.tsx'

// What is loaded when it is first used, or ahead of that.
export const EmojiPicker = lazily(() => import('./EmojiPicker.tsx').then((module) => module.EmojiPicker))
export const FormattingRow = lazily(() => import('./FormattingRow.tsx').then((module) => module.FormattingRow))
export const EditMessage = lazily(() => import('./EditMessage.tsx').then((module) => module.EditMessage))
export const DeleteMessage = lazily(() => import('./DeleteMessage.tsx').then((module) => module.DeleteMessage))
export const MessageToolbar = lazily(() => import('./MessageToolbar.tsx').then((module) => module.MessageToolbar), {
  missing: 'nothing',
})

/** Shows a part once its code is here, for what would leave a hole until then; says why not when it cannot be had. */
export function whenLoaded(part: { load: () => Promise<boolean> }, show: () => void): void {
  void part.load().then((worked) => (worked ? show() : sayMissing()))
}
