import { useEffect, useReducer, type ReactNode } from 'react'
import { later } from './later.ts'

/** What knows which emoji have a drawing: asked for when the first emoji is shown, and ahead of that. */
const pictures = later(() => import('./EmojiPictures.tsx'))

/** Few texts have an emoji. Whether this one may have. */
export const mayHoldEmoji = (text: string): boolean => maybe.test(text)
const maybe = /[\ufe0f\u20e3]|\p{Emoji_Presentation}/u

/**
 * A text whose emoji are drawn the same on every device; one without a drawing stays the platform's own. They are copied
 * and read out as the characters that they are.
 */
export function EmojiText({ text }: { text: string }): ReactNode {
  const [, arrived] = useReducer((times: number) => times + 1, 0)
  const has = mayHoldEmoji(text)
  useEffect(() => {
    if (!has || pictures.now()) return undefined
    let here = true
    void pictures.load().then(() => here && arrived())
    return () => {
      here = false
    }
  }, [has])
  const Pictures = has ? pictures.now()?.EmojiPictures : undefined
  return Pictures ? <Pictures text={text} /> : text
}
