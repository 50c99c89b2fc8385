import { connect, type Socket } from 'node:net'

/** Longer frames are counted and let go: only a welcome is so long. */
const longest = 32 * 1024

/**
 * A WebSocket client that does just what the measurements need, for they share the machine with the server: it reads
 * frames in place, answers pings, and hands on texts of up to 32 kB.
 */
export class Wire {
  readonly #socket: Socket
  readonly #onText: (text: Buffer) => void
  #opened: (() => void) | null
  #rest: Buffer | null = null
  #skip = 0

  /** One buffer for all that arrives, whoever it is for: each piece is read before the next comes. */
  static readonly #shared = Buffer.allocUnsafe(256 * 1024)

  constructor(
    { port, cookie, path }: { port: number; cookie: string; path: string },
    on: { open: () => void; text: (text: Buffer) => void; end: (why: string) => void },
  ) {
    this.#onText = on.text
    this.#opened = on.open
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: Wire.#shared,
        callback: (length, buffer) => {
          this.#take((buffer as Buffer).subarray(0, length))
          return true
        },
      },
    })
    this.#socket.setNoDelay(true)
    let failure = 'closed'
    this.#socket.on('error', (error) => (failure = error.message))
    this.#socket.on('close', () => on.end(failure))
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncookie: ${cookie}\r\n\r\n`,
    )
  }

  send(text: string): void {
    this.#write(1, Buffer.from(text))
  }

  close(): void {
    this.#socket.destroy()
  }

  // Masked, as a client must, with a mask of zeros, which changes nothing.
  #write(opcode: number, payload: Buffer): void {
    const head = payload.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8)
    head[0] = 0x80 | opcode
    head[1] = 0x80 | Math.min(payload.length, 126)
    if (payload.length >= 126) head.writeUInt16BE(payload.length, 2)
    this.#socket.write(Buffer.concat([head, payload]))
  }

  #take(data: Buffer): void {
    if (this.#rest) data = Buffer.concat([this.#rest, data])
    this.#rest = null
    let at = 0
    if (this.#opened) {
      const end = data.indexOf('\r\n\r\n')
      if (end < 0) return void (this.#rest = Buffer.from(data))
      if (!data.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101')))
        return void this.#socket.destroy(new Error(data.toString('latin1')))
      at = end + 4
      this.#opened()
      this.#opened = null
    }
    while (at < data.length) {
      if (this.#skip) {
        const skipped = Math.min(this.#skip, data.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      const short = data[at + 1]! & 0x7f
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
      if (start > data.length) break
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2))
      if (length > longest) {
        this.#skip = length
        at = start
        continue
      }
      if (start + length > data.length) break
      const opcode = data[at]! & 0x0f
      const payload = data.subarray(start, start + length)
      at = start + length
      if (opcode === 1) this.#onText(payload)
      else if (opcode === 9) this.#write(10, Buffer.from(payload))
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at))
  }
}
