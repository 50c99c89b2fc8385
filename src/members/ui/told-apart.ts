import type { Account } from '#accounts/shapes.ts'
import { presence as presences } from '#delivery/ui/presence.ts'
import { fold } from '#platform/contract/fold.ts'
import { useStore } from '#platform/ui/store.ts'
import { useFormats } from '#platform/ui/theme.ts'
import { presenceWords, roleWords } from './person-card.ts'

interface Listed {
  account: Account | undefined
  joinedAt?: string | undefined
}

interface Words {
  role: (role: Account['role']) => string
  presence: (accountId: string) => string | undefined
  joined: (at: string, exactly: boolean) => string
}

/**
 * What tells people of a list apart whose names look alike, by their ids: what everybody here may know of them, and never
 * an address. Whose name is alone in the list needs nothing.
 */
export function toldApart(listed: readonly Listed[], words: Words): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  const named = listed.flatMap(({ account, joinedAt }) => (account ? [{ account, joinedAt }] : []))
  for (const group of Map.groupBy(named, ({ account }) => fold(account.name).replace(/\s+/g, ' ')).values()) {
    if (group.length < 2) continue
    const say = (exactly: boolean) =>
      group.map(({ account, joinedAt }) =>
        [
          words.role(account.role),
          words.presence(account.id),
          joinedAt === undefined ? undefined : words.joined(joinedAt, exactly),
        ]
          .filter(Boolean)
          .join(' · '),
      )
    const differ = (said: readonly string[]) => new Set(said).size === group.length
    const roughly = say(false)
    const said = differ(roughly) ? roughly : say(true)
    // Nothing that may be known tells them apart: then a number, the same one every time.
    const order = group.map(({ account }) => account.id).sort()
    for (const [at, { account }] of group.entries()) {
      const number = `${order.indexOf(account.id) + 1} of ${group.length}`
      facts.set(account.id, differ(said) ? said[at]! : `${roughly[at]!} · ${number}`)
    }
  }
  return facts
}

/** The same, following who is there. */
export function useToldApart(listed: readonly Listed[]): ReadonlyMap<string, string> {
  const formats = useFormats()
  const present = useStore(presences)
  return toldApart(listed, {
    role: (role) => roleWords[role],
    presence: (accountId) => presenceWords[present.get(accountId) as 'active' | 'away'],
    joined: (at, exactly) => `here since ${exactly ? formats.exact(at) : formats.date(at)}`,
  })
}
