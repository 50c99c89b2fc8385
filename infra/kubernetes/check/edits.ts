// What a kustomization does to objects: JSON patches, and settings filled in.
import { parse } from 'yaml'
import {
  type Fields,
  isFields,
  type Json,
  type KubeObject,
  listAt,
  numberAt,
  stringsAt,
  textAt,
  fieldsAt,
} from './objects.ts'

const isTarget = (select: Fields, object: KubeObject): boolean =>
  (['kind', 'name', 'namespace'] as const).every((key) => {
    const pattern = textAt(select, key)
    const value = key === 'kind' ? object.kind : object.metadata[key]
    return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value ?? '')
  })

/** One JSON patch (RFC 6902: add, replace, remove) on whatever its target names, which must be something. */
export function applyPatch(all: KubeObject[], patch: Fields, where: string): void {
  const target = fieldsAt(patch, 'target')
  const objects = all.filter((object) => isTarget(target, object))
  if (objects.length === 0) throw new Error(`${where}: nothing is a ${JSON.stringify(target)} for this patch.`)
  const steps = parse(textAt(patch, 'patch') ?? '') as unknown as Json
  if (!Array.isArray(steps)) throw new Error(`${where}: patches are lists of op, path and value here.`)
  for (const object of objects) for (const step of steps) if (isFields(step)) edit(object, structuredClone(step), where)
}

function edit(object: Fields, step: Fields, where: string): void {
  const { op, path } = step as { op: string; path: string }
  const value = step['value']
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = keys.pop()!
  let holder: Json | undefined = object
  for (const key of keys)
    holder = Array.isArray(holder) ? holder[Number(key)] : isFields(holder) ? holder[key] : undefined
  const missing = Array.isArray(holder) ? Number(last) >= holder.length : !isFields(holder) || !(last in holder)
  if (!isFields(holder) && !Array.isArray(holder)) throw new Error(`${where}: ${path} leads nowhere.`)
  if (op !== 'add' && missing) throw new Error(`${where}: ${path} is not there to ${op}.`)
  if (Array.isArray(holder)) {
    const index = last === '-' ? holder.length : Number(last)
    if (op === 'add') holder.splice(index, 0, value!)
    else if (op === 'replace') holder[index] = value!
    else holder.splice(index, 1)
  } else if (op === 'remove') delete holder[last]
  else holder[last] = value!
}

/** Fills a value of one object in at others. Returns the setting's name if it came from the settings. */
export function fillIn(all: KubeObject[], replacement: Fields, where: string): string | undefined {
  const source = fieldsAt(replacement, 'source')
  const path = textAt(source, 'fieldPath')!
  const from = all.find((object) => isTarget({ kind: source['kind']!, name: source['name']! }, object))
  const whole = from && get(from, split(path))
  if (typeof whole !== 'string') throw new Error(`${where}: there is no ${path} to fill in.`)
  const { delimiter, index } = options(source)
  const value = delimiter ? whole.split(delimiter)[index]! : whole
  for (const target of listAt(replacement, 'targets')) {
    const objects = all.filter((object) => isTarget(fieldsAt(target, 'select'), object))
    if (objects.length === 0) throw new Error(`${where}: nothing is a ${JSON.stringify(target['select'])} for ${path}.`)
    for (const object of objects)
      for (const each of stringsAt(target, 'fieldPaths')) put(object, split(each), value, options(target), where)
  }
  return textAt(source, 'name') === 'settings' ? path.replace(/^data\./, '') : undefined
}

const options = (value: Fields): { delimiter: string; index: number } => ({
  delimiter: textAt(value, 'options.delimiter') ?? '',
  index: numberAt(value, 'options.index') ?? 0,
})

/** `a.[name=b].[c.d/e].0` → its steps: dots inside brackets do not part. */
const split = (path: string): string[] => path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []

function step(holder: Json | undefined, key: string): Json | undefined {
  const [, field, wanted] = /^\[([^=]+)=(.*)\]$/.exec(key) ?? []
  if (Array.isArray(holder))
    return field ? holder.find((each) => isFields(each) && each[field] === wanted) : holder[Number(key)]
  return isFields(holder) ? holder[key.replace(/^\[|\]$/g, '')] : undefined
}

const get = (object: Json, keys: string[]): Json | undefined => keys.reduce<Json | undefined>(step, object)

function put(
  object: KubeObject,
  keys: string[],
  value: string,
  { delimiter, index }: ReturnType<typeof options>,
  where: string,
) {
  const holder = get(object, keys.slice(0, -1))
  const last = keys.at(-1)!.replace(/^\[|\]$/g, '')
  const old = get(object, keys)
  if (typeof old !== 'string' || typeof holder !== 'object' || holder === null)
    throw new Error(`${where}: ${object.kind} ${object.metadata.name} has no text at ${keys.join('.')} to fill in.`)
  const parts = delimiter ? old.split(delimiter) : [old]
  if (index >= parts.length) throw new Error(`${where}: "${old}" has no part ${index} after "${delimiter}".`)
  parts[index] = value
  const filled = parts.join(delimiter)
  if (Array.isArray(holder)) holder[Number(last)] = filled
  else holder[last] = filled
}
