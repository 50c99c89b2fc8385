import type { Reader } from '#platform/db/database.ts'

/**
 * What the processes of this place have in common and nobody else knows. It seals session cookies, so that an invented
 * one costs no statement, and what the processes say to each other. It opens nothing by itself: sessions are found by the
 * hash of their token. `npm run rotate-secret` changes it; a process that looks every second notices.
 */
export class PlaceSecret {
  readonly #db: Reader
  readonly #listeners: ((secret: string) => void)[] = []
  #current: string

  static async open(db: Reader): Promise<PlaceSecret> {
    return new PlaceSecret(db, await readSecret(db))
  }

  private constructor(db: Reader, current: string) {
    this.#db = db
    this.#current = current
  }

  get current(): string {
    return this.#current
  }

  /** Called with the new one after it was rotated. */
  onRotated(listener: (secret: string) => void): void {
    this.#listeners.push(listener)
  }

  async look(): Promise<void> {
    const found = await readSecret(this.#db)
    if (found === this.#current) return
    this.#current = found
    for (const listener of this.#listeners) listener(found)
  }
}

async function readSecret(db: Reader): Promise<string> {
  const { secret } = await db.selectFrom('place').select('secret').executeTakeFirstOrThrow()
  return secret
}
