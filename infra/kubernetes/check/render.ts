// The part of kustomize that these folders use, so that what a cluster would get is checked where there is no kubectl.
// Anything else is refused. Where there is a kubectl, main.ts compares the two, object by object.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import {
  type Fields,
  fieldsAt,
  isFields,
  type Json,
  type KubeObject,
  listAt,
  stringsAt,
  textAt,
  title,
} from './objects.ts'
import { applyPatch, fillIn } from './edits.ts'

/** The files of infra/kubernetes/; a planted fault is a copy in which one of them reads differently. */
export interface Files {
  read(file: string): string
  isFolder(file: string): boolean
}

export const filesOf = (root: string, changed: Readonly<Record<string, string>> = {}): Files => ({
  read: (file) => changed[file] ?? readFileSync(path.join(root, file), 'utf8'),
  isFolder: (file) => existsSync(path.join(root, file)) && statSync(path.join(root, file)).isDirectory(),
})

export interface Rendered {
  objects: KubeObject[]
  settings: Record<string, string>
  /** Names of the settings that something was made of. */
  used: Set<string>
  /** Components that were listed, by the names of their folders. */
  components: Set<string>
}

const known = ['apiVersion', 'kind', 'resources', 'components', 'configMapGenerator', 'patches', 'replacements']

interface Work {
  files: Files
  used: Set<string>
  components: Set<string>
  /** ConfigMaps whose name shall end with the hash of their content. */
  hashed: Set<KubeObject>
}

/** Renders an overlay, like `overlays/aws/production`. Throws a sentence on what cannot be rendered. */
export function render(files: Files, folder: string): Rendered {
  const work: Work = { files, used: new Set(), components: new Set(), hashed: new Set() }
  const all: KubeObject[] = []
  accumulate(work, folder, all)
  const settings = fieldsAt(all.find(isSettings), 'data') as Record<string, string>
  for (const object of work.hashed) addHash(object, all)
  const objects = all.filter((object) => !isLocal(object))
  return { objects, settings, used: work.used, components: work.components }
}

const isSettings = ({ kind, metadata }: KubeObject): boolean => kind === 'ConfigMap' && metadata.name === 'settings'
const isLocal = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.['config.kubernetes.io/local-config'] === 'true'

function accumulate(work: Work, folder: string, all: KubeObject[]): void {
  const where = `${folder}/kustomization.yaml`
  const plan = parse(work.files.read(where)) as Fields
  const strange = Object.keys(plan).filter((key) => !known.includes(key))
  if (strange.length > 0) throw new Error(`${where}: ${strange.join(', ')} is more than this renderer knows.`)
  for (const resource of stringsAt(plan, 'resources')) {
    const file = path.posix.join(folder, resource)
    if (work.files.isFolder(file)) accumulate(work, file, all)
    else for (const object of readObjects(work.files, file)) add(all, object, file)
  }
  for (const generator of listAt(plan, 'configMapGenerator')) {
    const object = generate(work.files, folder, generator)
    add(all, object, where)
    work.hashed.add(object)
  }
  for (const component of stringsAt(plan, 'components')) {
    work.components.add(path.posix.basename(component))
    accumulate(work, path.posix.join(folder, component), all)
  }
  for (const patch of listAt(plan, 'patches')) applyPatch(all, patch, where)
  for (const replacement of listAt(plan, 'replacements')) {
    const setting = fillIn(all, replacement, where)
    if (setting) work.used.add(setting)
  }
}

function add(all: KubeObject[], object: KubeObject, file: string): void {
  if (all.some((each) => title(each) === title(object))) throw new Error(`${file}: ${title(object)} is there twice.`)
  all.push(object)
}

/** The objects of a file. What YAML 1.1 (kubectl) and 1.2 (this) read differently, like an unquoted off, is refused. */
export function readObjects(files: Files, file: string): KubeObject[] {
  const text = files.read(file)
  const read = (version: '1.1' | '1.2'): Json[] =>
    parseAllDocuments(text, { version, merge: false, uniqueKeys: true }).map((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]!.message}`)
      return document.toJS() as Json
    })
  const [objects, older] = [read('1.2'), read('1.1')]
  if (JSON.stringify(objects) !== JSON.stringify(older))
    throw new Error(
      `${file}: something here needs quotes: YAML 1.1 reads it differently (on, off, yes, no, 0440, 1:30).`,
    )
  return objects.map((object, index) => {
    if (
      !isFields(object) ||
      !textAt(object, 'apiVersion') ||
      !textAt(object, 'kind') ||
      !textAt(object, 'metadata.name')
    )
      throw new Error(`${file}: document ${index + 1} lacks apiVersion, kind or metadata.name.`)
    return object as KubeObject
  })
}

function generate(files: Files, folder: string, generator: Fields): KubeObject {
  const data: Record<string, string> = {}
  for (const each of stringsAt(generator, 'files')) {
    const [key, file] = each.includes('=') ? (each.split('=') as [string, string]) : [path.posix.basename(each), each]
    data[key] = files.read(path.posix.join(folder, file))
  }
  for (const each of stringsAt(generator, 'envs'))
    for (const line of files.read(path.posix.join(folder, each)).split('\n')) {
      if (line.trim() === '' || line.trimStart().startsWith('#')) continue
      const [key, ...value] = line.split('=')
      if (Object.hasOwn(data, key!)) throw new Error(`${folder}/${each}: ${key} is there twice.`)
      data[key!] = value.join('=')
    }
  const [name, namespace] = [textAt(generator, 'name')!, textAt(generator, 'namespace')]
  const annotations = fieldsAt(generator, 'options.annotations')
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(namespace && { namespace }), ...(Object.keys(annotations).length > 0 && { annotations }) },
    data,
  }
}

/** As kustomize does: ten digits of a SHA-256 of the content, in letters that spell nothing. */
function addHash(object: KubeObject, all: KubeObject[]): void {
  const { name, namespace } = object.metadata
  const sorted = Object.fromEntries(Object.entries(fieldsAt(object, 'data')).sort(([a], [b]) => (a < b ? -1 : 1)))
  const json = JSON.stringify({ data: sorted, kind: 'ConfigMap', name: '' }).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const letters: Record<string, string> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' }
  const digest = createHash('sha256').update(json).digest('hex').slice(0, 10)
  object.metadata.name = `${name}-${digest.replace(/[013ae]/g, (digit) => letters[digit]!)}`
  const rename = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(rename)
    else if (isFields(value))
      for (const [key, each] of Object.entries(value)) {
        if (key === 'configMap' && isFields(each) && each['name'] === name) each['name'] = object.metadata.name
        else rename(each)
      }
  }
  for (const each of all) if (each.metadata.namespace === namespace) rename(each)
}
