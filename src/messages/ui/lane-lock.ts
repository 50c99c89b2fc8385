import type { Channel } from '#platform/ui/channel.ts'

/** `asks`: is there anybody who holds the lock of this name? `holds`: yes. */
export type LockWord = { asks?: string; holds?: string }

/**
 * A browser's lock belongs to one window at a time, and a window that does not run any more keeps it: a page that is
 * stopped in the debugger, a tab that the system has frozen. So who waits asks the holder over the channel, and goes on
 * without the lock when nobody answers.
 */
export function laneLock(options: {
  locks: Pick<LockManager, 'request'> | undefined
  channel: Channel<LockWord>
  signal: AbortSignal
  /** Milliseconds without an answer until the holder is taken for dead. */
  patience?: number
}) {
  const { locks, channel, signal, patience = 3_000 } = options
  const held = new Set<string>()
  /** Whoever waits hears that the holder is there. */
  const waiting = new Map<string, () => void>()
  channel.listen(({ asks, holds }) => {
    if (asks && held.has(asks)) channel.say({ holds: asks })
    if (holds) waiting.get(holds)?.()
  })

  return {
    /** Does the work while it has the lock, or without it. Rejects as the work does, and when the signal says to stop. */
    async hold(name: string, work: () => Promise<void>): Promise<void> {
      if (!locks) return work()
      const giveUp = new AbortController()
      let began = false
      const begin = async () => {
        began = true
        stopAsking()
        held.add(name)
        await work().finally(() => held.delete(name))
      }
      let askedAt: number | undefined
      waiting.set(name, () => (askedAt = undefined))
      const ask = () => {
        if (askedAt === undefined) {
          askedAt = performance.now()
          channel.say({ asks: name })
        } else if (performance.now() - askedAt >= patience) giveUp.abort()
      }
      // Mostly the lock is free, and nobody has to be asked.
      const timer = setInterval(ask, patience / 4)
      const stopAsking = () => {
        clearInterval(timer)
        waiting.delete(name)
      }
      try {
        // A promise of the browser may stay one, too: `giveUp` ends the waiting, whatever becomes of the request.
        const unanswered = new Promise<never>((_, reject) => {
          giveUp.signal.addEventListener('abort', () => reject(new Error('No answer.')))
        })
        const request = locks.request(name, { signal: AbortSignal.any([signal, giveUp.signal]) }, begin)
        request.catch(() => {})
        await Promise.race([request, unanswered])
      } catch (error) {
        if (began || signal.aborted) throw error
        await begin()
      } finally {
        stopAsking()
      }
    },
  }
}
