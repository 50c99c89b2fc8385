import { useEffect, useMemo, useReducer, type ReactNode } from 'react'
import { copyEmojiAsText } from './copied-emoji.ts'
import { drawingOf, splitEmoji } from './emoji-split.ts'

export function EmojiPictures({ text }: { text: string }): ReactNode {
  const pieces = useMemo(() => splitEmoji(text), [text])
  return pieces.map((piece, at) => (typeof piece === 'string' ? piece : <Picture key={at} {...piece} />))
}

/** Drawings that this page has. */
const here = new Set<string>()

/** Drawings that could not be had: asked for again once there is a network again, not by every message that has one. */
const failed = new Set<string>()
addEventListener('online', () => failed.clear())
addEventListener('copy', copyEmojiAsText)

/** The platform's own sign stands in the same room until the drawing is here, and stays where it cannot be had. */
function Picture({ emoji, src }: { emoji: string; src: string }) {
  const [, arrived] = useReducer((times: number) => times + 1, 0)
  useEffect(() => {
    if (here.has(src) || failed.has(src)) return undefined
    const image = new Image()
    image.addEventListener('load', () => {
      here.add(src)
      arrived()
    })
    image.addEventListener('error', () => failed.add(src))
    image.src = src
    return () => image.removeAttribute('src')
  }, [src])
  if (!here.has(src)) return <span className="emoji is-plain">{emoji}</span>
  return <img className="emoji" src={src} alt={emoji} decoding="sync" draggable={false} />
}

/** One of many, drawn once it comes into view. What is around it has its name. */
export function EmojiOfMany({ emoji }: { emoji: string }): ReactNode {
  const src = drawingOf(emoji)
  const [, missed] = useReducer((times: number) => times + 1, 0)
  if (src === undefined || failed.has(src)) return emoji
  return (
    <img
      className="emoji"
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => {
        failed.add(src)
        missed()
      }}
    />
  )
}
