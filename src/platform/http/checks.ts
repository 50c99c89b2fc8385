import type { ErrorObject } from 'ajv'
import type { FastifySchemaCompiler, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Extent } from '../contract/extent.ts'
import { type Problem, type Refusal, refuse } from '../contract/problem.ts'
import { contractAjv } from './contract-ajv.ts'
import { countParts } from './json-parts.ts'
import { httpProblems } from './problems.ts'

// The first error only: a body of 120 kB can be wrong in 180,000 places, and to say so took 0.3 s.
const shared = { allErrors: false, useDefaults: true, strict: false, removeAdditional: false } as const
// JSON says its types itself; what stands in an address is text, and is read as the contract asks.
const exact = contractAjv({ ...shared, coerceTypes: false })
const fromAddress = contractAjv({ ...shared, coerceTypes: true })

export const checkCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  httpPart === 'body' ? checkOf(schema) : fromAddress.compile(schema)

/** Says whether a value has the shape; `errors` then holds what is wrong with the last one, one error. */
export interface Check {
  (value: unknown): boolean
  errors?: ErrorObject[] | null
}

/** The check of a JSON value. Of a union whose branches differ by a tag, only the branch that is meant is looked at. */
export function checkOf(schema: TSchema): Check {
  const union = taggedUnion(schema)
  if (!union) return exact.compile(schema) as Check
  const { tag } = union
  const checks = new Map([...union.branches].map(([value, branch]) => [value, exact.compile(branch) as Check]))
  const wrong = (keyword: string, instancePath: string, params: object, message: string) => {
    check.errors = [{ keyword, instancePath, schemaPath: `#/${keyword}`, params, message }]
    return false
  }
  const check: Check = (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrong('type', '', { type: 'object' }, 'must be object')
    if (!Object.hasOwn(value, tag)) return wrong('required', '', { missingProperty: tag }, 'is missing')
    const branch = checks.get((value as Record<string, unknown>)[tag])
    if (!branch) return wrong('enum', `/${tag}`, {}, `must be one of ${[...checks.keys()].join(', ')}`)
    const holds = branch(value)
    check.errors = branch.errors ?? null
    return holds
  }
  return check
}

/** The property whose constant tells the branches of a union apart, and the branches by it. */
function taggedUnion(schema: TSchema): { tag: string; branches: Map<unknown, TSchema> } | undefined {
  const choices = (schema as { anyOf?: { properties?: Record<string, { const?: unknown }> }[] }).anyOf
  const tag = Object.entries(choices?.[0]?.properties ?? {}).find(([, shape]) => shape.const !== undefined)?.[0]
  if (!choices || tag === undefined) return undefined
  const branches = new Map(choices.map((choice) => [choice.properties?.[tag]?.const, choice as TSchema]))
  return branches.size === choices.length && !branches.has(undefined) ? { tag, branches } : undefined
}

const byKeyword: Record<string, Problem> = {
  type: httpProblems['wrong-type'],
  additionalProperties: httpProblems['unknown-field'],
  required: httpProblems['missing-field'],
  minProperties: httpProblems['missing-field'],
  maxLength: httpProblems['too-long'],
  maxItems: httpProblems['too-long'],
  minLength: httpProblems['too-short'],
  minItems: httpProblems['too-short'],
  pattern: httpProblems['wrong-format'],
  format: httpProblems['wrong-format'],
}

/** What is repeated of a request: the names of its fields are the caller's, of any length. */
const mostRepeated = 120
const short = (at: string) => (at.length > mostRepeated ? `${at.slice(0, mostRepeated)}…` : at)

/** Turns what Ajv found into the problem that it is, with the field that is wrong. */
export function refusalOf(errors: readonly ErrorObject[], part: string) {
  const { keyword, instancePath, message, params } = errors[0]!
  const { missingProperty, additionalProperty } = params as { missingProperty?: string; additionalProperty?: string }
  const inner = missingProperty ?? additionalProperty
  const at = short(`/${part}${instancePath}${inner === undefined ? '' : `/${inner}`}`)
  const problem = inner === undefined ? (message ?? 'is not allowed') : missingProperty ? 'is missing' : 'is not known'
  return refuse(byKeyword[keyword] ?? httpProblems['out-of-range'], { fields: [{ at, problem }] })
}

/** Shorter bodies (bytes) cost next to nothing to parse and to look through, whatever is in them. */
const worthCounting = 2048

/**
 * The refusal of the bytes of a body that has more values, or more levels of them, than its operation can take: before it is
 * decoded and parsed, which for a hundred thousand values costs more than all the rest.
 */
export function fewFault(json: Uint8Array, { values, levels }: Extent): Refusal | undefined {
  if (json.length <= worthCounting) return undefined
  // An empty list counts for two. What is legal stays below.
  const most = 2 * values + 16
  const found = countParts(json, most, levels + 1)
  if (found.levels > levels + 1) return tooDeep('/body')
  return found.parts > most ? refuse(httpProblems['too-many-values']) : undefined
}

const tooDeep = (at: string) =>
  refuse(httpProblems['wrong-type'], { fields: [{ at: short(at), problem: 'is nested too deeply' }] })

/** No operation takes anything near it; what is nested without end would take the stack of whoever looks through it. */
const mostLevels = 32
/** Values of one request; the legal body with the most has a hundred or two. */
const mostLookedAt = 2_000

/** Refuses text that Postgres or JSON cannot keep: NUL and lone surrogates; and what is nested too deeply to look at. */
export function checkText(request: FastifyRequest, _reply: unknown, done: () => void): void {
  requireStorable(request.params, '/params')
  requireStorable(request.query, '/query')
  requireStorable(request.body, '/body')
  done()
}

/** Looks at so many values at most. Returns how many it looked at, which a test counts. */
export function requireStorable(value: unknown, part: string): number {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string' && !isStorable(value)) throw unstorable(part)
    return 1
  }
  return lookThrough(value, part, 0, 1)
}

function lookThrough(value: object, at: string, level: number, looked: number): number {
  if (value instanceof Uint8Array) return looked
  if (level > mostLevels) throw tooDeep(at)
  for (const key in value) {
    looked += 1
    if (looked > mostLookedAt) throw refuse(httpProblems['too-many-values'])
    if (!isStorable(key)) throw unstorable(at)
    const inner = (value as Record<string, unknown>)[key]
    if (typeof inner === 'string') {
      if (!isStorable(inner)) throw unstorable(`${at}/${key}`)
    } else if (typeof inner === 'object' && inner !== null)
      looked = lookThrough(inner, `${at}/${key}`, level + 1, looked)
  }
  return looked
}

const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed()

const unstorable = (at: string) =>
  refuse(httpProblems['unstorable-text'], {
    fields: [{ at: short(at), problem: 'has a character that cannot be stored' }],
  })
