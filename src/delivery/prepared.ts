import type { Writable } from 'node:stream'
import type { WebSocket } from 'ws'

/**
 * A text frame as it stands on the wire (RFC 6455, section 5.2; from a server it is not masked), so that the same bytes
 * serve every socket. Through `socket.send` each would get a header of its own, and each write would be of two pieces.
 */
export const textFrame = (text: string): Buffer => frameStart(text, 0)

/** A text frame without its last `missing` bytes. */
function frameStart(text: string, missing: number): Buffer {
  const own = Buffer.byteLength(text)
  const length = own + missing
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + own)
  frame[0] = 0x81
  if (start === 2) frame[1] = length
  else if (start === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, start)
  return frame
}

/**
 * Writes a prepared frame behind what was sent. Without compression `ws` hands every frame to the connection whole and
 * at once, so that ours cannot fall in between; what has been closed takes nothing more, as with `send`.
 */
export function sendPrepared(socket: WebSocket, wire: Writable, frame: Buffer): void {
  if (socket.readyState === socket.OPEN) wire.write(frame)
}

/** The same for a frame whose end others have, too: its bytes are not copied. */
export function sendEnding(socket: WebSocket, wire: Writable, start: string, end: Buffer): void {
  if (socket.readyState !== socket.OPEN) return
  wire.cork()
  wire.write(frameStart(start, end.length))
  wire.write(end)
  wire.uncork()
}
