import { Type, type TSchema, type TSchemaOptions } from 'typebox'
import { lastPosition } from './ids.ts'

// The few shapes that every contract uses. A `title` names a shape in the OpenAPI document.

export const Uuid = (description: string) => Type.String({ format: 'uuid', description })
export const Time = (description: string) =>
  Type.String({ format: 'date-time', description: `${description} ISO 8601 in UTC.` })
export const Count = (description: string) => Type.Integer({ minimum: 0, description })
/** A position that a client hands in: see `ids.ts`. */
export const Position = (description: string, least = 0) =>
  Type.Integer({ minimum: least, maximum: lastPosition, description })
export const Nullable = <S extends TSchema>(schema: S, options?: TSchemaOptions) =>
  Type.Union([schema, Type.Null()], options)

/** An object that refuses fields it does not know: a misspelt field is an error, never silently dropped. */
export const Exact = <P extends Record<string, TSchema>>(properties: P, options?: TSchemaOptions) =>
  Type.Object(properties, { additionalProperties: false, ...options })

export const Limit = (most: number, usual: number) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: most,
      default: usual,
      description: `How many at most; ${usual} unless given.`,
    }),
  )

/** The RFC 9457 document that every refusal is sent as. */
export const ProblemDocument = Exact(
  {
    type: Type.String({ description: 'An address that names the problem; ends in the code.' }),
    title: Type.String({ description: 'One sentence for people: what is wrong and what to do.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    code: Type.String({ description: 'Stable name of the problem, for programs.' }),
    detail: Type.Optional(Type.String({ description: 'More about this very case.' })),
    fields: Type.Optional(
      Type.Array(
        Exact({
          at: Type.String({ description: 'JSON pointer into the request, such as `/body/name`.' }),
          problem: Type.String({ description: 'What is wrong there.' }),
        }),
        { description: 'Which parts of the request are wrong.' },
      ),
    ),
    requestId: Type.String({ description: 'Quote it to whoever runs the server; it finds the log line.' }),
  },
  { title: 'Problem' },
)
