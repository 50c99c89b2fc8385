// Server-side apply in the small: who owns which leaf of an object. Lists are leaves; identity is nobody's.

/** Field path → the managers that own it. */
export type Managers = Record<string, string[]>

const nobodys = new Set([
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.resourceVersion',
])
const separator = '\u0000'

type Tree = { [field: string]: unknown }
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Path → value of every leaf. */
export function leaves(object: unknown, path: string[] = []): Map<string, unknown> {
  if (!isTree(object)) return new Map([[path.join(separator), object]])
  const found = new Map<string, unknown>()
  for (const [field, value] of Object.entries(object))
    if (!nobodys.has([...path, field].join('.')))
      for (const [at, leaf] of leaves(value, [...path, field])) found.set(at, leaf)
  return found
}

/** After an ordinary update: what it changed belongs to the updater alone. */
export function touched(managers: Managers = {}, before: unknown, after: unknown, manager: string): Managers {
  const [old, now] = [leaves(before ?? {}), leaves(after)]
  const next: Managers = {}
  for (const [path, value] of now)
    next[path] = JSON.stringify(old.get(path)) === JSON.stringify(value) ? (managers[path] ?? [manager]) : [manager]
  return next
}

/** Applies a configuration: conflicts are leaves of others that it would change; leaves it no longer names are removed. */
export function applied(there: object, config: object, managers: Managers, manager: string) {
  const object = structuredClone(there) as Tree
  const [now, wanted] = [leaves(there), leaves(config)]
  const next: Managers = structuredClone(managers)
  const conflicts: string[] = []
  for (const [path, value] of wanted) {
    const same = JSON.stringify(now.get(path)) === JSON.stringify(value)
    const others = (managers[path] ?? []).filter((owner) => owner !== manager)
    if (!same && others.length > 0) conflicts.push(path.replaceAll(separator, '.'))
    next[path] = same ? [...new Set([...others, manager])] : [manager]
    set(object, path.split(separator), value)
  }
  for (const [path, owners] of Object.entries(managers)) {
    if (wanted.has(path) || !owners.includes(manager)) continue
    next[path] = owners.filter((owner) => owner !== manager)
    if (next[path].length === 0) set(object, path.split(separator), undefined)
  }
  return { object, conflicts, next }
}

function set(tree: Tree, path: string[], value: unknown): void {
  const [field, ...rest] = path
  if (rest.length > 0) {
    if (!isTree(tree[field!])) tree[field!] = {}
    set(tree[field!] as Tree, rest, value)
  } else if (value === undefined) delete tree[field!]
  else tree[field!] = value
}
