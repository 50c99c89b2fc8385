import { createStore, type Store } from '#platform/ui/store.ts'
import { keepFor, readFor } from '#platform/ui/storage.ts'

const key = 'recent-emoji'
const most = 24
const usual = ['👍', '✅', '👀']

let whose: string | undefined

/** Those that this account used last on this device, the latest first, and the usual ones until there are enough. */
export const recentEmoji: Store<readonly string[]> = createStore<readonly string[]>(usual)

export function readRecentEmoji(accountId: string): void {
  whose = accountId
  recentEmoji.set([...new Set([...parse(readFor(accountId, key)), ...usual])])
}

function parse(kept: string | null): string[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]')
    return Array.isArray(found) ? found.filter((each) => typeof each === 'string').slice(0, most) : []
  } catch {
    return [] // not ours: the usual ones
  }
}

export function usedEmoji(emoji: string): void {
  recentEmoji.set((list) => [...new Set([emoji, ...list])].slice(0, most))
  if (whose) keepFor(whose, key, JSON.stringify(recentEmoji.get()))
}
