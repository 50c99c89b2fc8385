import type { V1Ingress, V1Secret } from '@kubernetes/client-node'
import { keyOf, partsOf } from '../names.ts'
import type { Key } from '../names.ts'
import type { Log } from '../log.ts'
import type { Api } from './api.ts'
import { follow } from './follow.ts'
import { asIngress } from './ingress.ts'
import type { Ingress } from './ingress.ts'

/** What is known of the Ingresses of the watched namespaces, and a bell for every Secret that one of them names. */
export interface Watching {
  /** Resolves when every namespace has been listed: before that, absence means nothing. */
  listed: Promise<void>
  ingresses: () => Ingress[]
}

export interface Bell {
  ingress(key: Key): void
  secret(key: Key): void
}

export function watch(api: Api, namespaces: string[], bell: Bell, signal: AbortSignal, log: Log): Watching {
  const all = new Map<string, Map<string, V1Ingress>>()
  const secrets = new Map<Key, AbortController>()
  const ingresses = () => [...all.values()].flatMap((objects) => [...objects.values()].map(asIngress))

  // One watch per name: that is all that the Role allows, and no other Secret ever reaches this process.
  const watchSecret = (key: Key) => {
    const stop = new AbortController()
    secrets.set(key, stop)
    const { namespace, name } = partsOf(key)
    const fieldSelector = `metadata.name=${name}`
    const source = {
      list: () => api.core.listNamespacedSecret({ namespace, fieldSelector }),
      path: `/api/v1/namespaces/${namespace}/secrets`,
      fieldSelector,
    }
    const objects = new Forgetful<V1Secret>()
    const either = AbortSignal.any([signal, stop.signal])
    void follow(api.config, source, objects, () => bell.secret(key), either, log)
  }

  const refresh = () => {
    const named = new Set(ingresses().flatMap((ingress) => (ingress.optedIn ? ingress.secrets : [])))
    for (const key of named) if (!secrets.has(key)) watchSecret(key)
    for (const [key, stop] of secrets) {
      if (named.has(key)) continue
      stop.abort()
      secrets.delete(key)
      bell.secret(key)
    }
  }

  const listed = namespaces.map((namespace) => {
    const objects = new Map<string, V1Ingress>()
    const source = {
      list: () => api.networking.listNamespacedIngress({ namespace }),
      path: `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`,
    }
    return new Promise<void>((resolve) => {
      const seen = (names: string[]) => {
        all.set(namespace, objects)
        refresh()
        for (const name of names) bell.ingress(keyOf(namespace, name))
        resolve()
      }
      void follow(api.config, source, objects, seen, signal, log)
    })
  })
  return { listed: Promise.all(listed).then(() => undefined), ingresses }
}

/** Remembers that a Secret is there and its version, and not what is in it. */
class Forgetful<T extends V1Secret> extends Map<string, T> {
  override set(name: string, object: T): this {
    return super.set(name, { metadata: object.metadata } as T)
  }
}
