import type { Random } from './random.ts'
import { asides } from './words/company.ts'
import { factsOfATalk, fill, type Gaps } from './words/slots.ts'
import type { Theme } from './words/theme.ts'

export interface Talker {
  readonly accountId: string
  readonly firstName: string
}

/** What people say about one thing, line by line: the facts stay the same while it lasts. */
export class Talk {
  readonly theme: Theme
  readonly #random: Random
  readonly #people: readonly Talker[]
  readonly #around: readonly Talker[]
  readonly #gaps: Gaps
  #left: string[] = []

  /** `people` talk; `around` are all who could be meant. */
  constructor(random: Random, theme: Theme, people: readonly Talker[], around: readonly Talker[]) {
    this.theme = theme
    this.#random = random
    this.#people = people
    this.#around = around
    this.#gaps = factsOfATalk(random)
  }

  opener(speaker: Talker): string {
    return this.#say(this.#random.pick(this.theme.openers), speaker)
  }

  closer(speaker: Talker): string {
    return this.#say(this.#random.pick(this.theme.closers), speaker)
  }

  turn(speaker: Talker): string {
    const random = this.#random
    const kind = random.next()
    if (kind < 0.2) return this.#say(random.pick(asides), speaker)
    if (kind < 0.35) return this.#say(`${this.#line()} ${this.#line()}`, speaker)
    if (kind < 0.39 && this.theme.blocks) return this.#say(random.pick(this.theme.blocks), speaker)
    if (kind < 0.405 && this.theme.blocks) return this.#say(this.#letter(this.theme.blocks), speaker)
    return this.#say(this.#line(), speaker)
  }

  /** Some have more to say. */
  #letter(blocks: readonly string[]): string {
    const paragraph = () => Array.from({ length: this.#random.between(2, 5) }, () => this.#line()).join(' ')
    const parts = Array.from({ length: this.#random.mostlySmall(2, 9) }, paragraph)
    parts.splice(this.#random.between(1, parts.length), 0, this.#random.pick(blocks))
    return parts.join('\n\n')
  }

  /** Each line once before any of them comes again. */
  #line(): string {
    if (!this.#left.length) this.#left = this.#random.shuffled(this.theme.turns)
    return this.#left.pop()!
  }

  #say(line: string, speaker: Talker): string {
    const those = this.#random.chance(0.6) ? this.#people : this.#around
    const others = those.filter((one) => one.accountId !== speaker.accountId)
    const somebody = () => (others.length ? this.#random.pick(others) : speaker)
    return fill(line, this.#gaps, this.#random, {
      who: () => `<@${somebody().accountId}>`,
      name: () => somebody().firstName,
    })
  }
}
