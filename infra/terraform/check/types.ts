// Types of variables, and what is known of a value's type without running anything.
import type { Value } from './configuration.ts'

export type Type =
  | { kind: 'string' | 'number' | 'bool' | 'any' }
  | { kind: 'list' | 'set' | 'map'; of: Type }
  | { kind: 'object'; attributes: Map<string, { type: Type; optional: boolean }> }

export const any: Type = { kind: 'any' }

/** Reads a variable's type, like `${list(object({ a = optional(string) }))}`; undefined when it is none. */
export function readType(text: string): Type | undefined {
  const tokens = text.replace(/^\$\{|\}$/g, '').match(/[a-zA-Z_][\w-]*|"[^"]*"|[(){},=]|[^\s]/g) ?? []
  const reader = { tokens, at: 0 }
  const type = parse(reader)
  return reader.at === tokens.length ? type : undefined
}

interface Reader {
  tokens: string[]
  at: number
}

function parse(reader: Reader): Type | undefined {
  const word = reader.tokens[reader.at++]
  if (word === 'string' || word === 'number' || word === 'bool' || word === 'any') return { kind: word }
  if (word === 'list' || word === 'set' || word === 'map') {
    if (!take(reader, '(')) return undefined
    const of = parse(reader)
    return of && take(reader, ')') ? { kind: word, of } : undefined
  }
  return word === 'object' ? parseObject(reader) : undefined
}

function parseObject(reader: Reader): Type | undefined {
  const attributes = new Map<string, { type: Type; optional: boolean }>()
  if (!take(reader, '(') || !take(reader, '{')) return undefined
  while (!take(reader, '}')) {
    const name = reader.tokens[reader.at++]
    if (name === undefined || !take(reader, '=')) return undefined
    const optional = reader.tokens[reader.at] === 'optional'
    if (optional) reader.at += 2
    const type = parse(reader)
    if (!type) return undefined
    if (optional) skipDefault(reader)
    attributes.set(name, { type, optional })
    take(reader, ',')
  }
  return take(reader, ')') ? { kind: 'object', attributes } : undefined
}

function skipDefault(reader: Reader): void {
  let depth = 1
  while (reader.at < reader.tokens.length) {
    const token = reader.tokens[reader.at++]!
    if ('([{'.includes(token)) depth++
    if (')]}'.includes(token) && --depth === 0) return
  }
}

function take(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.at] !== token) return false
  reader.at++
  return true
}

/** Whether a value that is written out can be of this type; true for expressions, which are not evaluated. */
export function fits(type: Type, value: Value): boolean {
  if (value === null || type.kind === 'any') return true
  if (typeof value === 'string' && value.includes('${')) {
    // A string with text around its expressions is a string for certain.
    return /^\$\{[^]*\}$/.test(value) || isScalar(type)
  }
  if (typeof value !== 'object') return isScalar(type) && scalarFits(type.kind, value)
  if (Array.isArray(value)) {
    return (type.kind === 'list' || type.kind === 'set') && value.every((each) => fits(type.of, each))
  }
  if (type.kind === 'map') return Object.values(value).every((each) => fits(type.of, each))
  if (type.kind !== 'object') return false
  const { attributes } = type
  const known = Object.entries(value).every(([name, each]) => {
    const attribute = attributes.get(name)
    return attribute !== undefined && fits(attribute.type, each)
  })
  return known && [...attributes].every(([name, { optional }]) => optional || name in value)
}

const isScalar = ({ kind }: Type): boolean => kind === 'string' || kind === 'number' || kind === 'bool'

function scalarFits(kind: Type['kind'], value: string | number | boolean): boolean {
  if (kind === 'number') return typeof value === 'number' || (typeof value === 'string' && /^-?\d/.test(value))
  if (kind === 'bool') return typeof value === 'boolean' || value === 'true' || value === 'false'
  return true
}

const elementOf = (type: Type): Type | undefined => ('of' in type ? type.of : undefined)

/** Whether a value of one type can be given where another is wanted, as Terraform converts. */
export function converts(from: Type, to: Type): boolean {
  if (from.kind === 'any' || to.kind === 'any') return true
  if (isScalar(from) || isScalar(to)) {
    return isScalar(from) && isScalar(to) && (from.kind === to.kind || to.kind === 'string' || from.kind === 'string')
  }
  if (from.kind === 'object' && to.kind === 'object') {
    return [...to.attributes].every(([name, { type, optional }]) => {
      const given = from.attributes.get(name)
      return given ? converts(given.type, type) : optional
    })
  }
  if (from.kind === 'object') return to.kind === 'map'
  if (to.kind === 'object') return from.kind === 'map'
  const [one, other] = [elementOf(from), elementOf(to)]
  return (from.kind === 'map') === (to.kind === 'map') && (!one || !other || converts(one, other))
}
