import type { Deed } from '../history.ts'
import { mayLinger } from './settle.ts'
import { Writer } from './writer.ts'

/** A whole pair of hands: writes, and reads, lets in and out, and ends sessions. */
export class Actor extends Writer {
  protected act(): Promise<void> {
    const roll = this.random.below(100)
    if (roll < 70) return this.post()
    if (roll < 74) return this.edit()
    if (roll < 76) return this.remove()
    if (roll < 81) return this.react()
    if (roll < 87) return this.#read()
    if (roll < 90) return this.#readThread()
    if (roll < 94) return this.#look()
    if (roll < 96) return this.#state()
    if (!this.isFirst) return this.post()
    return this.random.chance(0.6) ? this.#changeMembership() : this.#revoke()
  }

  async #read(): Promise<void> {
    const target = this.seen.findLast((seen) => seen.ordinal !== null)
    if (!target) return this.#look()
    await this.#moveTo(target.conversation, Math.max(1, target.ordinal! - this.random.below(5)), null)
  }

  async #readThread(): Promise<void> {
    const threads = [...this.seen, ...this.own].filter(({ replyCount }) => replyCount > 0)
    if (!threads.length) return this.#look()
    const target = this.random.pick(threads)
    await this.#moveTo(target.conversation, Math.max(1, target.replyCount - this.random.below(6)), target.id)
  }

  async #moveTo(conversation: string, ordinal: number, threadRoot: string | null): Promise<void> {
    const operation: Deed<'read'> = { kind: 'read', ...this.common(conversation), ordinal, threadRoot }
    await this.settle(operation, {
      method: 'PUT',
      path: `/v1/conversations/${conversation}/read`,
      content: { ordinal, ...(threadRoot ? { threadRoot } : {}) },
    })
  }

  async #look(): Promise<void> {
    const conversation = this.somewhere(0.25).id
    const operation: Deed<'history'> = { kind: 'history', ...this.common(conversation) }
    await this.settle(operation, { method: 'GET', path: `/v1/conversations/${conversation}/messages?limit=20` })
    const [page] = operation.replies
    if (!page) return
    const others = this.seen.filter((seen) => seen.conversation !== conversation)
    this.seen = [
      ...others,
      ...page.messages
        .filter((message) => !message.deletedAt)
        .map(({ id, ordinal, thread }) => ({ conversation, id, ordinal, replyCount: thread?.replyCount ?? 0 })),
    ]
  }

  async #state(): Promise<void> {
    const conversation = this.somewhere(0.25).id
    const operation: Deed<'state'> = { kind: 'state', ...this.common(conversation) }
    await this.settle(operation, { method: 'GET', path: `/v1/conversations/${conversation}` })
  }

  /** The first of the cast lets people in and out of what is guarded; the others come to the open channel and go. */
  async #changeMembership(): Promise<void> {
    const { people, places } = this.stage
    const [owner, ...others] = people
    const governs = this.person === owner
    const place = this.random.pick(
      places.filter(({ governed }) => governed === (governs ? 'by the first' : 'by themselves')),
    )
    const subject = governs ? this.random.pick(others) : this.person
    const key = `${place.id} ${subject.id}`
    if (this.frozen.has(key)) return
    const isIn = place.members.has(subject.id)
    const operation: Deed<'add' | 'remove'> = {
      kind: isIn ? 'remove' : 'add',
      ...this.common(place.id),
      subject: subject.id,
    }
    const at = `/v1/conversations/${place.id}`
    await this.settle(
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
    if (mayLinger(operation)) this.frozen.add(key)
    if (operation.outcome !== 'acknowledged') return
    if (isIn) place.members.delete(subject.id)
    else place.members.add(subject.id)
  }

  /** Ends the session of one of its person's devices, as somebody who has lost it would. */
  async #revoke(): Promise<void> {
    const device = this.random.pick(this.stage.devices.filter(({ history }) => history.account === this.person.id))
    const session = device.sessionId
    if (!session || this.frozen.has(session)) return
    this.frozen.add(session)
    const operation: Deed<'revoke'> = { kind: 'revoke', ...this.common(''), session }
    await this.settle(operation, {
      method: 'DELETE',
      path: `/v1/sessions/${session}`,
      doneBefore: ['session-not-found'],
    })
  }
}
