import { randomUUIDv7 } from 'node:crypto'

let lastMs = 0
let counter = 0

/**
 * A UUIDv7 that is greater than all that this process made before, so that rows which are sorted by their ids stand as
 * they were made. Node's own is random within a millisecond; here the 12 bits after the version count (RFC 9562, 6.2,
 * method 1), from a random start, and a full counter or a clock that went back borrows from the next millisecond.
 */
export function newId(): string {
  const id = randomUUIDv7()
  const ms = parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  if (ms > lastMs) {
    lastMs = ms
    counter = parseInt(id.slice(15, 18), 16) >> 1
  } else if (counter < 0xfff) counter += 1
  else {
    lastMs += 1
    counter = 0
  }
  const time = lastMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${id.slice(18)}`
}
