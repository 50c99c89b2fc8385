// The AWS provider's schema, of the types that the configuration uses; schema/README.md says where it comes from.
import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface Argument {
  type: 'string' | 'number' | 'boolean' | 'array' | 'map' | 'object' | 'any'
  /** What a list or map holds. */
  of?: string
  required?: true
  /** A nested block with these arguments. One of type `object` may stand there once only. */
  block?: Record<string, Argument>
}

export interface ResourceType {
  arguments: Record<string, Argument>
  /** What references can read: arguments and what AWS decides. */
  reads: string[]
}

export interface Schema {
  provider: string
  version: string
  from: string
  resource: Record<string, ResourceType>
  data: Record<string, ResourceType>
}

export const schemaFile = path.join(import.meta.dirname, 'schema', 'aws.json')

export const readSchema = (): Schema => JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema

// The published definitions know no ephemeral resources; the two in use are twins of data sources.
export const typesOf = (schema: Schema, kind: string): Record<string, ResourceType> =>
  kind === 'resource' ? schema.resource : schema.data

/** What every resource, data source and module call may also have. */
export const metaArguments = new Set(['count', 'for_each', 'depends_on', 'provider', 'lifecycle', 'dynamic'])
