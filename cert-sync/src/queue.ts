import { backoff } from './wait.ts'

export interface Retry {
  firstMs: number
  ceilingMs: number
}

/** What to look at and when, by key: adding twice is once, the earlier time wins, failures of one key delay only it. */
export class Queue {
  #due = new Map<string, number>()
  #failures = new Map<string, number>()
  #retry: Retry
  #wake: () => void

  constructor(retry: Retry, wake: () => void) {
    this.#retry = retry
    this.#wake = wake
  }

  add(key: string, at = 0): void {
    this.#due.set(key, Math.min(at, this.#due.get(key) ?? Infinity))
    this.#wake()
  }

  /** Takes the key that has been due for the longest. */
  take(now: number): string | undefined {
    const next = this.#next()
    if (!next || next[1] > now) return undefined
    this.#due.delete(next[0])
    return next[0]
  }

  nextDue(): number | undefined {
    return this.#next()?.[1]
  }

  succeeded(key: string): void {
    this.#failures.delete(key)
  }

  failed(key: string, now: number): void {
    const failures = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, failures)
    // What has rung meanwhile must not get round the delay.
    this.#due.set(key, now + backoff(failures, this.#retry.firstMs, this.#retry.ceilingMs))
    this.#wake()
  }

  #next(): [string, number] | undefined {
    let next: [string, number] | undefined
    for (const entry of this.#due) if (!next || entry[1] < next[1]) next = entry
    return next
  }
}
