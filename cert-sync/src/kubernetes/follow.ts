// List, then watch from the list's version on. A watch that ends is resumed from the last version seen; bookmarks keep
// that version young. 410 Gone means that the server has forgotten it: list again and report what differs.
import { Watch } from '@kubernetes/client-node'
import type { KubeConfig, KubernetesListObject, KubernetesObject } from '@kubernetes/client-node'
import { messageOf } from '../log.ts'
import type { Log } from '../log.ts'
import { backoff, wait } from '../wait.ts'

export interface Source<T extends KubernetesObject> {
  list(): Promise<KubernetesListObject<T>>
  path: string
  fieldSelector?: string
}

/** Calls `seen` with the names that were added, changed or removed, after `objects` has been brought up to date. */
export async function follow<T extends KubernetesObject>(
  config: KubeConfig,
  source: Source<T>,
  objects: Map<string, T>,
  seen: (names: string[]) => void,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  let version: string | undefined
  for (let failures = 0; !signal.aborted;) {
    try {
      if (version === undefined) {
        const list = await source.list()
        if (signal.aborted) return
        seen(replace(objects, list.items))
        version = list.metadata?.resourceVersion
      }
      version = await watchFrom(config, source, version, objects, seen, signal)
      failures = 0
    } catch (error) {
      failures += 1
      if (failures > 1) log('warn', `Watching ${source.path} is interrupted.`, { because: messageOf(error), failures })
    }
    await wait(failures > 0 ? backoff(failures, 100, 30_000) : 10, signal)
  }
}

function replace<T extends KubernetesObject>(objects: Map<string, T>, items: T[]): string[] {
  const now = new Map(items.map((item) => [item.metadata!.name!, item]))
  const version = (object: T | undefined) => object && `${object.metadata?.uid} ${object.metadata?.resourceVersion}`
  const changed = [...new Set([...objects.keys(), ...now.keys()])].filter(
    (name) => version(objects.get(name)) !== version(now.get(name)),
  )
  objects.clear()
  for (const [name, item] of now) objects.set(name, item)
  return changed
}

/** Resolves with the version to resume from, or with undefined when only a new list helps. */
async function watchFrom<T extends KubernetesObject>(
  config: KubeConfig,
  source: Source<T>,
  from: string | undefined,
  objects: Map<string, T>,
  seen: (names: string[]) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  let version = from
  let gone = false
  const hear = (type: string, object: T & { code?: number }) => {
    if (signal.aborted) return
    if (type === 'ERROR') {
      gone = true
      return
    }
    version = object.metadata?.resourceVersion
    if (type === 'BOOKMARK') return
    const name = object.metadata!.name!
    if (type === 'DELETED') objects.delete(name)
    else objects.set(name, object)
    seen([name])
  }
  const query = { allowWatchBookmarks: true, resourceVersion: from, fieldSelector: source.fieldSelector }
  const end = Promise.withResolvers<unknown>()
  const controller = await new Watch(config).watch(source.path, query, hear, end.resolve)
  const abort = () => controller.abort()
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const failure = await end.promise
  signal.removeEventListener('abort', abort)
  if (gone || (failure as { statusCode?: number } | null)?.statusCode === 410) return undefined
  // Silence for half a minute also ends it (the client's own time limit) and is no failure: resume.
  if (failure && (failure as Error).name !== 'TimeoutError' && !signal.aborted) throw failure
  return version
}
