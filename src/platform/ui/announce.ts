import { createStore } from './store.ts'

type Waiting = { text: string; topic: string | undefined; count: number }

export type AnnounceOptions = {
  /** Several waiting ones of a topic become one sentence. */
  topic?: string
  /** That sentence, from how many there are: `(n) => `${n} new messages``. Without it the newest is said. */
  several?: (count: number) => string
}

/** Says texts through `say`, at most one in `gap` milliseconds; what comes sooner waits its turn. */
export function createAnnouncer(say: (text: string) => void, gap = 3000, now: () => number = () => performance.now()) {
  let waiting: Waiting[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = -Infinity
  const next = () => {
    timer = undefined
    const first = waiting.shift()
    if (!first) return
    lastAt = now()
    say(first.text)
    if (waiting.length > 0) timer = setTimeout(next, gap)
  }
  return (text: string, { topic, several }: AnnounceOptions = {}) => {
    const same = topic === undefined ? undefined : waiting.find((each) => each.topic === topic)
    if (same) {
      same.count += 1
      same.text = several?.(same.count) ?? text
    } else {
      waiting = [...waiting, { text, topic, count: 1 }]
    }
    timer ??= setTimeout(next, Math.max(0, lastAt + gap - now()))
  }
}

/** What the live region holds; the number makes the same sentence twice two announcements. */
export const announced = createStore<{ text: string; at: number }>({ text: '', at: 0 })

/** Tells people who listen: politely, at most one in 3 s. Never "Sending", never typing. */
export const announce = createAnnouncer((text) => announced.set(({ at }) => ({ text, at: at + 1 })))
