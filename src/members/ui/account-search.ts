import { useEffect, useState } from 'react'
import { listAccounts } from '#accounts/contract.ts'
import type { Account } from '#accounts/shapes.ts'
import { keepPeople, people } from '#accounts/ui/people.ts'
import { call } from '#platform/ui/api.ts'
import { useStore } from '#platform/ui/store.ts'
import { matchName, type Match } from './match.ts'

export type FoundPerson = { account: Account; match: Match | undefined }

/** Milliseconds of silence before the server is asked. */
const patience = 120

/**
 * People by name: from memory at once, from the server a moment later, best fit first. An e-mail address finds its
 * owner through the server alone, which is the only one who knows it.
 */
export function useAccountSearch(typed: string, most = 20): { found: readonly FoundPerson[]; asking: boolean } {
  const query = typed.trim()
  const known = useStore(people)
  const [answer, setAnswer] = useState<{ query: string; ids: readonly string[] }>({ query: '', ids: [] })
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(
      () => {
        void ask(query, most, abort.signal, setAnswer)
      },
      query ? patience : 0,
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [query, most])
  const answered = new Set(answer.query === query ? answer.ids : [])
  const found: FoundPerson[] = []
  for (const account of known.values()) {
    const match = matchName(query, account.name)
    if (match || answered.has(account.id)) found.push({ account, match })
  }
  const rank = (one: FoundPerson) => one.match?.rank ?? 3
  found.sort((a, b) => rank(a) - rank(b) || a.account.name.localeCompare(b.account.name))
  return { found: found.slice(0, most), asking: answer.query !== query }
}

async function ask(
  query: string,
  most: number,
  signal: AbortSignal,
  onAnswer: (answer: { query: string; ids: readonly string[] }) => void,
): Promise<void> {
  let ids: readonly string[] = []
  try {
    const { accounts } = await call(listAccounts, { query: { ...(query ? { query } : {}), limit: most } }, { signal })
    keepPeople(accounts)
    ids = accounts.map((account) => account.id)
  } catch {
    // Offline the people in memory are what there is.
  }
  if (!signal.aborted) onAnswer({ query, ids })
}
