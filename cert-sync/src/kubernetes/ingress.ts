import type { V1Ingress } from '@kubernetes/client-node'
import { annotations, keyOf } from '../names.ts'
import type { Key } from '../names.ts'

/** The few things about an Ingress that matter here. */
export interface Ingress {
  key: Key
  uid: string
  optedIn: boolean
  /** Of its `tls` entries, in their order and each once: the first is the listener's default. */
  secrets: Key[]
  hosts: Record<Key, string[]>
  /** What `certificate-arn` holds now. */
  arns: string[]
}

export function asIngress(object: V1Ingress): Ingress {
  const { name, namespace, uid, annotations: given, deletionTimestamp } = object.metadata!
  const hosts: Record<Key, string[]> = {}
  for (const entry of object.spec?.tls ?? []) {
    if (!entry.secretName) continue
    const key = keyOf(namespace!, entry.secretName)
    hosts[key] = [...(hosts[key] ?? []), ...(entry.hosts ?? [])]
  }
  const arns = given?.[annotations.certificateArn] ?? ''
  return {
    key: keyOf(namespace!, name!),
    uid: uid!,
    // One that is on its way out wants nothing more, yet until it is gone its certificates are referenced.
    optedIn: given?.[annotations.optIn] === 'enabled' && !deletionTimestamp,
    secrets: Object.keys(hosts) as Key[],
    hosts,
    arns: arns.split(',').flatMap((arn) => arn.trim() || []),
  }
}
