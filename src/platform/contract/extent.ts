import type { TSchema } from 'typebox'
import { type Endpoint, isMedia } from './endpoint.ts'

/** How large a JSON value of a shape can be while it is legal. */
export interface Extent {
  /** Bytes of its longest JSON text, however a program escapes and indents it. */
  readonly bytes: number
  /** Values in it: itself, and every value inside. */
  readonly values: number
  /** Levels of nesting: 0 for a text or a number, 1 for an object of those. */
  readonly levels: number
}

/** What a body may weigh where the operation takes none: enough for the `{}` of a program that always sends one. */
const bodyOfNothing = 1024

/** Of every character, whatever it is: an emoji as two escapes, `\ud83d\udc33`. */
const bytesOfCharacter = 12
/** Of an e-mail address too, whose limit is in bytes of UTF-8: no character of it has more bytes escaped than six for each. */
const bytesOfAscii = 6
/** A line end, indentation, a comma, a colon. */
const around = 24

type Shape = Record<string, unknown>

/**
 * The extent of a shape, or undefined where the shape has none: a text without `maxLength`, an array without `maxItems`.
 * Such a contract states its `bodyLimit` itself.
 */
export function extentOf(schema: TSchema): Extent | undefined {
  const shape = schema as Shape
  const choices = shape['anyOf'] as TSchema[] | undefined
  if (choices) {
    const extents = choices.map(extentOf)
    return extents.every((extent) => extent !== undefined) ? largest(extents) : undefined
  }
  if ('const' in shape) return scalar(JSON.stringify(shape['const']).length * bytesOfAscii)
  if (Array.isArray(shape['enum']))
    return scalar(Math.max(...shape['enum'].map((value) => JSON.stringify(value).length)) * bytesOfAscii)
  switch (shape['type']) {
    case 'string':
      return ofText(shape)
    case 'integer':
    case 'number':
      return scalar(40)
    case 'boolean':
    case 'null':
      return scalar(5)
    case 'array':
      return ofArray(shape)
    case 'object':
      return ofObject(shape)
    default:
      return undefined
  }
}

const scalar = (bytes: number): Extent => ({ bytes: bytes + around, values: 1, levels: 0 })

function ofText({ format, maxLength }: Shape): Extent | undefined {
  if (format === 'uuid') return scalar(36 * bytesOfAscii)
  if (typeof maxLength !== 'number') return undefined
  return scalar(maxLength * (format === 'idn-email' ? bytesOfAscii : bytesOfCharacter))
}

function ofArray({ items, maxItems }: Shape): Extent | undefined {
  const item = extentOf(items as TSchema)
  if (!item || typeof maxItems !== 'number') return undefined
  return { bytes: around + maxItems * item.bytes, values: 1 + maxItems * item.values, levels: 1 + item.levels }
}

function ofObject({ properties = {}, patternProperties, additionalProperties }: Shape): Extent | undefined {
  if (patternProperties || additionalProperties !== false) return undefined
  let bytes = around
  let values = 1
  let levels = 0
  for (const [name, schema] of Object.entries(properties as Record<string, TSchema>)) {
    const inner = extentOf(schema)
    if (!inner) return undefined
    bytes += name.length * bytesOfAscii + around + inner.bytes
    values += inner.values
    levels = Math.max(levels, inner.levels)
  }
  return { bytes, values, levels: 1 + levels }
}

const largest = (extents: readonly Extent[]): Extent => ({
  bytes: Math.max(...extents.map(({ bytes }) => bytes)),
  values: Math.max(...extents.map(({ values }) => values)),
  levels: Math.max(...extents.map(({ levels }) => levels)),
})

/** How many bytes the operation reads of a body; a larger one is refused before it is read. */
export function bodyLimitOf({ operationId, body, bodyLimit }: Endpoint): number {
  if (bodyLimit !== undefined) return bodyLimit
  if (!body) return bodyOfNothing
  const extent = isMedia(body) ? undefined : extentOf(body)
  if (!extent) throw new Error(`${operationId} takes a body without an end: give its contract a bodyLimit.`)
  return Math.ceil(extent.bytes / 1024) * 1024
}
