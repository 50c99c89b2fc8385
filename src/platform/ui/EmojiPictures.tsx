import { useEffect, useMemo, useReducer, useRef, type ReactNode } from 'react'
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

// This part of the page comes with the first emoji, long after whoever must hear of events first.
function listen(): void {
  addEventListener('online', () => failed.clear())
  addEventListener('copy', copyEmojiAsText)
}
listen()

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

/** What to do once something is in view. */
const awaited = new Map<Element, () => void>()
// The browser's own lazy pictures begin two screens ahead: a picker that was opened asked for six hundred, and whatever
// else the page asked for came behind them.
const view = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) awaited.get(target)?.()
})

/** Drawings that were asked for because they were in view. */
const asked = new Set<string>()

/** One of many, asked for once it is in view. What is around it has its name. */
export function EmojiOfMany({ emoji }: { emoji: string }): ReactNode {
  const src = drawingOf(emoji)
  const [, again] = useReducer((times: number) => times + 1, 0)
  const sign = useRef<HTMLSpanElement>(null)
  const isAsked = src !== undefined && asked.has(src)
  useEffect(() => {
    const element = sign.current
    if (src === undefined || isAsked || !element) return undefined
    awaited.set(element, () => {
      asked.add(src)
      again()
    })
    view.observe(element)
    return () => {
      view.unobserve(element)
      awaited.delete(element)
    }
  }, [src, isAsked])
  if (src === undefined || failed.has(src)) return emoji
  if (!isAsked)
    return (
      <span className="emoji is-plain" ref={sign}>
        {emoji}
      </span>
    )
  return (
    <img
      className="emoji"
      src={src}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => {
        asked.delete(src)
        failed.add(src)
        again()
      }}
    />
  )
}
