import type { ApiProcess } from '../cluster/api-process.ts'
import type { Attempt } from '../history.ts'

export interface Person {
  id: string
  name: string
  cookie: string
}

/** How long a client waits for an answer before it asks elsewhere (ms). */
export const patience = 3_000

export interface Answer {
  status: number | null
  // oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
  body: any
}

/** One request, over a real connection. Writes down when it went out and whether it was answered. */
export async function ask(
  node: ApiProcess,
  person: Person | null,
  method: string,
  path: string,
  content?: object,
  attempts?: Attempt[],
): Promise<Answer> {
  const attempt: Attempt = { node: node.number, from: performance.now(), to: null, status: null }
  attempts?.push(attempt)
  try {
    const response = await fetch(node.url + path, {
      method,
      headers: {
        ...(person ? { cookie: person.cookie } : {}),
        ...(content ? { 'content-type': 'application/json' } : {}),
      },
      ...(content ? { body: JSON.stringify(content) } : {}),
      signal: AbortSignal.timeout(patience),
    })
    const text = await response.text()
    const body: unknown = text ? JSON.parse(text) : null
    // Only a whole reply counts as one.
    attempt.to = performance.now()
    attempt.status = response.status
    return { status: response.status, body }
  } catch {
    return { status: null, body: null }
  }
}

/** Signs a cast up: the first owns the place, and opens it to the others. */
export async function signUpCast(node: ApiProcess, names: readonly string[]): Promise<Person[]> {
  const people: Person[] = []
  for (const name of names) {
    const response = await fetch(`${node.url}/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name,
        email: `${name.split(' ')[0]!.toLowerCase()}@tidewater.example`,
        password: 'correct horse 42',
      }),
    })
    if (response.status !== 201) throw new Error(`${name} cannot sign up: ${response.status} ${await response.text()}`)
    const [cookie] = response.headers.getSetCookie()
    const { id } = (await response.json()) as { id: string }
    people.push({ id, name, cookie: cookie!.split(';')[0]! })
    if (people.length > 1) continue
    const opened = await ask(node, people[0]!, 'PATCH', '/v1/place', { signUp: 'open' })
    if (opened.status !== 200) throw new Error(`The place cannot be opened: ${JSON.stringify(opened)}`)
  }
  return people
}
