import type { Logger } from 'pino'

/** Those who hear something. One that fails is logged and spoils it neither for the others nor for the speaker. */
export class Listeners<Heard = void> {
  readonly #all = new Set<(heard: Heard) => void>()
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  add(listener: (heard: Heard) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  tell(heard: Heard): void {
    for (const listener of this.#all) {
      try {
        listener(heard)
      } catch (error) {
        this.#log.error({ err: error }, 'hearing a hint failed')
      }
    }
  }

  clear(): void {
    this.#all.clear()
  }
}
