import type { Random } from '#seed/random.ts'
import { hostileCursor, hostileNumbers, hostileText, hostileThings, spelledIds } from './values.ts'

// What a contract takes, and then something that it does not.

/** As much of JSON Schema as the contracts use. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
}

/** What the attacker has found out so far: ids, tokens and cursors, by the names that fields have. */
export class Known {
  readonly #byName = new Map<string, string[]>()

  learn(name: string, value: string): void {
    let values = this.#byName.get(name)
    if (!values) this.#byName.set(name, (values = []))
    if (values.length >= 60) values.splice(Math.floor(values.length / 2), 1)
    values.push(value)
  }

  /** Of the stage before: hardly anybody of this one may see them. */
  forget(): void {
    const cursors = this.#byName.get('next') ?? []
    const [old] = this.#byName.get('conversationId') ?? []
    this.#byName.clear()
    this.#byName.set('next', cursors)
    if (old) this.learn('conversationId', old)
  }

  /** A value that a field of this name may have, mostly one that exists. */
  id(name: string, random: Random): string {
    const values = this.#byName.get(kindOf(name))
    if (!values || random.chance(0.1)) return random.pick([...this.#byName.values()].flat().filter(isId))
    return random.pick(values)
  }

  cursor(random: Random): string | undefined {
    const values = this.#byName.get('next')
    return values && random.pick(values)
  }

  token(random: Random): string {
    return random.pick(this.#byName.get('token') ?? ['nothing'])
  }
}

const isId = (text: string) => text.length === 36
const kindOf = (name: string): string =>
  ({
    threadRoot: 'messageId',
    around: 'messageId',
    accountIds: 'accountId',
    ids: 'accountId',
    conversationIds: 'conversationId',
  })[name] ?? name

/** A value that the schema takes; `name` is what the field is called. */
export function valid(schema: Schema, name: string, random: Random, known: Known): unknown {
  if ('const' in schema) return schema.const
  if (schema.enum) return random.pick(schema.enum)
  if (schema.anyOf) return valid(random.pick(schema.anyOf), name, random, known)
  switch (schema.type) {
    case 'object':
      return validObject(schema, random, known)
    case 'array': {
      const most = Math.min(schema.maxItems ?? 5, 5)
      const length = random.between(Math.min(schema.minItems ?? 0, most), most)
      return [...new Set(Array.from({ length }, () => valid(schema.items!, name, random, known)))]
    }
    case 'integer':
    case 'number': {
      const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema
      return random.chance(0.7) ? Math.min(maximum, minimum + random.below(20)) : random.pick([minimum, maximum])
    }
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    case 'string':
      return validText(schema, name, random, known)
    case undefined:
    default:
      throw new Error(
        `attack/fuzz/generate.ts makes no value for ${JSON.stringify(schema)} of ${name}: say here what is valid.`,
      )
  }
}

const isPlace = (name: string): boolean => ['after', 'before', 'around'].includes(name)

function validObject(schema: Schema, random: Random, known: Known): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    // What narrows and pages is what a server computes with.
    if (schema.required?.includes(name) || random.chance(isPlace(name) ? 0.6 : 0.4))
      made[name] = valid(inner, name, random, known)
  for (const inner of Object.values(schema.patternProperties ?? {}))
    for (let left = random.below(4); left > 0; left -= 1)
      made[known.id('conversationId', random)] = valid(inner, '', random, known)
  return made
}

let made = 0

function validText(schema: Schema, name: string, random: Random, known: Known): string {
  const { minLength = 0, maxLength = 200, pattern, format } = schema
  if (format === 'uuid') return known.id(name, random)
  if (format === 'email') return `person-${random.below(50)}@tidewater.example`
  if (format === 'date-time') return '2026-11-30T12:00:00.000Z'
  if (name === 'ids') return known.id(name, random)
  if (name === 'emoji') return random.pick(['👍', '🐳', '🇳🇴', '👩🏽‍🚀', '❤️'])
  if (name === 'token' || name === 'invitation') return known.token(random)
  if (['after', 'before'].includes(name)) return known.cursor(random) ?? ''
  const text = random.pick([
    `x${(made += 1)}`,
    'plain',
    'x'.repeat(Math.min(maxLength, 300)),
    ...(pattern ? [] : [`Hello <@${known.id('accountId', random)}> @channel *_\`\``, 'ünï 🐳 ﷺ']),
  ])
  // Code points, as JSON Schema counts.
  return Array.from(text).slice(0, maxLength).join('').padEnd(minLength, 'x')
}

/** A value for one field that its schema may or may not take. */
export function hostile(schema: Schema | undefined, name: string, random: Random, known: Known): unknown {
  const id = known.id(name, random)
  const isCursor = ['after', 'before', 'next'].includes(name) && schema?.type === 'string'
  const isNumber = schema?.type === 'integer' || schema?.type === 'number'
  if (isCursor && random.chance(0.8)) return hostileCursor(random, id, known.cursor(random))
  if (isNumber && random.chance(0.7)) return random.pick(hostileNumbers)
  if (schema?.format === 'uuid' && random.chance(0.7)) return random.pick(spelledIds(id))
  switch (random.below(10)) {
    case 0:
      return random.pick(hostileThings)
    case 1:
      return random.pick(hostileNumbers)
    case 2:
      return random.pick(spelledIds(id))
    case 3:
      return hostileCursor(random, id)
    case 4: {
      // As long as allowed, and one more.
      const most = Math.min(schema?.maxLength ?? 1_000, 25_000)
      return random.pick(['x', 'é', '🐳', '\u0301', ' ']).repeat(most + random.below(2))
    }
    default:
      return hostileText(random)
  }
}

/** Puts hostile values into one or two places of a valid value, adds what nobody knows, or leaves something out. */
export function mutated(
  value: unknown,
  schema: Schema | undefined,
  name: string,
  random: Random,
  known: Known,
): unknown {
  if (Array.isArray(value) && value.length && random.chance(0.7)) {
    const copy: unknown[] = [...value]
    const at = random.below(copy.length)
    copy[at] = mutated(copy[at], schema?.items, name, random, known)
    if (random.chance(0.2)) copy.push(...copy)
    return copy
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || random.chance(0.08))
    return hostile(schema, name, random, known)
  const copy: Record<string, unknown> = { ...value }
  const names = Object.keys(copy)
  const field = names.length ? random.pick(names) : ''
  const change = random.below(8)
  if (change === 0) delete copy[field]
  else if (change === 1)
    Object.defineProperty(copy, hostileText(random), {
      value: random.pick(hostileThings),
      enumerable: true,
      configurable: true,
    })
  else if (change === 2 || !field) {
    // One that the contract knows and this value has not.
    const others = Object.entries(schema?.properties ?? {}).filter(([other]) => !(other in copy))
    if (others.length) {
      const [other, inner] = random.pick(others)
      copy[other] = hostile(inner, other, random, known)
    }
  } else copy[field] = mutated(copy[field], schema?.properties?.[field], field, random, known)
  return copy
}
