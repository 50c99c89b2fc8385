import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#seed/random.ts'
import type { Operation } from '../history.ts'
import type { Person } from './ask.ts'
import { type Request, settle } from './settle.ts'
import type { Place, Stage } from './stage.ts'

/** Two for each pair of hands. */
const emoji = ['👍', '🐳', '👀', '🎉', '🌊', '⚓', '🔥', '✅', '🙏', '💡', '🧭', '🐙', '🦀', '🐚', '⛵', '🌙']

/** A message as its writer or a reader of a page knows it. */
export interface Known {
  conversation: string
  id: string
  ordinal: number | null
  replyCount: number
}

/**
 * One pair of hands: does one thing after the other, in the name of a person. Hands share a person, and never a
 * thing that they change: each edits and deletes its own messages only and reacts with emoji of its own. And what
 * may still take effect because a try of it was never answered is not touched again. So whatever was acknowledged
 * last is what the place must show.
 */
export abstract class Hands {
  protected readonly person: Person
  protected readonly stage: Stage
  protected readonly random: Random
  protected readonly emoji: readonly string[]
  protected readonly isFirst: boolean
  /** What may still change by itself. */
  protected readonly frozen = new Set<string>()
  /** Messages that this pair of hands wrote, the newest last. */
  protected readonly own: Known[] = []
  /** Messages of anybody that it has seen in a page. */
  protected seen: Known[] = []

  constructor(person: Person, hand: number, stage: Stage, random: Random) {
    this.person = person
    this.stage = stage
    this.random = random
    this.isFirst = hand === 0
    this.emoji = emoji.slice(2 * hand, 2 * hand + 2)
  }

  async run(pauseMs: number): Promise<void> {
    while (!this.stage.ending()) {
      await this.act()
      await sleep(pauseMs * 2 * this.random.next())
    }
  }

  protected abstract act(): Promise<void>

  /** Mostly where its person is let in; now and then where the door must hold. */
  protected somewhere(anywhere = 0.03): Place {
    const { places } = this.stage
    const mine = places.filter(({ members }) => members.has(this.person.id))
    return this.random.weighted(this.random.chance(anywhere) ? places : mine, ({ weight }) => weight)
  }

  protected common(conversation: string) {
    return {
      account: this.person.id,
      conversation,
      from: performance.now(),
      to: null,
      outcome: 'unknown' as const,
      attempts: [],
      replies: [],
    }
  }

  protected async settle(operation: Operation, request: Request, twin = false): Promise<void> {
    this.stage.operations.push(operation)
    await settle(operation, request, {
      person: this.person,
      nodes: this.stage.nodes,
      random: this.random,
      over: this.stage.over,
      twin,
    })
  }
}
