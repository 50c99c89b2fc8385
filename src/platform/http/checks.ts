import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler, FastifyRequest } from 'fastify'
import type { Problem, ProblemDetail } from '../contract/problem.ts'
import { refuse } from '../contract/problem.ts'
import { httpProblems } from './problems.ts'

const shared = { allErrors: true, useDefaults: true, strict: false, removeAdditional: false } as const
// JSON says its types itself; what stands in an address is text, and is read as the contract asks.
const exact = addFormats.default(new Ajv({ ...shared, coerceTypes: false }))
const fromAddress = addFormats.default(new Ajv({ ...shared, coerceTypes: true }))
// The usual `uuid` also takes `urn:uuid:…`, which Postgres does not.
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
for (const ajv of [exact, fromAddress]) ajv.addFormat('uuid', uuid)

export const checkCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
  (httpPart === 'body' ? exact : fromAddress).compile(schema)

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

/** Turns Ajv's findings into the problem that the first of them is, with every wrong field named. */
export function refusalOf(errors: ErrorObject[], part: string) {
  // Of a union, only the branch that was meant is worth talking about: not those whose `kind` differs.
  const branch = (error: ErrorObject) => /^(#\/anyOf\/\d+|#\/definitions\/\w+)/.exec(error.schemaPath)?.[0]
  const strangers = new Set(errors.filter((error) => error.keyword === 'const').map(branch))
  const meant = errors.filter((error) => error.keyword !== 'anyOf' && !(branch(error) && strangers.has(branch(error))))
  const told = meant.length ? meant : errors.filter((error) => error.keyword === 'const').slice(0, 1)
  const first = told[0] ?? errors[0]!
  const fields: NonNullable<ProblemDetail['fields']> = told.slice(0, 20).map((error) => {
    const { missingProperty, additionalProperty } = error.params as {
      missingProperty?: string
      additionalProperty?: string
    }
    const inner = missingProperty ?? additionalProperty
    return {
      at: `/${part}${error.instancePath}${inner === undefined ? '' : `/${inner}`}`,
      problem:
        inner === undefined ? (error.message ?? 'is not allowed') : missingProperty ? 'is missing' : 'is not known',
    }
  })
  return refuse(byKeyword[first.keyword] ?? httpProblems['out-of-range'], { fields })
}

/** No operation takes anything near it; what is nested without end would take the stack of whoever looks through it. */
const mostLevels = 32

/** Refuses text that Postgres or JSON cannot keep: NUL and lone surrogates; and what is nested too deeply to look at. */
export function checkText(request: FastifyRequest, _reply: unknown, done: () => void): void {
  for (const [part, value] of [
    ['params', request.params],
    ['query', request.query],
    ['body', request.body],
  ] as const) {
    const at = unstorable(value, `/${part}`)
    if (at)
      throw refuse(httpProblems['unstorable-text'], {
        fields: [{ at, problem: 'has a character that cannot be stored' }],
      })
  }
  done()
}

function unstorable(value: unknown, at: string, level = 0): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? at : undefined
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined
  if (level > mostLevels)
    throw refuse(httpProblems['wrong-type'], { fields: [{ at, problem: 'is nested too deeply' }] })
  for (const [key, inner] of Object.entries(value)) {
    const found = unstorable(inner, `${at}/${key}`, level + 1)
    if (found) return found
    if (unstorable(key, at, level)) return at
  }
  return undefined
}
