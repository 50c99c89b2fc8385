import { createStore, type Store } from '#platform/ui/store.ts'

const key = 'recent-emoji'
const most = 24
const usual = ['👍', '✅', '👀']

function kept(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(found) ? found.filter((each) => typeof each === 'string').slice(0, most) : []
  } catch {
    return [] // storage is forbidden, or not ours: the usual ones
  }
}

/** Those used last on this device, the latest first, and the usual ones until there are enough. */
export const recentEmoji: Store<readonly string[]> = createStore<readonly string[]>([
  ...new Set([...(typeof localStorage === 'undefined' ? [] : kept()), ...usual]),
])

export function usedEmoji(emoji: string): void {
  recentEmoji.set((list) => [...new Set([emoji, ...list])].slice(0, most))
  try {
    localStorage.setItem(key, JSON.stringify(recentEmoji.get()))
  } catch {
    // As above.
  }
}
