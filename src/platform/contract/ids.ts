// What an id and a position are, for requests, frames, headers and cursors alike.

/** The usual check of JSON Schema also takes `urn:uuid:…`, which Postgres does not. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const isUuid = (text: string): boolean => uuid.test(text)

/** For the names of fields, in schemas. */
export const uuidPattern = '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'

/** Ids may come in capitals; everything behind the contract's check compares them as text. */
export const lowerId = (id: string): string => id.toLowerCase()

/** The last number that JavaScript, JSON and Postgres' `bigint` all hold exactly. */
export const lastPosition = Number.MAX_SAFE_INTEGER

/** The number of an event or a message; 0 stands before the first. */
export const isPosition = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** A position as a client writes it where no JSON is, or undefined. */
export function positionIn(text: string): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : undefined
  return isPosition(number) ? number : undefined
}
