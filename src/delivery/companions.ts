import type pg from 'pg'

/** Accounts that are in a conversation with this one, itself among them. */
export async function companionsOf(pool: pg.Pool, accountId: string): Promise<Set<string>> {
  const { rows } = await pool.query<{ account_id: string }>({
    name: 'companions-of-account',
    text: `select distinct other.account_id from members mine
      join members other using (conversation_id) where mine.account_id = $1`,
    values: [accountId],
  })
  return new Set(rows.map((row) => row.account_id)).add(accountId)
}

type Deed = (companions: ReadonlySet<string>) => void

/**
 * Whom a guest's connection may hear of: those whom its reader shares a conversation with. Frames that name people go
 * through `whenKnown`, which answers at once while that is certain. From the moment at which somebody may have left until
 * PostgreSQL has answered it is not, and they wait; what changes during an answer has it asked again.
 */
export class Companions {
  readonly #ask: () => Promise<Set<string>>
  readonly #failed: (error: unknown) => void
  /** null: not certain. */
  #known: Set<string> | null = null
  #asking: Promise<void> | null = null
  /** Something changed since the question that is under way left. */
  #outdated = false
  #waiting: Deed[] = []

  /** `failed`: the answer will not come, and what waits is lost. */
  constructor(ask: () => Promise<Set<string>>, failed: (error: unknown) => void) {
    this.#ask = ask
    this.#failed = failed
  }

  get known(): ReadonlySet<string> | null {
    return this.#known
  }

  /** Somebody has left, here or there, or the reader has come or gone. Resolves when it is certain again. */
  changed(): Promise<void> {
    this.#known = null
    this.#outdated = true
    return (this.#asking ??= this.#find())
  }

  /** Somebody has come to where the reader is. */
  came(accountId: string): void {
    this.#known?.add(accountId)
    this.#outdated = true
  }

  whenKnown(deed: Deed): void {
    if (this.#known) deed(this.#known)
    else this.#waiting.push(deed)
  }

  async #find(): Promise<void> {
    try {
      while (this.#outdated) {
        this.#outdated = false
        const found = await this.#ask()
        if (!this.#outdated) this.#known = found
      }
    } catch (error) {
      this.#waiting = []
      this.#failed(error)
    } finally {
      this.#asking = null
    }
    const { known } = this
    if (!known) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const deed of waiting) deed(known)
  }
}
