import { setTimeout as sleep } from 'node:timers/promises'
import { setupCode } from '#platform/testing/setup-code.ts'
import { sealToken, sessionCookie } from '#accounts/session-cookie.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { type Answer, ask, type Person } from './ask.ts'

const password = 'correct horse 42'

/** The first account of a place owns it, and opens it to the others. */
export async function openPlace(cluster: Cluster): Promise<void> {
  const [owner] = await signUpCast(cluster, ['Edsger de Wit'])
  const opened = await ask(cluster.nodes[0]!, owner!, 'PATCH', '/v1/place', { signUp: 'open' })
  if (opened.status !== 200) throw new Error(`The place cannot be opened: ${JSON.stringify(opened)}`)
}

/** A password is hashed at length on purpose, and the machine may be busy (ms). */
const toSignUp = 15_000

/** Signs people up, new ones in each round: what they are in is then of that round alone. */
export function signUpCast(cluster: Cluster, names: readonly string[]): Promise<Person[]> {
  return Promise.all(
    names.map(async (name, index) => {
      const node = cluster.nodes[index % cluster.nodes.length]!
      const { body, headers } = await patiently(async () => {
        // A place takes sixty new people an hour from one address; here all of them come from it.
        await cluster.query('delete from rate_limits')
        // Another address each time: a try that was never answered may have taken the one before.
        const email = `${name.split(' ')[0]!.toLowerCase()}.${crypto.randomUUID()}@tidewater.example`
        return ask(node, null, 'POST', '/v1/accounts', { name, email, password, setupCode }, undefined, toSignUp)
      })
      return { id: body.id as string, name, cookie: headers!.getSetCookie()[0]!.split(';')[0]! }
    }),
  )
}

export interface SignIn {
  cookie: string
  sessionId: string
}

/** Makes a session for a device of its own; null: not now. */
export type SignsIn = (person: Person) => Promise<SignIn | null>

/**
 * Not by the password, which costs 60 ms of a processor each time on purpose: ten devices that sign in while the
 * machine is busy would be all that it does.
 */
export async function signsIn(cluster: Cluster): Promise<SignsIn> {
  const [place] = await cluster.query('select secret from place')
  return async ({ id }) => {
    const [token, sessionId] = [crypto.randomUUID(), crypto.randomUUID()]
    const sealed = sealToken(place!.secret as string, token)
    const insert = `insert into sessions (id, account_id, token_hash, expires_at)
      values ('${sessionId}', '${id}', sha256('${token}'), now() + interval '1 day')`
    return cluster.query(insert).then(
      () => ({ cookie: `${sessionCookie}=${encodeURIComponent(sealed)}`, sessionId }),
      () => null,
    )
  }
}

/** For what a round needs before it begins: asks until it is done. */
export async function patiently(asks: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await asks()
    if (answer.status !== null && answer.status < 300) return answer
    if (tries === 20) throw new Error(`A round cannot begin: ${answer.status} ${JSON.stringify(answer.body)}`)
    await sleep(200)
  }
}
