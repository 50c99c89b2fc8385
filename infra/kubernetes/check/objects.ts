// Kubernetes objects as they come out of YAML, and how to look into them.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Fields = { [key: string]: Json }

export interface KubeObject extends Fields {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Fields; annotations?: Fields } & Fields
}

export const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value at a path like `spec.template.spec`, or undefined. Keys with dots: give the steps one by one. */
export function at(value: Json | undefined, ...path: string[]): Json | undefined {
  const steps = path.length === 1 ? path[0]!.split('.') : path
  let found = value
  for (const step of steps) {
    if (Array.isArray(found)) found = found[Number(step)]
    else if (isFields(found)) found = found[step]
    else return undefined
  }
  return found
}

export const fieldsAt = (value: Json | undefined, ...path: string[]): Fields => {
  const found = at(value, ...path)
  return isFields(found) ? found : {}
}

export const listAt = (value: Json | undefined, ...path: string[]): Fields[] => {
  const found = at(value, ...path)
  return Array.isArray(found) ? found.filter(isFields) : []
}

export const textAt = (value: Json | undefined, ...path: string[]): string | undefined => {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export const numberAt = (value: Json | undefined, ...path: string[]): number | undefined => {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : undefined
}

export const stringsAt = (value: Json | undefined, ...path: string[]): string[] => {
  const found = at(value, ...path)
  return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : []
}

/** `Deployment all-is-whale/api`. */
export const title = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`

/** Every string of a value, with its path. */
export function* strings(value: Json | undefined, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value }
  else if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* strings(each, `${path}.${index}`)
  else if (isFields(value))
    for (const [key, each] of Object.entries(value)) yield* strings(each, path ? `${path}.${key}` : key)
}

/** Whether a label selector takes these labels; an empty one takes all. */
export function selects(selector: Fields, labels: Fields): boolean {
  const equal = Object.entries(fieldsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value)
  const within = listAt(selector, 'matchExpressions').every((each) => {
    const [key, operator, values] = [textAt(each, 'key')!, textAt(each, 'operator'), stringsAt(each, 'values')]
    const label = labels[key]
    if (operator === 'In') return typeof label === 'string' && values.includes(label)
    if (operator === 'NotIn') return typeof label !== 'string' || !values.includes(label)
    return operator === 'Exists' ? label !== undefined : label === undefined
  })
  return equal && within
}
