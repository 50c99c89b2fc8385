import { session } from '#accounts/ui/session.ts'
import { changeMembership, joinConversation, removeMember, type Notify } from '#members/contract.ts'
import { call, explain } from '#platform/ui/api.ts'
import { toast } from '#platform/ui/toast.ts'
import { changeConversation, createConversation, type Conversation } from '../contract.ts'
import { openConversation } from './addresses.ts'
import { conversations } from './conversation-store.ts'

// What one does with a conversation. Each shows its result as soon as the server answers, before its event comes.

const me = () => {
  const now = session.get()
  return now.state === 'signed-in' ? now.me : undefined
}

/** Owners of the conversation, and of the place where it is a channel. */
export function mayRule(conversation: Conversation): boolean {
  const role = me()?.role
  const ofThePlace = conversation.kind === 'channel' && (role === 'owner' || role === 'admin')
  return conversation.kind !== 'direct' && (conversation.membership?.role === 'owner' || ofThePlace)
}

export function mayRename(conversation: Conversation): boolean {
  if (conversation.archivedAt || !conversation.membership) return false
  if (conversation.visibility === 'public' && me()?.role === 'guest') return false
  return conversation.kind === 'group' || (conversation.kind === 'channel' && mayRule(conversation))
}

/** Throws what the API throws. */
export async function change(
  conversationId: string,
  body: { name?: string; topic?: string; archived?: boolean },
): Promise<void> {
  conversations.adopt(await call(changeConversation, { params: { conversationId }, body }))
}

export async function restore(conversation: Conversation): Promise<void> {
  await change(conversation.id, { archived: false }).catch(tell)
}

/** Opens the one direct conversation with these people, made now when there was none. Throws what the API throws. */
export async function openDirect(accountIds: readonly string[]): Promise<void> {
  const wanted = [...accountIds].sort().join()
  for (const one of conversations.store.get().byId.values()) {
    if (one.kind === 'direct' && one.membership && [...one.people].sort().join() === wanted)
      return openConversation(one.id)
  }
  const made = await call(createConversation, { body: { kind: 'direct', accountIds: [...accountIds] } })
  conversations.adopt(made)
  openConversation(made.id)
}

/** From a press: a failure is told in passing. */
export const messageTo = (accountId: string): void => {
  // A conversation with oneself has no other people.
  void openDirect(accountId === me()?.id ? [] : [accountId]).catch(tell)
}

/** Throws what the API throws. */
export async function join(conversationId: string): Promise<void> {
  const membership = await call(joinConversation, { params: { conversationId } })
  conversations.setMembership(conversationId, membership)
}

/** Throws what the API throws. */
export async function leave(conversationId: string): Promise<void> {
  const accountId = me()?.id
  if (accountId) await call(removeMember, { params: { conversationId, accountId } })
}

export async function setNotify(conversation: Conversation, name: string, notify: Notify): Promise<void> {
  const before = conversation.membership?.notify ?? 'all'
  if (before === notify) return
  const put = async (value: Notify) => {
    const membership = await call(changeMembership, {
      params: { conversationId: conversation.id },
      body: { notify: value },
    })
    conversations.setMembership(conversation.id, membership)
  }
  try {
    await put(notify)
    const words = {
      all: `${name} tells you of every message`,
      mentions: `${name} tells you of mentions only`,
      none: `${name} is muted`,
    }
    toast(words[notify], { action: { label: 'Undo', run: () => void put(before).catch(tell) } })
  } catch (error) {
    tell(error)
  }
}

function tell(error: unknown): void {
  toast(explain(error), { danger: true })
}
