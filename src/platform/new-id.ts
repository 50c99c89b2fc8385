import { randomUUIDv7 } from 'node:crypto'

let lastMs = 0
let counter = 0
/** What the ids of `lastMs` begin with, up to the version. */
let stem = ''

/**
 * A UUIDv7 that is greater than all that this process made before, so that rows which are sorted by their ids stand as
 * they were made. Node's own is random within a millisecond; here the 12 bits after the version count (RFC 9562, 6.2,
 * method 1), from a random start, and a full counter or a clock that went back borrows from the next millisecond.
 */
export function newId(): string {
  const id = randomUUIDv7()
  const ms = Date.now()
  if (ms > lastMs) begin(ms, parseInt(id.slice(15, 18), 16) >> 1)
  else if (counter < 0xfff) counter += 1
  else begin(lastMs + 1, 0)
  // Joined, so that it is flat: see `isoTime` in db/time.ts.
  return [stem, counter.toString(16).padStart(3, '0'), id.slice(18)].join('')
}

function begin(ms: number, start: number): void {
  lastMs = ms
  counter = start
  const time = ms.toString(16).padStart(12, '0')
  stem = `${time.slice(0, 8)}-${time.slice(8)}-7`
}
