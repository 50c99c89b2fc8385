import { useSyncExternalStore } from 'react'

/** Below 720 px the list, a conversation and a thread are pages; the same line as in the shell's CSS. */
const query = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-width: 44.9375rem)')

export const isPhone = (): boolean => query?.matches ?? false

export function useIsPhone(): boolean {
  return useSyncExternalStore((listener) => {
    query?.addEventListener('change', listener)
    return () => query?.removeEventListener('change', listener)
  }, isPhone)
}
