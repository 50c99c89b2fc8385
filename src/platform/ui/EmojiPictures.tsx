import { useEffect, useMemo, useReducer, useState, type ReactNode } from 'react'
import { drawingOf, splitEmoji } from './emoji-split.ts'

export function EmojiPictures({ text }: { text: string }): ReactNode {
  const pieces = useMemo(() => splitEmoji(text), [text])
  return pieces.map((piece, at) => (typeof piece === 'string' ? piece : <Picture key={at} {...piece} />))
}

/** Drawings that this page has. */
const here = new Set<string>()

/** The platform's own sign stands in the same room until the drawing is here, and stays where it cannot be had. */
function Picture({ emoji, src }: { emoji: string; src: string }) {
  const [, arrived] = useReducer((times: number) => times + 1, 0)
  useEffect(() => {
    if (here.has(src)) return undefined
    const image = new Image()
    image.addEventListener('load', () => {
      here.add(src)
      arrived()
    })
    image.src = src
    return () => image.removeAttribute('src')
  }, [src])
  if (!here.has(src)) return <span className="emoji is-plain">{emoji}</span>
  return <img className="emoji" src={src} alt={emoji} decoding="sync" draggable={false} />
}

/** One of many, drawn once it comes into view. What is around it has its name. */
export function EmojiOfMany({ emoji }: { emoji: string }): ReactNode {
  const src = drawingOf(emoji)
  const [missing, miss] = useState(false)
  if (src === undefined || missing) return emoji
  return (
    <img
      className="emoji"
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => miss(true)}
    />
  )
}
