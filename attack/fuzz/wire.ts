import { connect, type Socket } from 'node:net'
import type { Attempt } from './requests.ts'

/** What came back for a request. */
export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: string
  readonly body: string
  readonly ms: number
}

/** No answer: the connection broke, or nothing came in time. */
export interface Silence {
  readonly kind: 'silence'
  readonly why: 'hung up' | 'silent'
  readonly ms: number
}

const patience = 15_000
/** What the server itself answers before the application hears of a request, and hangs up. */
const streamed = /event: (?:live|closing)\n/

/**
 * A connection that is kept as long as the server keeps it, with one request at a time, written as bytes: an HTTP client
 * would refuse to send most of what is to be tried, and would cost more than the server does.
 */
export class Wire {
  readonly #port: number
  #socket: Socket | undefined
  #said: Buffer = Buffer.alloc(0)
  #finish: ((answer: Answer | Silence) => void) | undefined
  #began = 0
  #isHead = false
  #isUpgrade = false

  constructor(port: number) {
    this.#port = port
  }

  send(attempt: Attempt): Promise<Answer | Silence> {
    const { method, target, headers, body } = attempt
    const lengths = body || !['GET', 'HEAD', 'DELETE'].includes(method) ? [`content-length: ${body?.length ?? 0}`] : []
    const head = [
      `${method} ${target} HTTP/1.1`,
      ...(hasHost(headers) ? [] : ['host: 127.0.0.1']),
      ...headers,
      ...lengths,
    ]
    const bytes = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
    this.#began = performance.now()
    this.#isHead = method === 'HEAD'
    // Whatever becomes of it, it is the connection's last.
    this.#isUpgrade = headers.some((line) => /^(upgrade|connection):/i.test(line))
    this.#said = Buffer.alloc(0)
    const socket = (this.#socket ??= this.#open())
    return new Promise((resolve) => {
      const silent = setTimeout(() => this.#end({ kind: 'silence', why: 'silent', ms: patience }, true), patience)
      this.#finish = (answer) => {
        clearTimeout(silent)
        resolve(answer)
      }
      socket.write(bytes)
    })
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  #open(): Socket {
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      if (socket === this.#socket) this.#hear(data as Buffer)
    })
    socket.on('close', () => {
      if (socket !== this.#socket) return
      this.#socket = undefined
      const answer = this.#parse(true)
      this.#end(answer?.answer ?? { kind: 'silence', why: 'hung up', ms: performance.now() - this.#began }, false)
    })
    return socket
  }

  #hear(data: Buffer): void {
    this.#said = this.#said.length ? Buffer.concat([this.#said, data]) : data
    const found = this.#parse(false)
    if (found) this.#end(found.answer, found.closes)
  }

  #parse(ended: boolean): { answer: Answer; closes: boolean } | undefined {
    let said = this.#said
    let end = said.indexOf('\r\n\r\n')
    // What only says that more is to come.
    while (end >= 0 && /^HTTP\/1\.1 10[02]/.test(said.toString('latin1', 0, 12))) {
      said = this.#said = said.subarray(end + 4)
      end = said.indexOf('\r\n\r\n')
    }
    if (end < 0) return undefined
    const headers = said.toString('latin1', 0, end)
    const status = Number(headers.slice(9, 12))
    const rest = said.subarray(end + 4)
    const answer = (body: string): Answer => ({
      kind: 'answer',
      status,
      headers,
      body,
      ms: performance.now() - this.#began,
    })
    const closes = this.#isUpgrade || /\r\nconnection: close/i.test(headers)
    if (status === 101) return { answer: answer(''), closes: true }
    if (this.#isHead || status === 204 || status === 304) return { answer: answer(''), closes }
    if (/\r\ncontent-type: text\/event-stream/i.test(headers))
      return ended || streamed.test(rest.toString()) ? { answer: answer(rest.toString()), closes: true } : undefined
    const length = /\r\ncontent-length: (\d+)/i.exec(headers)?.[1]
    if (length !== undefined)
      return rest.length >= Number(length) ? { answer: answer(rest.toString()), closes } : undefined
    if (/\r\ntransfer-encoding: chunked/i.test(headers))
      return rest.subarray(-5).toString() === '0\r\n\r\n' ? { answer: answer(rest.toString()), closes } : undefined
    return ended || closes ? { answer: answer(rest.toString()), closes: true } : undefined
  }

  #end(answer: Answer | Silence, closes: boolean): void {
    if (closes) this.close()
    const finish = this.#finish
    this.#finish = undefined
    finish?.(answer)
  }
}

const hasHost = (headers: readonly string[]): boolean => headers.some((line) => /^host:/i.test(line))
