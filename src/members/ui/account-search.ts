import { useEffect, useState } from 'react'
import { listAccounts } from '#accounts/contract.ts'
import type { Account } from '#accounts/shapes.ts'
import { keepPeople, people } from '#accounts/ui/people.ts'
import { compareNames } from '#platform/ui/collate.ts'
import { call } from '#platform/ui/api.ts'
import { useStore } from '#platform/ui/store.ts'
import { matchName, type Match } from './match.ts'

export type FoundPerson = { account: Account; match: Match | undefined }

/** Milliseconds of silence before the server is asked. */
const patience = 120

/**
 * People by name: from memory at once, from the server a moment later, best fit first. A whole e-mail address finds
 * its owner through the server alone, which is the only one who knows it. Who is deactivated is offered to nobody.
 */
export function useAccountSearch(
  typed: string,
  most: number,
  /** Who is not wanted: they take nobody's place among those who are found. */
  without: (accountId: string) => boolean,
): { found: readonly FoundPerson[]; asking: boolean; more: boolean } {
  const query = typed.trim()
  const known = useStore(people)
  const [answer, setAnswer] = useState<Answer>({ query: '', ids: [], more: false })
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(
      () => {
        void ask(query, abort.signal, setAnswer)
      },
      query ? patience : 0,
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [query])
  const answered = new Set(answer.query === query ? answer.ids : [])
  const found: FoundPerson[] = []
  for (const account of known.values()) {
    if (account.deactivated || without(account.id)) continue
    const match = matchName(query, account.name)
    if (match || answered.has(account.id)) found.push({ account, match })
  }
  const rank = (one: FoundPerson) => one.match?.rank ?? 3
  found.sort((a, b) => rank(a) - rank(b) || compareNames(a.account.name, b.account.name))
  const asking = answer.query !== query
  return { found: found.slice(0, most), asking, more: found.length > most || (!asking && answer.more) }
}

/** Most people that one question to the server brings: more than any list here shows, and leaves out. */
const mostAnswered = 200

/** `more`: there are others whom the answer does not hold. */
type Answer = { query: string; ids: readonly string[]; more: boolean }

async function ask(query: string, signal: AbortSignal, onAnswer: (answer: Answer) => void): Promise<void> {
  let ids: readonly string[] = []
  let more = false
  try {
    const asked = { ...(query ? { query } : {}), limit: mostAnswered }
    const { accounts, next } = await call(listAccounts, { query: asked }, { signal })
    keepPeople(accounts)
    ids = accounts.map((account) => account.id)
    more = next !== null
  } catch {
    // Offline the people in memory are what there is.
  }
  if (!signal.aborted) onAnswer({ query, ids, more })
}
