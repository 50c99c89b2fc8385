// Makes aws.json anew, of the types that the configuration uses:
//   node bin/run.mjs infra/terraform/check/schema/trim.ts <compact schema of the whole provider, .json or .json.gz>
// README.md says what that is and where it comes from.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readConfiguration } from '../configuration.ts'
import { type Argument, type ResourceType, type Schema, schemaFile } from '../schema.ts'

interface Compact {
  provider: string
  version: string
  from: string
  resource: Record<string, { config: string; reads: string[] }>
  data: Record<string, { config: string; reads: string[] }>
  structs: Record<string, Record<string, CompactArgument>>
}

interface CompactArgument {
  type: Argument['type']
  of?: string
  req?: 1
  block?: 1
  struct?: string
}

const [source] = process.argv.slice(2)
if (!source) throw new Error('Name the compact schema of the whole provider.')
const bytes = readFileSync(source)
const whole = JSON.parse((source.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()) as Compact

const { folders } = await readConfiguration(path.resolve(import.meta.dirname, '..', '..'))
const blocks = [...folders.values()].flatMap((folder) => folder.blocks)
const used = (kinds: string[]): string[] =>
  [...new Set(blocks.filter(({ kind }) => kinds.includes(kind)).map(({ type }) => type))].sort()

function argumentsOf(struct: string): Record<string, Argument> {
  return Object.fromEntries(
    Object.entries(whole.structs[struct] ?? {}).map(([name, given]) => {
      const argument: Argument = { type: given.type }
      if (given.of) argument.of = given.of
      if (given.req) argument.required = true
      if (given.block) argument.block = argumentsOf(given.struct ?? '')
      return [name, argument]
    }),
  )
}

function pick(from: Compact['resource'], types: string[]): Record<string, ResourceType> {
  return Object.fromEntries(
    types.map((type) => {
      if (!from[type]) throw new Error(`The provider has no ${type}.`)
      return [type, { arguments: argumentsOf(from[type].config), reads: from[type].reads }]
    }),
  )
}

const schema: Schema = {
  provider: whole.provider,
  version: whole.version,
  from: whole.from,
  resource: pick(whole.resource, used(['resource'])),
  data: pick(whole.data, used(['data', 'ephemeral'])),
}

// One type per line: a new one is one line in a diff.
const lines = (types: Record<string, ResourceType>): string =>
  Object.entries(types)
    .map(([type, value]) => `    ${JSON.stringify(type)}: ${JSON.stringify(value)}`)
    .join(',\n')
const { resource, data, ...about } = schema
const head = Object.entries(about).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
writeFileSync(
  schemaFile,
  `{\n${head.join('')}  "resource": {\n${lines(resource)}\n  },\n  "data": {\n${lines(data)}\n  }\n}\n`,
)
process.stdout.write(`${Object.keys(resource).length} resource and ${Object.keys(data).length} data types.\n`)
