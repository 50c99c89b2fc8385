import { connect, type Socket } from 'node:net'

export interface Reply {
  status: number
  head: string
  body: string
}

/** One kept connection, one request at a time: a general HTTP client would cost more than what is measured. */
export class Connection {
  readonly #socket: Socket
  #said = ''
  #answer: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | null = null

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1')
    this.#socket.on('error', (error) => this.#answer?.reject(error))
    this.#socket.on('close', () => this.#answer?.reject(new Error('The server hung up.')))
    this.#socket.on('data', (data) => {
      this.#said += String(data)
      const end = this.#said.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = this.#said.slice(0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (this.#said.length < end + 4 + length) return
      const body = this.#said.slice(end + 4, end + 4 + length)
      this.#said = this.#said.slice(end + 4 + length)
      const answer = this.#answer
      this.#answer = null
      answer?.resolve({ status: Number(head.slice(9, 12)), head, body })
    })
  }

  ask(method: string, url: string, content?: object | string, cookie = ''): Promise<Reply> {
    const json = content === undefined ? '' : typeof content === 'string' ? content : JSON.stringify(content)
    const about = json && `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n`
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      this.#socket.write(`${method} ${url} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${cookie}\r\n${about}\r\n${json}`)
    })
  }

  close(): void {
    this.#socket.destroy()
  }
}
