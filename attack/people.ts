import { sealToken } from '#accounts/session-cookie.ts'
import type { Role } from '#accounts/shapes.ts'
import { newId } from '#platform/new-id.ts'
import type { Place } from './place.ts'

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly sessionId: string
  /** As a browser sends it. */
  readonly cookie: string
}

/**
 * Makes accounts with a session each by SQL, as the product would have kept them: signing a thousand people up takes
 * minutes, of which the passwords take most. They have no password.
 */
export async function addPeople(place: Pick<Place, 'sql'>, wanted: readonly { name: string; role: Role }[]) {
  const { rows } = await place.sql.query<{ secret: string }>('select secret from place')
  const { secret } = rows[0]!
  const people: Person[] = []
  for (const { name, role } of wanted) {
    const id = newId()
    const sessionId = newId()
    const token = `${sessionId}${newId()}`.replaceAll('-', '')
    const email = `${id}@tidewater.example`
    await place.sql.query('insert into accounts (id, name, email, role) values ($1, $2, $3, $4)', [
      id,
      name,
      email,
      role,
    ])
    await place.sql.query(
      `insert into sessions (id, account_id, token, expires_at) values ($1, $2, $3, now() + interval '30 days')`,
      [sessionId, id, token],
    )
    const cookie = `whale.session=${encodeURIComponent(sealToken(secret, token))}`
    people.push({ id, name, email, role, sessionId, cookie })
  }
  return people
}
