import { sql } from 'kysely'
import type { Reader } from '#platform/db/database.ts'
import { kindOf } from '#platform/markdown/characters.ts'
import type { Reading } from './access.ts'

const longestName = 80
const most = 100

/**
 * Members with whose whole name one of the texts begins. Each text is cut wherever a name may end, and all
 * of that is looked for at once by the index of names: what it costs does not grow with the conversation. Who is
 * deactivated takes nobody's name.
 */
export async function findNamedMembers(
  db: Reader,
  { conversationId }: Reading,
  texts: readonly string[],
): Promise<{ members: { accountId: string; name: string }[]; complete: boolean }> {
  const names = [...new Set(texts.flatMap(beginningsOf))]
  if (names.length === 0) return { members: [], complete: true }
  const { rows } = await sql<{ accountId: string; name: string }>`
    select accounts.id as "accountId", accounts.name
    from unnest(${names}::text[]) as given (name)
    join accounts on lower(accounts.name) = lower(given.name)
    join members on members.conversation_id = ${conversationId} and members.account_id = accounts.id
    where accounts.deactivated_at is null
    group by accounts.id
    order by lower(accounts.name), accounts.id
    limit ${most + 1}`.execute(db)
  return { members: rows.slice(0, most), complete: rows.length <= most }
}

/** Of `Ada, you`: `Ada`, `Ada,`, `Ada, you`; in scripts without spaces every sign may be the last of a name. */
function beginningsOf(text: string): string[] {
  const tidy = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  const signs = Array.from(tidy).slice(0, longestName)
  const goesOn = (sign: string | undefined) => sign !== undefined && ['letter', 'digit'].includes(kindOf(sign))
  return signs.flatMap((sign, at) =>
    sign === ' ' || (goesOn(sign) && goesOn(signs[at + 1])) ? [] : [signs.slice(0, at + 1).join('')],
  )
}
