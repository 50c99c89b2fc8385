// Every reference leads to something that is declared and has what is read of it; nothing is declared for nobody.
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
} from './configuration.ts'
import { type Reference, referencesIn } from './expression.ts'
import { type Schema, typesOf } from './schema.ts'
import { declaredType } from './shape.ts'
import type { Type } from './types.ts'

interface Scope {
  configuration: Configuration
  folder: Folder
  schema: Schema
  byAddress: Map<string, Block>
  /** Names that only this place knows: `each`, `count`, `self` and the iterators of dynamic blocks. */
  own: Set<string>
}

export function checkReferences(configuration: Configuration, schema: Schema): Finding[] {
  return [...configuration.folders.values()].flatMap((folder) => {
    const byAddress = new Map(folder.blocks.map((block) => [block.address, block]))
    const read = new Set<string>()
    const findings: Finding[] = []
    const look = (where: string, value: Value, own: Set<string>): void => {
      const scope = { configuration, folder, schema, byAddress, own }
      for (const reference of referencesInside(value)) {
        read.add(targetOf(reference.path))
        const says = checkReference(scope, reference)
        if (says) findings.push({ where, says: `${reference.text}: ${says}` })
      }
    }
    for (const block of folder.blocks) {
      const { body, address, file } = block
      look(`${file} ${address}`, withoutNames(block), ownNames(body))
    }
    for (const [name, { value, file }] of folder.locals) look(`${file} local.${name}`, value, ownNames({}))
    for (const body of [...folder.providers, ...folder.settings]) look(folder.name, body, new Set())
    return [...findings, ...unread(folder, read)]
  })
}

function* referencesInside(value: Value): Generator<Reference> {
  if (typeof value === 'string') yield* referencesIn(value)
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) {
      // A tag's name may hold an expression too.
      yield* referencesIn(key)
      yield* referencesInside(each)
    }
}

// ignore_changes names arguments, and a variable's type is no expression.
function withoutNames({ kind, body }: Block): Body {
  const { lifecycle: _, type, ...rest } = body
  if (kind === 'variable') return rest
  return type === undefined ? rest : { ...rest, type }
}

function ownNames(body: Body): Set<string> {
  const own = new Set(['path', 'terraform'])
  if (body.for_each !== undefined) own.add('each')
  if (body.count !== undefined) own.add('count')
  addIterators(body, own)
  return own
}

function addIterators(value: Value, own: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  if (isObject(value) && isObject(value.dynamic)) for (const label of Object.keys(value.dynamic)) own.add(label)
  for (const each of Object.values(value)) addIterators(each, own)
}

const targetOf = (path: string[]): string =>
  ['data', 'ephemeral'].includes(path[0]!) ? path.slice(0, 3).join('.') : path.slice(0, 2).join('.')

function checkReference(scope: Scope, { path }: Reference): string | undefined {
  const [first, second] = path
  if (scope.own.has(first!)) return undefined
  if (first === 'local') return scope.folder.locals.has(second!) ? undefined : 'no such local'
  if (first === 'var') return checkVariable(scope, path)
  if (first === 'module') return checkModule(scope, path)
  if (first === 'data' || first === 'ephemeral') return checkAttribute(scope, targetOf(path), path.slice(3))
  if (first!.startsWith('aws_')) return checkAttribute(scope, targetOf(path), path.slice(2))
  return 'refers to nothing that is known here'
}

function checkVariable({ folder, byAddress }: Scope, [, name, ...steps]: string[]): string | undefined {
  if (!byAddress.has(`var.${name}`)) return 'no such variable'
  let type: Type | undefined = declaredType(folder, name!)
  for (const step of steps) {
    if (!type || type.kind === 'any') return undefined
    if (type.kind === 'object') {
      if (step !== '[]' && !type.attributes.has(step)) return `the variable has no attribute ${step}`
      type = type.attributes.get(step)?.type
    } else if ('of' in type) type = type.of
    else return `a ${type.kind} has no attributes`
  }
  return undefined
}

function checkModule({ configuration, folder, byAddress }: Scope, [, name, ...steps]: string[]): string | undefined {
  const call = byAddress.get(`module.${name}`)
  if (!call) return 'no such module'
  const called = calledFolder(configuration, folder, call)
  if (!called || steps.length === 0) return undefined
  const many = call.body.count !== undefined || call.body.for_each !== undefined
  if (many !== (steps[0] === '[]')) return many ? 'there are several: say which' : 'there is one: no index'
  const output = steps.find((step) => step !== '[]')
  const outputs = ofKind(called, 'output').map((block) => block.name)
  return output === undefined || outputs.includes(output) ? undefined : `the module has no output ${output}`
}

function checkAttribute({ schema, byAddress }: Scope, address: string, steps: string[]): string | undefined {
  const block = byAddress.get(address)
  if (!block) return 'not declared'
  if (steps.length === 0) return undefined
  const many = block.body.count !== undefined || block.body.for_each !== undefined
  if (many !== (steps[0] === '[]')) return many ? 'there are several: say which' : 'there is one: no index'
  const attribute = many ? steps[1] : steps[0]
  const known = typesOf(schema, block.kind)[block.type]
  if (attribute === undefined || !known) return undefined
  return known.reads.includes(attribute) || known.arguments[attribute] ? undefined : `has no attribute ${attribute}`
}

function unread(folder: Folder, read: Set<string>): Finding[] {
  const idle = folder.blocks.filter(
    ({ kind, address }) =>
      ['variable', 'data', 'ephemeral'].includes(kind) && !readOutsideItself(folder, address, read),
  )
  return [
    ...idle.map(({ file, address }) => ({ where: `${file} ${address}`, says: 'nobody reads it' })),
    ...[...folder.locals]
      .filter(([name]) => !read.has(`local.${name}`))
      .map(([name, { file }]) => ({ where: `${file} local.${name}`, says: 'nobody reads it' })),
  ]
}

// A variable's own validation is no reader.
function readOutsideItself(folder: Folder, address: string, read: Set<string>): boolean {
  if (!address.startsWith('var.') || !read.has(address)) return read.has(address)
  const elsewhere: Value[] = [
    ...folder.blocks.filter((block) => block.address !== address).map((block) => withoutNames(block)),
    ...[...folder.locals.values()].map(({ value }) => value),
    ...folder.providers,
  ]
  return elsewhere.some((value) => [...referencesInside(value)].some(({ path }) => targetOf(path) === address))
}
