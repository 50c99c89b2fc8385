// An API server over real HTTP, as far as cert-sync can tell: list and watch with resource versions and bookmarks,
// 409 for a stale version, 410 for a forgotten one, server-side apply with field managers, and RBAC from rbac.json.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { applied, touched } from './field-managers.ts'
import type { Managers } from './field-managers.ts'
import { mayDo } from './rbac.ts'
import type { Rules } from './rbac.ts'

export interface Obj {
  apiVersion?: string
  kind?: string
  metadata: {
    name: string
    namespace: string
    uid?: string
    resourceVersion?: string
    annotations?: Record<string, string>
    deletionTimestamp?: string
  }
  [field: string]: unknown
}

interface Change {
  version: number
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  collection: string
  object: Obj
}

interface Call {
  verb: string
  resource: string
  namespace: string
  name?: string
}

class Refused extends Error {
  readonly code: number
  readonly reason: string
  constructor(code: number, reason: string, message: string) {
    super(message)
    this.code = code
    this.reason = reason
  }
}

const path =
  /^\/(?:api\/v1|apis\/(?<group>[\w.]+)\/v1)\/namespaces\/(?<namespace>[\w-]+)\/(?<resource>\w+)(?:\/(?<name>[^/]+))?$/

export class FakeKubernetes {
  readonly calls: Call[] = []
  readonly denied: Call[] = []
  readonly events: { type: string; reason: string; note: string; name: string }[] = []
  rules: Rules | undefined
  /** While true every connection is cut. */
  partitioned = false
  #objects = new Map<string, Map<string, Obj>>()
  #managers = new WeakMap<Obj, Managers>()
  #history: Change[] = []
  #version = 100
  #oldest = 0
  #watches = new Set<(change: Change | 'gone' | 'bookmark' | 'break') => void>()
  #server = createServer((request, response) => void this.#serve(request, response))

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#tellWatches('break')
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  get(resource: string, namespace: string, name: string): Obj | undefined {
    return this.#collection(`${namespace}/${resource}`).get(name)
  }

  /** As another user would, by `kubectl replace` or by creating it. */
  put(resource: string, object: Obj, manager = 'kubectl'): Obj {
    const { namespace, name } = object.metadata
    const before = this.get(resource, namespace, name)
    return this.#store(resource, object, before, touched(before && this.#managers.get(before), before, object, manager))
  }

  change(resource: string, namespace: string, name: string, edit: (object: Obj) => void): Obj {
    const object = structuredClone(this.get(resource, namespace, name)!)
    edit(object)
    return this.put(resource, object)
  }

  delete(resource: string, namespace: string, name: string): void {
    const collection = this.#collection(`${namespace}/${resource}`)
    const object = collection.get(name)
    if (!object) return
    collection.delete(name)
    this.#record('DELETED', `${namespace}/${resource}`, object)
  }

  /** Every version before now is forgotten: running watches get 410 in the stream, new ones as a status. */
  compact(): void {
    this.#oldest = ++this.#version
    this.#history = []
    this.#tellWatches('gone')
  }

  bookmark(): void {
    this.#tellWatches('bookmark')
  }

  breakWatches(): void {
    this.#tellWatches('break')
  }

  #tellWatches(what: Change | 'gone' | 'bookmark' | 'break'): void {
    for (const tell of this.#watches) tell(what)
  }

  #collection(key: string): Map<string, Obj> {
    const collection = this.#objects.get(key) ?? new Map<string, Obj>()
    this.#objects.set(key, collection)
    return collection
  }

  #store(resource: string, given: Obj, before: Obj | undefined, managers: Managers): Obj {
    const key = `${given.metadata.namespace}/${resource}`
    const object = structuredClone(given)
    object.metadata.uid = before?.metadata.uid ?? randomUUID()
    object.metadata.resourceVersion = before?.metadata.resourceVersion ?? '0'
    // What changes nothing makes no new version, as in the real one.
    if (before && JSON.stringify(object) === JSON.stringify(before)) {
      this.#managers.set(before, managers)
      return before
    }
    object.metadata.resourceVersion = String(++this.#version)
    this.#managers.set(object, managers)
    this.#collection(key).set(object.metadata.name, object)
    this.#record(before ? 'MODIFIED' : 'ADDED', key, object)
    return object
  }

  #record(type: Change['type'], collection: string, stored: Obj): void {
    const object = structuredClone(stored)
    if (type === 'DELETED') object.metadata.resourceVersion = String(++this.#version)
    const change = { version: Number(object.metadata.resourceVersion), type, collection, object }
    this.#history.push(change)
    this.#tellWatches(change)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.partitioned) return void request.socket.destroy()
    const url = new URL(request.url ?? '/', 'http://fake')
    try {
      const { namespace, resource, name } = (path.exec(url.pathname)?.groups ?? {}) as Record<string, string>
      if (!namespace || !resource) throw new Refused(404, 'NotFound', `no such path ${url.pathname}`)
      const selected = /^metadata\.name=(.+)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1]
      const watching = url.searchParams.get('watch') === 'true'
      const verbs: Record<string, string> = { GET: name ? 'get' : watching ? 'watch' : 'list', POST: 'create' }
      const verb = verbs[request.method!] ?? { PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[request.method!]!
      const call = { verb, resource, namespace, name: name ?? selected }
      this.calls.push(call)
      this.#allow(call)
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const collection = `${namespace}/${resource}`
      if (verb === 'watch') return this.#watch(response, collection, selected, url.searchParams)
      const answer = this.#answer(call, collection, selected, body, request, url.searchParams)
      if (this.partitioned) return void request.socket.destroy()
      response.writeHead(verb === 'create' ? 201 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    } catch (error) {
      const { code, reason, message } =
        error instanceof Refused ? error : new Refused(500, 'InternalError', String(error))
      response.writeHead(code, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }))
    }
  }

  #allow(call: Call): void {
    if (!this.rules || mayDo(this.rules, call)) return
    this.denied.push(call)
    throw new Refused(
      403,
      'Forbidden',
      `cannot ${call.verb} ${call.resource} "${call.name ?? ''}" in ${call.namespace}`,
    )
  }

  #answer(
    call: Call,
    key: string,
    selected: string | undefined,
    body: string,
    request: IncomingMessage,
    query: URLSearchParams,
  ): unknown {
    const { verb, resource, namespace, name } = call
    const collection = this.#collection(key)
    const there = name ? collection.get(name) : undefined
    if (verb === 'list') {
      const items = [...collection.values()].filter((object) => !selected || object.metadata.name === selected)
      return { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: String(this.#version) }, items }
    }
    if (verb === 'create') {
      const object = JSON.parse(body) as Obj
      object.metadata.namespace = namespace
      if (collection.has(object.metadata.name))
        throw new Refused(409, 'AlreadyExists', `${object.metadata.name} exists`)
      if (resource === 'events') {
        const { type, reason, note } = object as unknown as { type: string; reason: string; note: string }
        this.events.push({ type, reason, note, name: (object as { regarding?: { name: string } }).regarding!.name })
      }
      return this.#store(resource, object, undefined, {})
    }
    if (verb === 'patch') return this.#apply(call, there, JSON.parse(body) as Obj, request, query)
    if (!there) throw new Refused(404, 'NotFound', `${resource} "${name}" not found`)
    if (verb === 'get') return there
    const object = JSON.parse(body) as Obj
    const { resourceVersion } = object.metadata
    if (resourceVersion && resourceVersion !== there.metadata.resourceVersion)
      throw new Refused(
        409,
        'Conflict',
        'the object has been modified; please apply your changes to the latest version',
      )
    return this.#store(resource, object, there, {})
  }

  #apply(call: Call, there: Obj | undefined, config: Obj, request: IncomingMessage, query: URLSearchParams): Obj {
    if (request.headers['content-type'] !== 'application/apply-patch+yaml')
      throw new Refused(415, 'UnsupportedMediaType', 'only server-side apply')
    const manager = query.get('fieldManager')
    if (!manager) throw new Refused(400, 'BadRequest', 'fieldManager is required for apply patch')
    if (config.metadata.uid && config.metadata.uid !== there?.metadata.uid)
      throw new Refused(409, 'Conflict', 'Precondition failed: UID in precondition')
    if (!there) this.#allow({ ...call, verb: 'create' })
    const managers = (there && this.#managers.get(there)) ?? {}
    const { object, conflicts, next } = applied(there ?? config, config, managers, manager)
    if (conflicts.length > 0 && query.get('force') !== 'true')
      throw new Refused(409, 'Conflict', `Apply failed with ${conflicts.length} conflict: ${conflicts.join(', ')}`)
    return this.#store(call.resource, object as Obj, there, next)
  }

  managersOf(resource: string, namespace: string, name: string): Managers {
    const object = this.get(resource, namespace, name)
    return (object && this.#managers.get(object)) ?? {}
  }

  #watch(response: ServerResponse, collection: string, selected: string | undefined, query: URLSearchParams): void {
    const from = Number(query.get('resourceVersion') ?? 0)
    const gone = {
      kind: 'Status',
      status: 'Failure',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version',
    }
    // The real one says it in either way.
    if (from < this.#oldest && this.#version % 2 === 0) throw new Refused(410, 'Expired', gone.message)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`)
    const tell = (what: Change | 'gone' | 'bookmark' | 'break') => {
      if (what === 'break') response.socket?.destroy()
      else if (what === 'gone') {
        send('ERROR', gone)
        response.end()
      } else if (what === 'bookmark') {
        if (query.get('allowWatchBookmarks') === 'true')
          send('BOOKMARK', { metadata: { resourceVersion: String(this.#version) } })
      } else if (what.collection === collection && (!selected || what.object.metadata.name === selected))
        send(what.type, what.object)
    }
    if (from < this.#oldest) return tell('gone')
    for (const change of this.#history) if (change.version > from) tell(change)
    this.#watches.add(tell)
    response.once('close', () => this.#watches.delete(tell))
  }
}
