/** What a connection needs to know of the device that it runs on; tests hand in their own. */
export type Surroundings = {
  /** False when the browser is sure that there is no network; true means only that there may be one. */
  online: () => boolean
  /**
   * Calls `onHint` when trying now is likely to help (`online`, shown again, woken up) or when the network is said to
   * be gone (`offline`). Returns the way to stop.
   */
  follow: (onHint: (hint: 'better' | 'worse') => void) => () => void
}

/** Milliseconds. A timer that comes this much late was asleep with the machine. */
const asleep = 10_000
const tick = 5_000

export function browserSurroundings(): Surroundings {
  return {
    // Node has a navigator without it.
    online: () => typeof navigator === 'undefined' || navigator.onLine || !('onLine' in navigator),
    follow(onHint) {
      const ending = new AbortController()
      const { signal } = ending
      const better = () => onHint('better')
      if (typeof window !== 'undefined') {
        window.addEventListener('online', better, { signal })
        window.addEventListener('offline', () => onHint('worse'), { signal })
        window.addEventListener('pageshow', (event) => event.persisted && better(), { signal })
        document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && better(), {
          signal,
        })
      }
      const stopClock = noticeWaking(better)
      return () => {
        ending.abort()
        stopClock()
      }
    },
  }
}

/** A laptop that slept keeps a dead socket and fires no event: the jump of the clock between two ticks tells. */
export function noticeWaking(onWake: () => void, times = { tick, asleep }): () => void {
  let last = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    const late = now - last - times.tick
    last = now
    if (late > times.asleep) onWake()
  }, times.tick)
  return () => clearInterval(timer)
}
