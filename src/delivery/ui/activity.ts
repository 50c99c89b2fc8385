import { ticks } from '#platform/ui/ticks.ts'

/** Milliseconds without a key or pointer after which a person counts as away. */
export const idleAfter = 5 * 60_000

/**
 * Whether somebody is using this page: it is shown, and there was a key press or a movement in the last five minutes.
 * Calls back at once and on every change; returns the way to stop.
 */
export function followActivity(onChange: (state: 'active' | 'away') => void): () => void {
  const ending = new AbortController()
  const { signal } = ending
  let state: 'active' | 'away' | undefined
  let usedAt = ticks()
  let idle: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(idle)
    const left = usedAt + idleAfter - ticks()
    const now = document.visibilityState === 'visible' && left > 0 ? 'active' : 'away'
    if (now === 'active') idle = setTimeout(look, left + 50)
    if (now === state) return
    state = now
    onChange(now)
  }
  const used = () => {
    const now = ticks()
    // A pointer moves a hundred times a second; once in ten seconds says the same.
    if (state === 'active' && now - usedAt < 10_000) return
    usedAt = now
    look()
  }
  // Writing with an input method is no key press to anybody else (platform/ui/keyboard.ts).
  for (const type of ['pointerdown', 'pointermove', 'keydown', 'compositionupdate', 'wheel', 'touchstart'] as const) {
    window.addEventListener(type, used, { signal, passive: true, capture: true })
  }
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? used() : look()), {
    signal,
  })
  look()
  return () => {
    ending.abort()
    clearTimeout(idle)
  }
}
