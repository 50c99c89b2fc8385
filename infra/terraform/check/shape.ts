// Every type, argument and nested block against the provider's schema; the shape of variables, outputs and module calls.
import {
  type Block,
  type Body,
  type Configuration,
  type Finding,
  type Folder,
  type Value,
  calledFolder,
  isObject,
  ofKind,
  textOf,
} from './configuration.ts'
import { type Argument, type Schema, metaArguments, typesOf } from './schema.ts'
import { soleReference } from './expression.ts'
import { type Type, any, converts, fits, readType } from './types.ts'

export function checkShape(configuration: Configuration, schema: Schema): Finding[] {
  return [...configuration.folders.values()].flatMap((folder) => [
    ...checkDoubles(folder),
    ...folder.blocks.flatMap((block) => {
      const says =
        block.kind === 'module'
          ? checkCall(configuration, folder, block)
          : block.kind === 'variable'
            ? checkVariable(block)
            : block.kind === 'output'
              ? checkOutput(block)
              : checkTyped(folder, block, schema)
      return says.map((each) => ({ where: `${block.file} ${block.address}`, says: each }))
    }),
  ])
}

function checkDoubles({ blocks }: Folder): Finding[] {
  const seen = new Set<string>()
  return blocks.flatMap(({ address, file }) => {
    if (seen.has(address)) return [{ where: `${file} ${address}`, says: 'declared twice' }]
    seen.add(address)
    return []
  })
}

function checkTyped(folder: Folder, { kind, type, body }: Block, schema: Schema): string[] {
  const known = typesOf(schema, kind)[type]
  if (!known) return [`unknown ${kind} type ${type} (or missing in schema/aws.json: run schema/trim.ts)`]
  return checkBody(folder, body, known.arguments, '', true)
}

function checkBody(folder: Folder, body: Body, wanted: Record<string, Argument>, path: string, top: boolean): string[] {
  const says: string[] = []
  const given = new Set(Object.keys(body))
  for (const [name, value] of Object.entries(body)) {
    if (name === 'dynamic') {
      for (const [label, bodies] of isObject(value) ? Object.entries(value) : []) {
        given.add(label)
        if (!wanted[label]?.block) says.push(`no block "${path}${label}"`)
        else
          for (const each of bodies as Body[])
            says.push(...checkDynamic(folder, each, wanted[label].block, path + label))
      }
    } else if (!(top && metaArguments.has(name))) {
      if (!wanted[name]) says.push(`unsupported argument "${path}${name}"`)
      else says.push(...checkArgument(folder, value, wanted[name], path + name))
    }
  }
  for (const [name, argument] of Object.entries(wanted)) {
    if (argument.required && !given.has(name))
      says.push(`missing required ${argument.block ? 'block' : 'argument'} "${path}${name}"`)
  }
  return says
}

function checkDynamic(folder: Folder, body: Body, wanted: Record<string, Argument>, path: string): string[] {
  if (body.for_each === undefined) return [`dynamic "${path}" has no for_each`]
  const contents = (body.content ?? []) as Body[]
  if (contents.length !== 1) return [`dynamic "${path}" wants one content block`]
  return contents.flatMap((content) => checkBody(folder, content, wanted, `${path}.`, false))
}

function checkArgument(folder: Folder, value: Value, argument: Argument, path: string): string[] {
  if (argument.block) {
    if (!Array.isArray(value) || !value.every(isObject)) return [`"${path}" is a block, not an argument`]
    const { block } = argument
    const often = argument.type === 'object' && value.length > 1 ? [`block "${path}" may stand there once`] : []
    return [...often, ...value.flatMap((each) => checkBody(folder, each, block, `${path}.`, false))]
  }
  const wanted = typeOf(argument)
  if (!fits(wanted, value)) return [`"${path}" wants ${describe(argument)}, got ${JSON.stringify(value).slice(0, 60)}`]
  const from = typeof value === 'string' ? typeOfVariable(folder, value) : undefined
  return from && !converts(from, wanted)
    ? [`"${path}" wants ${describe(argument)}, ${textOf(value)} is a ${from.kind}`]
    : []
}

const describe = ({ type, of }: Argument): string => (of ? `${type} of ${of}` : type)

// The definitions say `array` of lists and sets alike.
function typeOf({ type, of }: Argument): Type {
  const inner: Type = of === 'string' || of === 'number' ? { kind: of } : any
  if (type === 'array') return { kind: 'list', of: inner }
  if (type === 'map') return { kind: 'map', of: inner }
  if (type === 'boolean') return { kind: 'bool' }
  return type === 'string' || type === 'number' ? { kind: type } : any
}

/** The declared type of `${var.name}` or `${var.name.attribute}`; undefined for any other expression. */
export function typeOfVariable(folder: Folder, value: string): Type | undefined {
  const path = soleReference(value)?.path
  if (path?.[0] !== 'var') return undefined
  let type = declaredType(folder, path[1]!)
  for (const step of path.slice(2)) {
    if (step === '[]') type = type && 'of' in type ? type.of : undefined
    else type = type?.kind === 'object' ? type.attributes.get(step)?.type : undefined
  }
  return type
}

export function declaredType(folder: Folder, name: string): Type | undefined {
  const declared = ofKind(folder, 'variable').find((block) => block.name === name)?.body.type
  return typeof declared === 'string' ? readType(declared) : undefined
}

function checkVariable({ name, body }: Block): string[] {
  const says: string[] = []
  const type = typeof body.type === 'string' ? readType(body.type) : undefined
  if (!type) says.push('has no type that can be read')
  if (typeof body.description !== 'string' || body.description.length < 5) says.push('has no description')
  if (type && body.default !== undefined && !fits(type, body.default)) says.push('its default does not fit its type')
  for (const validation of (body.validation ?? []) as Body[]) {
    if (!textOf(validation.condition).includes(`var.${name}`)) says.push('a validation does not look at it')
    if (typeof validation.error_message !== 'string') says.push('a validation says nothing')
  }
  const unknown = Object.keys(body).filter((each) => !variableArguments.has(each))
  return [...says, ...unknown.map((each) => `unsupported argument "${each}"`)]
}

const variableArguments = new Set([
  'type',
  'description',
  'default',
  'validation',
  'sensitive',
  'nullable',
  'ephemeral',
])

function checkOutput({ body }: Block): string[] {
  const says = body.value === undefined ? ['has no value'] : []
  return typeof body.description === 'string' ? says : [...says, 'has no description']
}

function checkCall(configuration: Configuration, folder: Folder, call: Block): string[] {
  if (!textOf(call.body.source).startsWith('../')) return ['its source is not in this repository']
  const called = calledFolder(configuration, folder, call)
  if (!called) return [`no module at ${textOf(call.body.source)}`]
  const says: string[] = []
  for (const variable of ofKind(called, 'variable')) {
    const value = call.body[variable.name]
    if (value === undefined) {
      if (variable.body.default === undefined) says.push(`missing input "${variable.name}"`)
      continue
    }
    const wanted = declaredType(called, variable.name) ?? any
    const from = typeof value === 'string' ? typeOfVariable(folder, value) : undefined
    if (!fits(wanted, value) || (from && !converts(from, wanted)))
      says.push(`input "${variable.name}" does not fit its type`)
  }
  const inputs = new Set(ofKind(called, 'variable').map(({ name }) => name))
  for (const name of Object.keys(call.body)) {
    if (name !== 'source' && name !== 'providers' && !metaArguments.has(name) && !inputs.has(name))
      says.push(`the module has no input "${name}"`)
  }
  return says
}
