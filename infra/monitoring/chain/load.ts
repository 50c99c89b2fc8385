import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { protocolVersion } from '../../../src/delivery/contract.ts'
import { setupCode } from '../../../src/platform/testing/setup-code.ts'
import type { Node } from './place.ts'

// People who send, read and sign in all the time, with the patience of a client: whoever gets no answer goes to the
// next process.

const password = 'a calm evening at sea'
const names = ['Ada Lindqvist', 'Grace Okafor', 'Linus Aalto', 'Margaret Hale', 'Barbara Liang', 'Edsger de Wit']
const email = (name: string) => `${name.split(' ')[0]!.toLowerCase()}@tidewater.example`

interface Answer {
  status: number
  cookie: string
  body: Record<string, string>
}

async function ask(node: Node, method: string, path: string, body?: object, cookie = ''): Promise<Answer> {
  const response = await fetch(node.url + path, {
    method,
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(40_000),
  })
  const text = await response.text()
  return {
    status: response.status,
    cookie: response.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; '),
    body: text ? (JSON.parse(text) as Answer['body']) : {},
  }
}

async function expect(status: number, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

export async function startLoad(nodes: readonly Node[]) {
  const [first] = nodes as [Node]
  const founder = { name: names[0], email: email(names[0]!), password, placeName: 'Tidewater', setupCode }
  const { cookie: hers } = await expect(201, ask(first, 'POST', '/v1/accounts', founder))
  const channel = { kind: 'channel', name: 'general', visibility: 'private', accountIds: [] }
  const { body: conversation } = await expect(201, ask(first, 'POST', '/v1/conversations', channel, hers))
  const { body: invitation } = await expect(
    201,
    ask(first, 'POST', '/v1/invitations', { conversationIds: [conversation.id] }, hers),
  )
  const cookies = [hers]
  for (const name of names.slice(1)) {
    const person = { name, email: email(name), password, invitation: invitation.token }
    cookies.push((await expect(201, ask(first, 'POST', '/v1/accounts', person))).cookie)
  }

  const going = new AbortController()
  const counts = { sent: 0, failed: 0, received: 0, signedIn: 0 }
  const whileGoing = async (pauseMs: number, run: (round: number) => Promise<void>) => {
    for (let round = 0; !going.signal.aborted; round += 1) {
      await run(round).catch(() => (counts.failed += 1))
      await sleep(pauseMs)
    }
  }
  const sender = (index: number) => {
    let at = index
    return whileGoing(500, async () => {
      const node = nodes[at % nodes.length]!
      const message = { clientId: randomUUID(), body: 'The tide is turning.' }
      at += 1
      await expect(
        201,
        ask(node, 'POST', `/v1/conversations/${conversation.id}/messages`, message, cookies[index % cookies.length]),
      )
      at -= 1
      counts.sent += 1
    })
  }
  const reader = (index: number) => {
    let at = index
    return whileGoing(100, async () => {
      const node = nodes[at % nodes.length]!
      at += 1
      const socket = new WebSocket(`${node.url.replace('http', 'ws')}/v1/stream`, {
        headers: { cookie: cookies[index % cookies.length]! },
      })
      const end = () => socket.terminate()
      going.signal.addEventListener('abort', end)
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: protocolVersion, positions: {} })))
      socket.on('message', () => (counts.received += 1))
      socket.on('error', () => {})
      await new Promise((resolve) => socket.once('close', resolve))
      going.signal.removeEventListener('abort', end)
    })
  }
  const signsIn = whileGoing(400, async (round) => {
    const node = nodes[round % nodes.length]!
    const who = { email: email(names[round % names.length]!), password }
    const { cookie } = await expect(201, ask(node, 'POST', '/v1/sessions', who))
    counts.signedIn += 1
    // An account has so many sessions at most: those of who sends would be the first to go.
    await expect(204, ask(node, 'DELETE', '/v1/sessions/current', undefined, cookie))
  })
  const everybody = [
    signsIn,
    ...Array.from({ length: 8 * nodes.length }, (_, index) => sender(index)),
    ...Array.from({ length: 2 * nodes.length }, (_, index) => reader(index)),
  ]
  return {
    counts,
    async end() {
      going.abort()
      await Promise.all(everybody)
    },
  }
}
