import { after } from 'node:test'
import pino from 'pino'
import { WebSocket } from 'ws'
import { type Person, quickHashing, signedUp } from '#accounts/testing.ts'
import type { ClientFrame, Event, PresenceState, ServerFrame } from '#delivery/contract.ts'
import { protocolVersion } from '#delivery/contract.ts'
import type { Message } from '#messages/shapes.ts'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { type Config, readConfig } from '#platform/config.ts'
import { openDatabase } from '#platform/db/database.ts'
import { testDatabase } from '#platform/testing/database.ts'
import { type App, startApp } from '#app.ts'

// A whole place on real parts: the app as it is composed, its database, real sockets, and the cast.

export type Place = Awaited<ReturnType<typeof testPlace>>

/**
 * Starts the app with the cast signed up; stops it after the tests of the file. Without a bus its processes hear of
 * each other from the sweep alone; a test of the bus makes that rare.
 */
export async function testPlace(
  change: Partial<Config['limits']> = {},
  { bus = { kind: 'in-process' }, sweepEveryMs }: { bus?: Config['bus']; sweepEveryMs?: number } = {},
) {
  const { url: ownerUrl, apiUrl: databaseUrl } = await testDatabase()
  const config: Config = {
    ...readConfig({ SERVE_UI: 'off', METRICS_PORT: 'off', PORT: '0', UI_ORIGIN: 'http://ui.tidewater.example' }),
    bus,
    limits: { ...wideLimits, ...change },
  }
  const options = {
    config,
    databaseUrl,
    logger: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
    version: 'test',
    accounts: { hashing: quickHashing },
    ...(sweepEveryMs === undefined ? {} : { sweepEveryMs }),
  }
  const app = await startApp(options)
  // Tests look and plant where the API may not.
  const db = openDatabase(ownerUrl)
  const cast = await signedUp(db)
  const apps: App[] = [app]
  after(async () => {
    for (const each of apps) await each.stop()
    await db.close()
  })
  return {
    app,
    db,
    cast,
    /** Another process of the same place, as far as it can be one inside this one: nothing is shared but Postgres. */
    async another(): Promise<App> {
      const other = await startApp(options)
      apps.push(other)
      return other
    },
  }
}

export interface Answer<T = Record<string, unknown>> {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  body: T
}

/** One injected request as this person (or as nobody). A string body is sent as it is. */
// oxlint-disable-next-line typescript/no-explicit-any -- replies of every shape
export async function ask<T = any>(
  { app }: { app: App },
  who: Person | null,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await app.http.inject({
    method,
    url,
    headers: {
      ...(who ? { cookie: who.cookie } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  })
  const isJson = /json/.test(String(response.headers['content-type']))
  return {
    status: response.statusCode,
    headers: response.headers,
    body: (isJson ? response.json() : response.body) as T,
  }
}

let sent = 0

/** Sends a message and expects it to be kept. */
export async function say(
  place: { app: App },
  who: Person,
  conversationId: string,
  body: string,
  more: { clientId?: string; threadRoot?: string } = {},
): Promise<Message> {
  const answer = await ask<Message>(place, who, 'POST', `/v1/conversations/${conversationId}/messages`, {
    clientId: `test-${sent++}`,
    body,
    ...more,
  })
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Creates a channel with these members besides its creator. */
export async function channel(
  place: { app: App },
  who: Person,
  name: string,
  others: readonly Person[] = [],
  visibility: 'public' | 'private' = 'private',
): Promise<string> {
  const answer = await ask<{ id: string }>(place, who, 'POST', '/v1/conversations', {
    kind: 'channel',
    name,
    visibility,
    accountIds: others.map((person) => person.account.id),
  })
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body.id
}

/** A real WebSocket on the stream, which remembers all that it was told. */
export class Listener {
  readonly frames: ServerFrame[] = []
  readonly events: Event[] = []
  readonly socket: WebSocket
  closed: { code: number } | null = null
  readonly #waiting = new Set<() => void>()

  constructor(app: App, who: Person | null, headers: Record<string, string> = {}, protocols: string[] = []) {
    this.socket = new WebSocket(`${app.url.replace('http', 'ws')}/v1/stream`, protocols, {
      headers: { ...(who ? { cookie: who.cookie } : {}), ...headers },
    })
    this.socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as ServerFrame
      this.frames.push(frame)
      if (frame.type === 'events') this.events.push(...frame.events)
      for (const wake of this.#waiting) wake()
    })
    this.socket.on('close', (code) => {
      this.closed = { code }
      for (const wake of this.#waiting) wake()
    })
    this.socket.on('error', () => {})
  }

  /** Connects and says hello; resolves when all that was missing has come. */
  static async open(
    app: App,
    who: Person,
    positions: Record<string, number> = {},
    more: { mostBehind?: number } = {},
  ): Promise<Listener> {
    const listener = new Listener(app, who)
    await new Promise((resolve, reject) => listener.socket.once('open', resolve).once('error', reject))
    listener.say({ type: 'hello', protocol: protocolVersion, positions, presence: 'active', ...more })
    await listener.until(() => listener.frames.some((frame) => frame.type === 'live'), 'live')
    return listener
  }

  say(frame: ClientFrame | object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  of(conversationId: string): Event[] {
    return this.events.filter((event) => event.conversationId === conversationId)
  }

  seqs(conversationId: string): number[] {
    return this.of(conversationId).map((event) => event.seq)
  }

  async until(holds: () => boolean, what: string, withinMs = 5_000): Promise<void> {
    const deadline = performance.now() + withinMs
    while (!holds()) {
      const left = deadline - performance.now()
      if (left <= 0)
        throw new Error(
          `Waited ${withinMs} ms in vain for: ${what}. Last frames: ${JSON.stringify(this.frames.slice(-3))}`,
        )
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          this.#waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, left)
        this.#waiting.add(wake)
      })
    }
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.socket.close()
    await this.until(() => this.closed !== null, 'the close')
  }
}

/** Whether the frame tells of a change of this account’s presence: to this state, or to any. */
export const tellsOf = (frame: ServerFrame, accountId: string, state?: PresenceState): boolean =>
  frame.type === 'presence' &&
  frame.changes.some((change) => change.accountId === accountId && (!state || change.state === state))
