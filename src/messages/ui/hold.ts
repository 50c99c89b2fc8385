/**
 * Milliseconds that a message waits for the server to say whose name was written by hand. Whoever is not named is not told:
 * that is worse than a wait, and what is typed meanwhile is the next message.
 */
const patience = 3_000

/**
 * What is done once `settled` is, or after a moment without an answer: names that nobody picked are looked for while one
 * writes, and whoever presses Enter at once does not wait longer than that.
 */
export function createHold() {
  let held: { release: () => void; cancel: () => void } | undefined
  return {
    isHeld: (): boolean => held !== undefined,
    run(settled: Promise<void> | undefined, go: () => void): void {
      if (held) return
      if (!settled) return go()
      const end = () => {
        clearTimeout(timer)
        if (held === mine) held = undefined
      }
      const release = () => {
        if (held !== mine) return
        end()
        go()
      }
      const timer = setTimeout(release, patience)
      const mine = { release, cancel: end }
      held = mine
      void settled.then(release)
    },
    /** Goes on without the answer: the page is left, or the next text begins. */
    release: (): void => held?.release(),
    cancel: (): void => held?.cancel(),
  }
}
