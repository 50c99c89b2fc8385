import type { NewInvitation } from '#accounts/shapes.ts'

/** Addresses of the invitations that this page has made. The server tells each once; they are gone with the page. */
const made = new Map<string, string>()

/** Always of the page that one is on. */
export function keepLink({ id, token }: NewInvitation): void {
  made.set(id, `${location.origin}/join/${encodeURIComponent(token)}`)
}

export const linkOf = (invitationId: string): string | undefined => made.get(invitationId)
