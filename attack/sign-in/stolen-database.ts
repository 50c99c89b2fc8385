import { hostCookie, sealToken, sessionCookie } from '#accounts/session-cookie.ts'
import { addPeople } from '../people.ts'
import { behindProxy, Browser, setPassword } from './browser.ts'
import { fiveHundreds, type Subject } from './subject.ts'

const password = 'a calm evening at sea'
const tables = ['sessions', 'invitations', 'password_resets', 'place', 'credentials'] as const

/** Somebody has a copy of the database, and tries all that stands in it as whatever may open something. */
export const stolenDatabase: Subject = {
  name: 'stolen database',
  run: async ({ startPlace }) => {
    const place = await startPlace({ env: behindProxy })
    const [ada, grace] = await addPeople(place, [
      { name: 'Ada Lindqvist', role: 'owner' },
      { name: 'Grace Okafor', role: 'member' },
    ])
    await setPassword(place, [ada!, grace!], password)
    const owner = new Browser(place, '203.0.113.1')
    const set = [
      await owner.signIn(ada!, password),
      await owner.ask('POST', '/v1/invitations', {}),
      await owner.ask('POST', `/v1/accounts/${grace!.id}/password-reset`, {}),
    ]
    if (set.some((status) => status !== 201)) throw new Error(`There is nothing to steal: ${set.join()}`)
    const real = decodeURIComponent(owner.cookies.get(sessionCookie)!)

    let tries = 0
    /** What a text opens. Each try comes from a network of its own, so that no limit stands in for the hash. */
    const opens = async (text: string): Promise<string[]> => {
      const opened: string[] = []
      const attempt = async (
        what: string,
        headers: Record<string, string>,
        method: string,
        url: string,
        body?: object,
      ) => {
        tries += 1
        const response = await fetch(`${place.origin}${url}`, {
          method,
          headers: {
            'x-forwarded-for': `198.51.${Math.floor(tries / 250) % 250}.${tries % 250}`,
            ...headers,
            ...(body ? { 'content-type': 'application/json' } : {}),
          },
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
        await response.arrayBuffer()
        if (response.ok) opened.push(what)
      }
      const value = encodeURIComponent(text)
      const token = text.slice(0, 100)
      await attempt('cookie', { cookie: `${sessionCookie}=${value}` }, 'GET', '/v1/me')
      await attempt('cookie', { cookie: `${hostCookie}=${value}`, 'x-forwarded-proto': 'https' }, 'GET', '/v1/me')
      await attempt('key', { authorization: `Bearer ${value}` }, 'GET', '/v1/me')
      await attempt('invitation', {}, 'GET', `/v1/invitations/by-token/${encodeURIComponent(token)}`)
      await attempt('reset link', {}, 'POST', '/v1/password-resets/preview', { token })
      return opened
    }

    const texts = new Set<string>()
    for (const table of tables) {
      const { rows } = await place.sql.query<Record<string, unknown>>(`select * from ${table}`)
      for (const value of rows.flatMap((row) => Object.values(row)))
        if (Buffer.isBuffer(value))
          for (const encoding of ['hex', 'base64', 'base64url'] as const) texts.add(value.toString(encoding))
        else if (typeof value === 'string' && value) texts.add(value)
    }
    const { rows } = await place.sql.query<{ secret: string }>('select secret from place')
    const controls = await opens(real)
    const opened: string[] = []
    for (const text of texts) {
      opened.push(...(await opens(text)))
      opened.push(...(await opens(sealToken(rows[0]!.secret, text))))
    }
    return [
      {
        what: 'the owner’s own cookie',
        figure: `opens ${controls.length}`,
        limit: '2 ways',
        holds: controls.length === 2,
      },
      {
        what: `${texts.size} values of ${tables.length} tables, as they are and sealed, in ${tries} tries`,
        figure: opened.length ? opened.join() : 'nothing opens',
        limit: 'nothing opens',
        holds: texts.size > 20 && opened.length === 0,
      },
      await fiveHundreds(place),
    ]
  },
}
