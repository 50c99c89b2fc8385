import { createStore } from '#platform/ui/store.ts'

/** Whose card is open, beside what, and of which message that is a part. */
export const openedPerson = createStore<{ anchor: Element; accountId: string; messageId?: string } | null>(null)

/** Shows somebody's card beside a face or name that was pressed; `PersonCardHost` draws it. */
export const openPerson = (anchor: Element, accountId: string, messageId?: string): void =>
  openedPerson.set({ anchor, accountId, ...(messageId === undefined ? {} : { messageId }) })
export const closePerson = (): void => openedPerson.set(null)

export const roleWords = { owner: 'Owner', admin: 'Admin', member: 'Member', guest: 'Guest' } as const
export const presenceWords = { active: 'Here', away: 'Away' } as const
/** Of somebody who can no longer sign in: what they wrote stays. */
export const deactivatedWord = 'Deactivated'
