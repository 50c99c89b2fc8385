import type { Random } from './random.ts'

/** A UUIDv7 (RFC 9562) of a moment in the past, in milliseconds: it sorts as the moments do. */
export function idAt(ms: number, random: Random): string {
  const time = hex(ms, 12)
  const variant = (0x8000 | random.below(0x4000)).toString(16)
  const rest = hex(random.below(0x1000000), 6) + hex(random.below(0x1000000), 6)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random.below(0x1000), 3)}-${variant}-${rest}`
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
