import { useEffect } from 'react'
import { isolated } from './isolate.ts'
import { createStore } from './store.ts'

/** What the browser's tab shows: "(2) delivery · Tidewater". The 2 counts mentions only. */
const title = createStore<{ page: string; place: string; mentions: number }>({ page: '', place: '', mentions: 0 })

export function documentTitle({ page, place, mentions }: { page: string; place: string; mentions: number }): string {
  const words = [page, place || 'All is Whale']
    .filter((word, at, all) => word && all.indexOf(word) === at)
    .map(isolated)
    .join(' · ')
  return mentions > 0 ? `(${mentions}) ${words}` : words
}

/** Writes title and icon of the tab now and on every change. Call once. */
export function followTitle(): void {
  const write = () => {
    const now = title.get()
    document.title = documentTitle(now)
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    const wanted = now.mentions > 0 ? '/favicon-mention.svg' : '/favicon.svg'
    if (icon && icon.getAttribute('href') !== wanted) icon.setAttribute('href', wanted)
  }
  title.subscribe(write)
  write()
}

/** How many mentions of you are unread in all conversations. */
export const setTitleMentions = (mentions: number): void => title.set((now) => ({ ...now, mentions }))
export const setTitlePlace = (place: string): void => title.set((now) => ({ ...now, place }))

/** The page's own part of the title, while the component is on screen. */
export function useTitle(page: string): void {
  useEffect(() => {
    title.set((now) => ({ ...now, page }))
    return () => title.set((now) => (now.page === page ? { ...now, page: '' } : now))
  }, [page])
}
