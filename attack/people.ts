import type pg from 'pg'
import { sealToken } from '#accounts/session-cookie.ts'
import { tokenHash } from '#accounts/tokens.ts'
import type { Role } from '#accounts/shapes.ts'
import { newId } from '#platform/new-id.ts'

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly sessionId: string
  /** As a browser sends it. */
  readonly cookie: string
}

interface Ground {
  readonly sql: Pick<pg.Pool, 'query'>
}

/**
 * Makes accounts with a session each by SQL, as the product would have kept them: signing a thousand people up takes
 * minutes, of which the passwords take most. They have no password.
 */
export async function addPeople(ground: Ground, wanted: readonly { name: string; role: Role }[]): Promise<Person[]> {
  const people: Person[] = []
  for (const { name, role } of wanted) {
    const id = newId()
    const email = `${id}@tidewater.example`
    await ground.sql.query('insert into accounts (id, name, email, role) values ($1, $2, $3, $4)', [
      id,
      name,
      email,
      role,
    ])
    people.push({ id, name, email, role, ...(await addSession(ground, id)) })
  }
  return people
}

/** A further session of an account. */
export async function addSession(
  { sql }: Ground,
  accountId: string,
  lasts = '30 days',
): Promise<Pick<Person, 'sessionId' | 'cookie'>> {
  const { rows } = await sql.query<{ secret: string }>('select secret from place')
  const sessionId = newId()
  const token = `${sessionId}${newId()}`.replaceAll('-', '')
  await sql.query(
    'insert into sessions (id, account_id, token_hash, expires_at) values ($1, $2, $3, now() + $4::interval)',
    [sessionId, accountId, tokenHash(token), lasts],
  )
  return { sessionId, cookie: `whale.session=${encodeURIComponent(sealToken(rows[0]!.secret, token))}` }
}
