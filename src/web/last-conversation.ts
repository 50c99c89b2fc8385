const key = 'last-conversation'

/** The conversation that was open last on this device, by its id. */
export function lastConversation(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function keepLastConversation(conversationId: string): void {
  try {
    localStorage.setItem(key, conversationId)
  } catch {
    // Storage is forbidden: the start page shows next time.
  }
}

/** Where "back" leads from pages that are not a conversation. */
export function lastConversationPath(): string {
  const id = lastConversation()
  return id ? `/c/${id}` : '/'
}
