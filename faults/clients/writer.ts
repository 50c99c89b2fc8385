import type { Deed } from '../history.ts'
import { Hands, type Known } from './hands.ts'
import { mayLinger } from './settle.ts'

/** The part of the hands that writes: posts, replies, edits, deletes, reacts. */
export abstract class Writer extends Hands {
  /** A text that nobody else writes, and whom it means. */
  #text(): { body: string; mentions: string[] } {
    const whom = this.random.chance(0.2) ? [this.random.pick(this.stage.people).id] : []
    const channel = this.random.chance(0.03) ? ' @channel' : ''
    const words = 'tide '.repeat(this.random.mostlySmall(1, 60))
    const body = `${words}${crypto.randomUUID().slice(0, 13)}${whom.map((id) => ` <@${id}>`).join('')}${channel}`
    return { body, mentions: channel ? ['channel', ...whom] : whom }
  }

  /** Its own newest message there, or somebody's: threads are of several people, and some of them grow long. */
  #root(conversation: string): Known | undefined {
    const among = this.random.chance(0.5) ? this.own : this.seen
    const roots = among.filter((known) => known.conversation === conversation && known.ordinal !== null)
    return this.random.chance(0.7) ? (roots.find(({ replyCount }) => replyCount > 0) ?? roots.at(-1)) : roots.at(-1)
  }

  protected async post(): Promise<void> {
    const conversation = this.somewhere().id
    const root = this.random.chance(0.15) ? this.#root(conversation) : undefined
    const clientId = crypto.randomUUID()
    const { body, mentions } = this.#text()
    const operation: Deed<'post'> = {
      kind: 'post',
      ...this.common(conversation),
      clientId,
      body,
      mentions,
      threadRoot: root?.id ?? null,
    }
    await this.settle(
      operation,
      {
        method: 'POST',
        path: `/v1/conversations/${conversation}/messages`,
        content: { clientId, body, ...(root ? { threadRoot: root.id } : {}) },
      },
      this.random.chance(0.08),
    )
    const [message] = operation.replies
    if (!message) return
    if (root) root.replyCount = Math.max(root.replyCount, message.replyOrdinal ?? 0)
    this.own.push({ conversation, id: message.id, ordinal: message.ordinal, replyCount: 0 })
    if (this.own.length > 40) this.own.shift()
  }

  #ownMessage(): Known | undefined {
    const free = this.own.filter((own) => !this.frozen.has(own.id))
    return free.length ? this.random.pick(free) : undefined
  }

  protected async edit(): Promise<void> {
    const own = this.#ownMessage()
    if (!own) return this.post()
    const { body, mentions } = this.#text()
    const operation: Deed<'edit'> = {
      kind: 'edit',
      ...this.common(own.conversation),
      messageId: own.id,
      body,
      mentions,
    }
    await this.settle(operation, {
      method: 'PATCH',
      path: `/v1/conversations/${own.conversation}/messages/${own.id}`,
      content: { body },
    })
    if (mayLinger(operation)) this.frozen.add(own.id)
  }

  protected async remove(): Promise<void> {
    const own = this.#ownMessage()
    if (!own) return this.post()
    this.frozen.add(own.id)
    const operation: Deed<'delete'> = { kind: 'delete', ...this.common(own.conversation), messageId: own.id }
    await this.settle(operation, {
      method: 'DELETE',
      path: `/v1/conversations/${own.conversation}/messages/${own.id}`,
    })
  }

  protected async react(): Promise<void> {
    const known = [...this.seen, ...this.own]
    const target = known.length ? this.random.pick(known) : undefined
    // Hands beyond the emoji have none of their own.
    if (!target || !this.emoji.length) return this.post()
    const emoji = this.random.pick(this.emoji)
    const key = `${target.id} ${emoji}`
    if (this.frozen.has(key)) return
    const operation: Deed<'react' | 'unreact'> = {
      kind: this.random.chance(0.7) ? 'react' : 'unreact',
      ...this.common(target.conversation),
      messageId: target.id,
      emoji,
    }
    await this.settle(operation, {
      method: operation.kind === 'react' ? 'PUT' : 'DELETE',
      path: `/v1/conversations/${target.conversation}/messages/${target.id}/reactions/${encodeURIComponent(emoji)}`,
    })
    if (mayLinger(operation)) this.frozen.add(key)
  }
}
