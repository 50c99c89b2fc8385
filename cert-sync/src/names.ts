/** `namespace/name`, of a Secret or an Ingress. */
export type Key = `${string}/${string}`

export const keyOf = (namespace: string, name: string): Key => `${namespace}/${name}`

export function partsOf(key: Key): { namespace: string; name: string } {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

export const annotations = {
  optIn: 'all-is-whale/cert-sync',
  /** Read by the AWS Load Balancer Controller; the first of several is the listener's default certificate. */
  certificateArn: 'alb.ingress.kubernetes.io/certificate-arn',
} as const

/** Server-side apply keeps apart who wrote which field by this name. */
export const fieldManager = 'cert-sync'

export const leaseName = 'cert-sync'
export const recordsName = 'cert-sync-records'

/** Only a certificate that carries all three, with this cluster's name, is ours. */
export const tags = {
  cluster: 'cert-sync/cluster',
  namespace: 'cert-sync/namespace',
  secret: 'cert-sync/secret',
} as const
