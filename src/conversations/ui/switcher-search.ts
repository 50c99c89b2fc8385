import { useEffect, useState } from 'react'
import { listAccounts } from '#accounts/contract.ts'
import { keepPeople } from '#accounts/ui/people.ts'
import { call } from '#platform/ui/api.ts'
import { listChannels, type Conversation } from '../contract.ts'
import { readQuery } from './switcher-hits.ts'

/** Public channels that are not joined, from the server; people it finds go to where all people are. */
export function useFurther(typed: string): readonly Conversation[] {
  const { only, words } = readQuery(typed)
  const [found, setFound] = useState<readonly Conversation[]>([])
  useEffect(() => {
    if (words === '' || only === '>') return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => void ask(words, abort.signal, setFound), 120)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [words, only])
  return found
}

async function ask(
  query: string,
  signal: AbortSignal,
  onFound: (channels: readonly Conversation[]) => void,
): Promise<void> {
  const quiet = () => undefined // offline: what is in memory is what there is
  const [channels, accounts] = await Promise.all([
    call(listChannels, { query: { query: query.slice(0, 80), limit: 20 } }, { signal }).catch(quiet),
    call(listAccounts, { query: { query: query.slice(0, 254), limit: 20 } }, { signal }).catch(quiet),
  ])
  if (signal.aborted) return
  if (accounts) keepPeople(accounts.accounts)
  if (channels) onFound(channels.channels)
}
