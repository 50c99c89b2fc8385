import { mostSessions } from '#accounts/identities.ts'
import { addPeople, addSession } from '../people.ts'
import { behindProxy, Browser, setPassword } from './browser.ts'
import { fiveHundreds, type Subject } from './subject.ts'

const password = 'a calm evening at sea'

/** Somebody signs in again and again, keeps what has run out, and goes on with a token from before a new password. */
export const sessionLimits: Subject = {
  name: 'session limits',
  run: async ({ startPlace, short }) => {
    const place = await startPlace({ env: behindProxy })
    const [ada, grace] = await addPeople(place, [
      { name: 'Ada Lindqvist', role: 'owner' },
      { name: 'Grace Okafor', role: 'member' },
    ])
    await setPassword(place, [ada!, grace!], password)
    // One network each: limits of guessing are another subject's.
    const browsers = Array.from(
      { length: mostSessions + (short ? 3 : 20) },
      (_, n) => new Browser(place, `203.0.113.${n}`),
    )
    const begun = []
    // Half of the sign-ins at the same instant: there a 21st session could slip through.
    const [atOnce, after] = [browsers.slice(0, browsers.length / 2), browsers.slice(browsers.length / 2)]
    begun.push(...(await Promise.all(atOnce.map((browser) => browser.signIn(ada!, password)))))
    for (const browser of after) begun.push(await browser.signIn(ada!, password))
    const asked = await Promise.all(browsers.map((browser) => browser.ask('GET', '/v1/me')))
    const alive = asked.filter((status) => status === 200).length

    const runOut = await addSession(place, grace!.id, '30 days')
    const ageOf = (sessionId: string, change: string) =>
      place.sql.query(`update sessions set ${change} where id = $1`, [sessionId])
    const isIn = async (cookie: string) =>
      (await fetch(`${place.origin}/v1/me`, { headers: { cookie } })).status === 200
    const before = await isIn(runOut.cookie)
    await ageOf(runOut.sessionId, `created_at = now() - interval '181 days', expires_at = now() + interval '1 year'`)
    // The process may remember a session for five seconds.
    await new Promise((resolve) => setTimeout(resolve, 5_500))
    const afterwards = await isIn(runOut.cookie)

    const laptop = new Browser(place, '203.0.113.250')
    await laptop.signIn(grace!, password)
    const thief = new Browser(place, '198.51.100.9')
    for (const [name, value] of laptop.cookies) thief.cookies.set(name, value)
    const stolenBefore = await thief.ask('GET', '/v1/me')
    await laptop.ask('PUT', '/v1/me/password', { current: password, next: 'a rough morning at sea' })
    const [own, stolen] = [await laptop.ask('GET', '/v1/me'), await thief.ask('GET', '/v1/me')]
    return [
      {
        what: `sessions of one account after ${begun.filter((status) => status === 201).length} sign-ins`,
        figure: String(alive),
        limit: String(mostSessions),
        holds: begun.every((status) => status === 201) && alive === mostSessions,
      },
      {
        what: 'a session of 181 days, made to last for another year by hand',
        figure: afterwards ? 'is let in' : 'has ended',
        limit: 'has ended',
        holds: before && !afterwards,
      },
      {
        what: 'after a new password: the own browser, and a copy of its cookie from before',
        figure: `${own} and ${stolen}`,
        limit: '200 and 401',
        holds: stolenBefore === 200 && own === 200 && stolen === 401,
      },
      await fiveHundreds(place),
    ]
  },
}
