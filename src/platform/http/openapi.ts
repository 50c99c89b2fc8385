import type { TSchema } from 'typebox'
import { type Endpoint, isMedia } from '../contract/endpoint.ts'
import type { Problem } from '../contract/problem.ts'
import { ProblemDocument } from '../contract/shapes.ts'
import { httpProblems } from './problems.ts'

type Json = Record<string, unknown>

const mapsOfSchemas = ['properties', 'patternProperties', '$defs']
const schemaKeywords = [
  'items',
  'anyOf',
  'allOf',
  'oneOf',
  'not',
  'additionalProperties',
  'propertyNames',
  'prefixItems',
]

/**
 * Generators of clients take a property with a default for one that is always there, and ask for it in requests too: what
 * holds unless it is given stands in its description.
 */
function withoutDefault(schema: Json): Json {
  if (!('default' in schema)) return schema
  const { default: usual, description, ...rest } = schema
  const text = typeof description === 'string' ? `${description} ` : ''
  return { ...rest, description: `${text}Unless given: ${JSON.stringify(usual)}.` }
}

/** The OpenAPI 3.1 document of these operations. `shapes` are further ones to name: those of the stream. */
export function describe(operations: readonly Endpoint[], shapes: readonly TSchema[], version: string): Json {
  const schemas: Json = {}
  const named = (schema: unknown): unknown => {
    if (typeof schema !== 'object' || schema === null) return schema
    const { title, ...rest } = schema as Json
    const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, within(key, value)]))
    if (typeof title !== 'string') return inner
    schemas[title] ??= { title, ...inner }
    return { $ref: `#/components/schemas/${title}` }
  }
  // By what the keyword holds: names of properties are anybody's choice, `title` among them, and so is what a value is.
  const within = (keyword: string, value: unknown): unknown => {
    if (mapsOfSchemas.includes(keyword))
      return Object.fromEntries(
        Object.entries(value as Json).map(([name, inner]) => [name, named(withoutDefault(inner as Json))]),
      )
    if (!schemaKeywords.includes(keyword)) return value
    return Array.isArray(value) ? value.map(named) : named(value)
  }
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    paths[operation.path] ??= {}
    paths[operation.path]![operation.method.toLowerCase()] = {
      operationId: operation.operationId,
      tags: [operation.tag],
      summary: operation.summary,
      ...(operation.description ? { description: operation.description } : {}),
      security: operation.access === 'public' ? [] : [{ session: [] }],
      parameters: [...parameters(operation.params, 'path', named), ...parameters(operation.query, 'query', named)],
      ...(operation.body
        ? { requestBody: { required: true, content: content(operation.body, named, operation.example) } }
        : {}),
      responses: { ...successes(operation, named), ...refusals(operation, named) },
    }
  }
  for (const shape of shapes) named(shape)
  return {
    openapi: '3.1.0',
    info: {
      title: 'All is Whale',
      version,
      description:
        'People send and receive messages belonging to a conversation. Sign in with `POST /v1/sessions`; the cookie that it sets signs the other calls. A page that acts for one account names it in the header `Whale-Account`: where the session has become another’s meanwhile, the answer is 409 `other-account` and nothing is done. Without the header the session alone decides. Every refusal is an `application/problem+json` document with a stable `code`.',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map((operation) => operation.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-whale.session',
          description: 'Set by signing in or up. Over http it is called `whale.session`.',
        },
      },
    },
  }
}

function parameters(shape: TSchema | undefined, where: 'path' | 'query', named: (schema: unknown) => unknown): Json[] {
  const { properties = {}, required = [] } = (shape ?? {}) as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(schema['description'] ? { description: schema['description'] } : {}),
    schema: named(schema),
  }))
}

const content = (shape: NonNullable<Endpoint['body']>, named: (schema: unknown) => unknown, example?: unknown): Json =>
  isMedia(shape)
    ? Object.fromEntries(shape.media.map((media) => [media, {}]))
    : { 'application/json': { schema: named(shape), ...(example === undefined ? {} : { example }) } }

function successes({ replies }: Endpoint, named: (schema: unknown) => unknown): Json {
  const meaning: Record<string, string> = { 200: 'Done.', 201: 'Created.', 204: 'Done; nothing to say.' }
  return Object.fromEntries(
    Object.entries(replies).map(([status, shape]) => [
      status,
      {
        description: isMedia(shape) ? shape.description : (meaning[status] ?? 'Done.'),
        ...(shape === null ? {} : { content: content(shape, named) }),
      },
    ]),
  )
}

/** Every code that an operation can answer with, by status. */
function refusals(operation: Endpoint, named: (schema: unknown) => unknown): Json {
  const byStatus = Map.groupBy([...operation.problems, ...generalProblems(operation)], (problem) => problem.status)
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => [
      status,
      {
        description: kinds.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
        content: {
          'application/problem+json': {
            schema: {
              allOf: [named(ProblemDocument), { properties: { code: { enum: kinds.map(({ code }) => code) } } }],
            },
          },
        },
      },
    ]),
  )
}

/** Refusals that come from the server's edge, as far as this operation can meet them. */
export function generalProblems(operation: Endpoint): Problem[] {
  const p = httpProblems
  const takesInput = operation.params || operation.query || operation.body
  // A body is read before anybody asks whether this operation takes one.
  const hasBody = operation.method !== 'GET'
  return [
    p['bad-request'],
    // Looked for in whatever came, also where nothing is asked for.
    p['unstorable-text'],
    ...(hasBody ? [p['malformed-json'], p['wrong-encoding']] : []),
    ...(operation.access === 'public' ? [] : [p['signed-out'], p['not-allowed']]),
    ...(operation.method === 'GET' ? [] : [p['foreign-origin']]),
    p['other-account'],
    p['wrong-host'],
    ...(hasBody ? [p['body-too-large'], p['wrong-media-type']] : []),
    ...(takesInput
      ? [
          p['wrong-type'],
          p['unknown-field'],
          p['missing-field'],
          p['too-long'],
          p['too-short'],
          p['too-many-values'],
          p['wrong-format'],
          p['out-of-range'],
        ]
      : []),
    ...(hasBody ? [p['changed-meanwhile']] : []),
    p['slow-down'],
    p.internal,
    p.unavailable,
  ]
}
