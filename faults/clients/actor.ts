import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#seed/random.ts'
import type { ApiProcess } from '../cluster/api-process.ts'
import type { Deed, Operation } from '../history.ts'
import type { Person } from './ask.ts'
import { mayLinger, settle, type Request } from './settle.ts'

export interface Stage {
  people: readonly Person[]
  nodes: readonly ApiProcess[]
  /** Everybody stays in it. */
  steady: readonly string[]
  /** Private; its owner adds and removes the others. */
  guarded: string
  /** Public; people join and leave by themselves. */
  open: string
  operations: Operation[]
  /** No new operation begins. */
  ending: () => boolean
  /** What is still unanswered stays so. */
  over: () => boolean
}

/** Two for each pair of hands. */
const emoji = ['👍', '🐳', '👀', '🎉', '🌊', '⚓', '🔥', '✅']

interface Own {
  conversation: string
  id: string
  ordinal: number | null
  isRoot: boolean
}

/**
 * One pair of hands: does one thing after the other, in the name of a person. Hands share a person, and never a
 * thing that they change: each edits and deletes its own messages only and reacts with emoji of its own. And what
 * may still take effect because a try of it was never answered is not touched again. So whatever was acknowledged
 * last is what the place must show.
 */
export class Actor {
  readonly #person: Person
  readonly #stage: Stage
  readonly #random: Random
  readonly #emoji: readonly string[]
  readonly #isFirst: boolean
  readonly #frozen = new Set<string>()
  /** Messages that this pair of hands wrote, the newest last. */
  readonly #own: Own[] = []
  /** Messages of anybody that it has seen in a page. */
  #seen: { conversation: string; id: string; ordinal: number | null }[] = []
  readonly #membership = new Map<string, boolean>()

  constructor(person: Person, hand: number, stage: Stage, random: Random) {
    this.#person = person
    this.#stage = stage
    this.#random = random
    this.#isFirst = hand === 0
    this.#emoji = emoji.slice(2 * hand, 2 * hand + 2)
  }

  async run(pauseMs: number): Promise<void> {
    while (!this.#stage.ending()) {
      await this.#act()
      await sleep(pauseMs * 2 * this.#random.next())
    }
  }

  #act(): Promise<void> {
    const roll = this.#random.below(100)
    if (roll < 44) return this.#post()
    if (roll < 54) return this.#edit()
    if (roll < 59) return this.#remove()
    if (roll < 71) return this.#react()
    if (roll < 80) return this.#read()
    if (roll < 92) return this.#look()
    if (roll < 96) return this.#state()
    return this.#isFirst ? this.#membershipChange() : this.#post()
  }

  #somewhere(): string {
    const { steady, guarded, open } = this.#stage
    return this.#random.weighted([...steady, guarded, open], (id) => (steady.includes(id) ? 3 : 2))
  }

  #common(conversation: string) {
    return {
      account: this.#person.id,
      conversation,
      from: performance.now(),
      to: null,
      outcome: 'unknown' as const,
      attempts: [],
      replies: [],
    }
  }

  async #settle(operation: Operation, request: Request, twin = false): Promise<void> {
    this.#stage.operations.push(operation)
    await settle(operation, request, {
      person: this.#person,
      nodes: this.#stage.nodes,
      random: this.#random,
      over: this.#stage.over,
      twin,
    })
  }

  /** A text that nobody else writes, and whom it means. Replies mean nobody: threads have read positions of their own. */
  #text(isReply: boolean): { body: string; mentions: string[] } {
    const whom = !isReply && this.#random.chance(0.2) ? [this.#random.pick(this.#stage.people).id] : []
    const channel = !isReply && this.#random.chance(0.03) ? ' @channel' : ''
    const words = 'tide '.repeat(this.#random.mostlySmall(1, 60))
    const body = `${words}${crypto.randomUUID().slice(0, 13)}${whom.map((id) => ` <@${id}>`).join('')}${channel}`
    return { body, mentions: channel ? ['channel', ...whom] : whom }
  }

  async #post(): Promise<void> {
    const conversation = this.#somewhere()
    const root = this.#random.chance(0.15)
      ? this.#own.findLast((own) => own.conversation === conversation && own.isRoot)
      : undefined
    const clientId = crypto.randomUUID()
    const { body, mentions } = this.#text(root !== undefined)
    const operation: Deed<'post'> = {
      kind: 'post',
      ...this.#common(conversation),
      clientId,
      body,
      mentions,
      threadRoot: root?.id ?? null,
    }
    await this.#settle(
      operation,
      {
        method: 'POST',
        path: `/v1/conversations/${conversation}/messages`,
        content: { clientId, body, ...(root ? { threadRoot: root.id } : {}) },
      },
      this.#random.chance(0.1),
    )
    const [message] = operation.replies
    if (!message) return
    this.#own.push({ conversation, id: message.id, ordinal: message.ordinal, isRoot: message.ordinal !== null })
    if (this.#own.length > 40) this.#own.shift()
  }

  #ownMessage(): Own | undefined {
    const free = this.#own.filter((own) => !this.#frozen.has(own.id))
    return free.length ? this.#random.pick(free) : undefined
  }

  async #edit(): Promise<void> {
    const own = this.#ownMessage()
    if (!own) return this.#post()
    const { body, mentions } = this.#text(!own.isRoot)
    const operation: Deed<'edit'> = {
      kind: 'edit',
      ...this.#common(own.conversation),
      messageId: own.id,
      body,
      mentions,
    }
    await this.#settle(operation, {
      method: 'PATCH',
      path: `/v1/conversations/${own.conversation}/messages/${own.id}`,
      content: { body },
    })
    if (mayLinger(operation)) this.#frozen.add(own.id)
  }

  async #remove(): Promise<void> {
    const own = this.#ownMessage()
    if (!own) return this.#post()
    this.#frozen.add(own.id)
    const operation: Deed<'delete'> = { kind: 'delete', ...this.#common(own.conversation), messageId: own.id }
    await this.#settle(operation, {
      method: 'DELETE',
      path: `/v1/conversations/${own.conversation}/messages/${own.id}`,
    })
  }

  async #react(): Promise<void> {
    const target = this.#seen.length ? this.#random.pick(this.#seen) : undefined
    if (!target) return this.#look()
    const emoji = this.#random.pick(this.#emoji)
    const key = `${target.id} ${emoji}`
    if (this.#frozen.has(key)) return
    const operation: Deed<'react' | 'unreact'> = {
      kind: this.#random.chance(0.7) ? 'react' : 'unreact',
      ...this.#common(target.conversation),
      messageId: target.id,
      emoji,
    }
    await this.#settle(operation, {
      method: operation.kind === 'react' ? 'PUT' : 'DELETE',
      path: `/v1/conversations/${target.conversation}/messages/${target.id}/reactions/${encodeURIComponent(emoji)}`,
    })
    if (mayLinger(operation)) this.#frozen.add(key)
  }

  async #read(): Promise<void> {
    const target = this.#seen.findLast((seen) => seen.ordinal !== null)
    if (!target) return this.#look()
    const operation: Deed<'read'> = {
      kind: 'read',
      ...this.#common(target.conversation),
      ordinal: Math.max(1, target.ordinal! - this.#random.below(5)),
    }
    await this.#settle(operation, {
      method: 'PUT',
      path: `/v1/conversations/${target.conversation}/read`,
      content: { ordinal: operation.ordinal },
    })
  }

  async #look(): Promise<void> {
    const conversation = this.#somewhere()
    const operation: Deed<'history'> = { kind: 'history', ...this.#common(conversation) }
    await this.#settle(operation, { method: 'GET', path: `/v1/conversations/${conversation}/messages?limit=30` })
    const [page] = operation.replies
    if (!page) return
    const others = this.#seen.filter((seen) => seen.conversation !== conversation)
    this.#seen = [
      ...others,
      ...page.messages
        .filter((message) => !message.deletedAt)
        .map(({ id, ordinal }) => ({ conversation, id, ordinal })),
    ]
  }

  async #state(): Promise<void> {
    const conversation = this.#somewhere()
    const operation: Deed<'state'> = { kind: 'state', ...this.#common(conversation) }
    await this.#settle(operation, { method: 'GET', path: `/v1/conversations/${conversation}` })
  }

  /** The owner of the guarded conversation lets people in and out; the others come to the open one and go. */
  async #membershipChange(): Promise<void> {
    const { people, guarded, open } = this.#stage
    const [owner, ...others] = people
    const governs = this.#person === owner
    const subject = governs ? this.#random.pick(others) : this.#person
    const conversation = governs ? guarded : open
    if (this.#frozen.has(subject.id)) return
    const isIn = this.#membership.get(subject.id) ?? true
    const operation: Deed<'add' | 'remove'> = {
      kind: isIn ? 'remove' : 'add',
      ...this.#common(conversation),
      subject: subject.id,
    }
    const at = `/v1/conversations/${conversation}`
    await this.#settle(
      operation,
      isIn
        ? {
            method: 'DELETE',
            path: `${at}/members/${subject.id}`,
            doneBefore: ['member-not-found', 'not-a-member', 'conversation-not-found'],
          }
        : governs
          ? { method: 'POST', path: `${at}/members`, content: { accountIds: [subject.id] } }
          : { method: 'POST', path: `${at}/join`, content: undefined },
    )
    if (mayLinger(operation)) this.#frozen.add(subject.id)
    if (operation.outcome === 'acknowledged') this.#membership.set(subject.id, !isIn)
  }
}
