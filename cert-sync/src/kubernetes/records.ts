// What has to outlive a leader, in one ConfigMap: which import was sent and not yet seen, since when a certificate is
// unused, how many imports there were. Every change is conditional on the version that was read, so a leader that was
// replaced without noticing can write nothing more, and without a written intent it imports and deletes nothing.
import type { V1ConfigMap } from '@kubernetes/client-node'
import { recordsName } from '../names.ts'
import type { Key } from '../names.ts'
import { orMissing, statusOf } from './api.ts'
import type { Api } from './api.ts'

export interface SecretRecord {
  /** The certificate that this Secret's Ingresses use. A memory only: ACM's tags say whether it is ours. */
  arn?: string
  lastImport?: LastImport
  /** The fingerprint that ACM would not take under the same ARN. */
  mustReplace?: string
  /** ARN → since when nothing uses it. */
  unusedSince?: Record<string, string>
  /** ARNs whose deletion was decided; they are never taken up again. */
  deleting?: string[]
  /** Times of the imports of the last day. */
  imports?: string[]
}

export interface LastImport {
  kind: ImportKind
  fingerprint: string
  at: string
  /** `unknown` from before it is sent until ACM's answer has been written down. */
  outcome: 'unknown' | 'done' | 'refused'
  arn?: string
}

export type ImportKind = 'first' | 'renewal' | 'replacement'

export class Superseded extends Error {
  override message = 'Somebody else has written the records: this process does not lead any more.'
}

export class Records {
  #api: Api
  #namespace: string
  #map: V1ConfigMap
  #secrets: Record<Key, SecretRecord>
  #days: Record<string, number>
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(api: Api, namespace: string, map: V1ConfigMap) {
    this.#api = api
    this.#namespace = namespace
    this.#map = map
    this.#secrets = parse(map, 'secrets')
    this.#days = parse(map, 'imports')
  }

  /** Reads without writing, for a run that only shows what it would do. */
  static async peek(api: Api, namespace: string): Promise<Records> {
    const map = await orMissing(api.core.readNamespacedConfigMap({ name: recordsName, namespace }))
    return new Records(api, namespace, map ?? {})
  }

  /** Reads, and signs in as the leader: from here on the leader before can change nothing. */
  static async open(api: Api, namespace: string, identity: string): Promise<Records> {
    const request = { name: recordsName, namespace }
    const there =
      (await orMissing(api.core.readNamespacedConfigMap(request))) ??
      (await api.core.createNamespacedConfigMap({ namespace, body: { metadata: request } }))
    const body = { metadata: there.metadata, data: { ...there.data, leader: identity } }
    return new Records(api, namespace, await api.core.replaceNamespacedConfigMap({ ...request, body }))
  }

  of(key: Key): SecretRecord {
    return structuredClone(this.#secrets[key] ?? {})
  }

  keys(): Key[] {
    return Object.keys(this.#secrets) as Key[]
  }

  importsSince(day: string): number {
    return Object.entries(this.#days).reduce((sum, [each, count]) => (each >= day ? sum + count : sum), 0)
  }

  /** Replaces one record (an empty one is removed); `counted` adds to the imports of a day. Throws Superseded. */
  change(key: Key, record: SecretRecord, counted?: { day: string; by: number; oldest: string }): Promise<void> {
    const write = async () => {
      const secrets: Record<Key, SecretRecord> = { ...this.#secrets }
      if (Object.keys(record).length > 0) secrets[key] = record
      else delete secrets[key]
      const days = { ...this.#days }
      if (counted) {
        days[counted.day] = Math.max(0, (days[counted.day] ?? 0) + counted.by)
        for (const day of Object.keys(days)) if (day < counted.oldest) delete days[day]
      }
      const data = { ...this.#map.data, secrets: pretty(secrets), imports: pretty(days) }
      const body = { metadata: this.#map.metadata, data }
      const request = { name: recordsName, namespace: this.#namespace, body }
      try {
        this.#map = await this.#api.core.replaceNamespacedConfigMap(request)
      } catch (error) {
        if (statusOf(error) === 409 || statusOf(error) === 404) throw new Superseded()
        throw error
      }
      this.#secrets = secrets
      this.#days = days
    }
    const result = this.#writing.then(write, write)
    this.#writing = result
    return result
  }
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

// Records that cannot be read are as good as none: ACM's tags are the truth, and only timers begin anew.
function parse<K extends string, T>(map: V1ConfigMap, name: string): Record<K, T> {
  try {
    const value: unknown = JSON.parse(map.data?.[name] ?? '')
    return (value && typeof value === 'object' ? value : {}) as Record<K, T>
  } catch {
    return {} as Record<K, T>
  }
}
