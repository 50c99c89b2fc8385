import { session } from '#accounts/ui/session.ts'
import { keepFor, readFor } from '#platform/ui/storage.ts'

const key = 'last-conversation'

const whose = (): string | undefined => {
  const now = session.get()
  return now.state === 'signed-in' ? now.me.id : undefined
}

/** The conversation that this account had open last on this device, by its id. */
export function lastConversation(): string | null {
  const accountId = whose()
  return accountId === undefined ? null : readFor(accountId, key)
}

export function keepLastConversation(conversationId: string): void {
  const accountId = whose()
  if (accountId !== undefined) keepFor(accountId, key, conversationId)
}

/** Where "back" leads from pages that are not a conversation. */
export function lastConversationPath(): string {
  const id = lastConversation()
  return id ? `/c/${id}` : '/'
}
