// Whether an object has the shape that its API takes: required fields, types and values by the published schemas, and no
// field that they do not know. The validators ignore unknown fields, as the schemas do; but a field that no validator
// ever looked at is one that the API server would drop in silence.
import { type Json, type KubeObject, title } from './objects.ts'

interface Model {
  prototype: { validate(this: unknown): void }
}

const packages: [group: RegExp, name: string][] = [
  [/^(?:.*\.)?cert-manager\.io\//, '@kubernetes-models/cert-manager'],
  [/^(?:.*\.)?external-secrets\.io\//, '@kubernetes-models/external-secrets'],
  [/^postgresql\.cnpg\.io\//, '@kubernetes-models/cloudnative-pg'],
  [/^monitoring\.coreos\.com\//, '@kubernetes-models/prometheus-operator'],
  [/^(?:v1$|[^./]+\/|[^/]*\.k8s\.io\/)/, 'kubernetes-models'],
]

async function modelOf({ apiVersion, kind }: KubeObject): Promise<Model | undefined> {
  const name = packages.find(([group]) => group.test(apiVersion))?.[1]
  if (!name) return undefined
  const models = (await import(`${name}/${apiVersion}`).catch(() => ({}))) as Record<string, Model>
  return models[kind]
}

/** What is wrong with the shape of an object, as sentences. */
export async function misshapen(object: KubeObject): Promise<string[]> {
  const model = await modelOf(object)
  if (!model) return [`${title(object)}: there is no schema of ${object.apiVersion} ${object.kind}.`]
  const seen = new Map<object, Set<PropertyKey> | 'all'>()
  const findings: string[] = []
  try {
    model.prototype.validate.call(watched(object, seen))
  } catch (error) {
    const errors = (error as { errors?: { instancePath: string; message?: string }[] }).errors ?? []
    for (const { instancePath, message } of errors) findings.push(`${title(object)}: ${instancePath} ${message}.`)
    if (errors.length === 0) findings.push(`${title(object)}: ${(error as Error).message}`)
  }
  for (const path of unseen(object, seen)) findings.push(`${title(object)}: ${path} is no field of its kind.`)
  for (const path of nulls(object)) findings.push(`${title(object)}: ${path} has no value.`)
  return findings
}

/** Notes which fields are read. Whoever lists them all treats the object as a map, in which any name may be. */
function watched(value: object, seen: Map<object, Set<PropertyKey> | 'all'>): object {
  return new Proxy(value, {
    get(target, key) {
      const read = seen.get(target) ?? new Set()
      seen.set(target, read)
      if (read !== 'all') read.add(key)
      const found: unknown = Reflect.get(target, key)
      return typeof found === 'object' && found !== null ? watched(found, seen) : found
    },
    ownKeys(target) {
      seen.set(target, 'all')
      return Reflect.ownKeys(target)
    },
  })
}

function* unseen(value: Json | undefined, seen: Map<object, Set<PropertyKey> | 'all'>, path = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  const read = seen.get(value)
  // Nobody looked inside at all: free-form by its schema.
  if (!read) return
  for (const [key, each] of Object.entries(value)) {
    const here = path ? `${path}.${key}` : key
    if (!Array.isArray(value) && read !== 'all' && !read.has(key)) yield here
    else yield* unseen(each, seen, here)
  }
}

function* nulls(value: Json | undefined, path = ''): Generator<string> {
  if (value === null) yield path
  else if (typeof value === 'object')
    for (const key of Object.keys(value))
      yield* nulls((value as Record<string, Json>)[key], path ? `${path}.${key}` : key)
}
