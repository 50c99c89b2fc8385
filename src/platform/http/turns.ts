import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'

/** How long requests may be begun in one turn of the event loop (ms). */
const longestMs = 5
/** Each that waits holds up to 64 kB of its body; a further one is begun at once. */
const mostWaiting = 500

/**
 * Spreads requests that come in one moment over several turns of the event loop. Node.js reads and answers in one turn
 * whatever has arrived, and a connection takes two turns: so a thousand requests at once, refusals that take half a
 * millisecond each, made a health check wait for a second. Once requests have been begun for `longestMs` without a
 * pause, the others wait for the next turn, in their order. What is free passes.
 *
 * Where one turn ends and the next begins is not asked: that would be an immediate for each request that comes alone.
 * Under steady load a request waits now and then that need not, for one turn.
 */
export class Turns {
  readonly #waiting: { reply: FastifyReply; done: HookHandlerDoneFunction }[] = []
  /** When the first request was begun of those that have come without a pause. */
  #since = -Infinity
  /** When the last one was. */
  #last = -Infinity

  /** A hook. */
  readonly admit = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const now = performance.now()
    if (now - this.#last > longestMs) this.#since = now
    this.#last = now
    const { length } = this.#waiting
    if (
      (length === 0 && now - this.#since <= longestMs) ||
      length >= mostWaiting ||
      request.routeOptions.config.isFree
    ) {
      done()
      return
    }
    this.#waiting.push({ reply, done })
    if (length === 0) setImmediate(this.#next)
  }

  /** After what has arrived in a turn: those who wait, as far as the time reaches. */
  readonly #next = (): void => {
    const waiting = this.#waiting
    const since = performance.now()
    let begun = 0
    try {
      do {
        const { reply, done } = waiting[begun++]!
        // Whoever has hung up meanwhile is not begun: nothing would tell later that their request is over.
        if (!reply.raw.destroyed) done()
      } while (begun < waiting.length && performance.now() - since < longestMs)
    } finally {
      waiting.splice(0, begun)
      this.#since = since
      this.#last = performance.now()
      if (waiting.length) setImmediate(this.#next)
    }
  }
}
