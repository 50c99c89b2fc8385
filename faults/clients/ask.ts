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
  headers?: Headers
}

/** One request, over a real connection. Writes down when it went out and whether it was answered. */
export async function ask(
  node: ApiProcess,
  person: { cookie: string } | null,
  method: string,
  path: string,
  content?: object,
  attempts?: Attempt[],
  within = patience,
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
      signal: AbortSignal.timeout(within),
    })
    const text = await response.text()
    const body: unknown = text ? JSON.parse(text) : null
    // Only a whole reply counts as one.
    attempt.to = performance.now()
    attempt.status = response.status
    return { status: response.status, body, headers: response.headers }
  } catch {
    return { status: null, body: null }
  }
}
