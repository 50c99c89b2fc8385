import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'

/** How long requests may be begun in one turn of the event loop (ms). */
const longestMs = 5
/** Each that waits holds up to 64 kB of its body; a further one is begun at once. */
const mostWaiting = 500

/**
 * Spreads requests that come in one moment over several turns of the event loop. Node.js reads and answers in one turn
 * whatever has arrived, and a connection takes two turns: so a thousand requests at once, refusals that take half a
 * millisecond each, made a health check wait for a second. Once requests have been begun for `longestMs`, the others of
 * that turn wait for the next, in their order. What is free passes.
 */
export class Turns {
  readonly #waiting: HookHandlerDoneFunction[] = []
  /** When the first request of this turn was begun; 0 before it was. */
  #since = 0

  /** A hook. */
  readonly admit = (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    if (this.#since === 0) {
      this.#since = performance.now()
      setImmediate(this.#next)
    } else if (
      (this.#waiting.length > 0 || performance.now() - this.#since > longestMs) &&
      this.#waiting.length < mostWaiting &&
      !request.routeOptions.config.isFree
    ) {
      this.#waiting.push(done)
      return
    }
    done()
  }

  /** After what has arrived in a turn: those who wait, as far as the time reaches. */
  readonly #next = (): void => {
    const waiting = this.#waiting
    if (waiting.length === 0) {
      this.#since = 0
      return
    }
    this.#since = performance.now()
    setImmediate(this.#next)
    let begun = 0
    do waiting[begun++]!()
    while (begun < waiting.length && performance.now() - this.#since < longestMs)
    waiting.splice(0, begun)
  }
}
