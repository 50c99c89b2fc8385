import { hostCookie, sessionCookie } from '#accounts/session-cookie.ts'
import { addPeople } from '../people.ts'
import { behindProxy } from './browser.ts'
import { fiveHundreds, type Subject } from './subject.ts'

/** Another page of the domain has planted a second cookie of the session's name, to have somebody act as somebody else. */
export const twoCookies: Subject = {
  name: 'two cookies',
  run: async ({ startPlace }) => {
    const place = await startPlace({ env: behindProxy })
    const people = await addPeople(place, [
      { name: 'Ada Lindqvist', role: 'owner' },
      { name: 'Mallory Finch', role: 'member' },
    ])
    const [ada, mallory] = people.map(({ cookie }) => cookie.slice(cookie.indexOf('=') + 1)) as [string, string]
    const ask = async (cookies: readonly string[], https = false) => {
      const response = await fetch(`${place.origin}/v1/me`, {
        headers: { cookie: cookies.join('; '), ...(https ? { 'x-forwarded-proto': 'https' } : {}) },
      })
      await response.arrayBuffer()
      return { status: response.status, cleared: response.headers.getSetCookie() }
    }
    const plain = (value: string) => `${sessionCookie}=${value}`
    const bound = (value: string) => `${hostCookie}=${value}`
    const alone = await ask([plain(ada)])

    const orders = [
      [plain(ada), plain(mallory)],
      [plain(mallory), plain(ada)],
      [plain(ada), plain(ada)],
      [plain(ada), 'theme=dark', plain('')],
      [plain('x'), plain(ada)],
    ]
    const refused = []
    for (const order of orders) refused.push(await ask(order))
    const overHttps = [await ask([bound(ada), bound(mallory)], true), await ask([bound('x'), bound(ada)], true)]
    const planted = await ask([plain(mallory)], true)
    const beside = await ask([plain(mallory), bound(ada)], true)
    const areCleared = (replies: readonly { cleared: string[] }[], name: string) =>
      replies.every(({ cleared }) => cleared.some((line) => line.startsWith(`${name}=;`)))
    return [
      { what: 'one cookie', figure: String(alone.status), limit: '200', holds: alone.status === 200 },
      {
        what: 'two of the session’s own name, over http and https',
        figure: [...refused, ...overHttps].map(({ status }) => status).join(),
        limit: '401 each',
        holds: [...refused, ...overHttps].every(({ status }) => status === 401),
      },
      {
        what: 'both of them',
        figure: areCleared(refused, sessionCookie) && areCleared(overHttps, hostCookie) ? 'taken away' : 'left',
        limit: 'taken away',
        holds: areCleared(refused, sessionCookie) && areCleared(overHttps, hostCookie),
      },
      {
        what: 'one planted over https under the name that any page can set',
        figure: `${planted.status}, beside the own one ${beside.status}`,
        limit: '401, 200',
        holds: planted.status === 401 && beside.status === 200,
      },
      await fiveHundreds(place),
    ]
  },
}
