import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { annotations, fieldManager, partsOf } from '../names.ts'
import type { Api } from './api.ts'
import { statusOf } from './api.ts'
import type { Ingress } from './ingress.ts'

/**
 * Writes `certificate-arn` by server-side apply, and nothing else. The uid makes it fail on another Ingress of the same
 * name, and a missing one is not created. Resolves to false when somebody else has set the annotation: never forced.
 */
export async function annotate(api: Api, { key, uid }: Ingress, arns: string[]): Promise<boolean> {
  const { namespace, name } = partsOf(key)
  const body = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, uid, annotations: { [annotations.certificateArn]: arns.join(',') } },
  }
  const asApply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply)
  try {
    await api.networking.patchNamespacedIngress({ name, namespace, body, fieldManager, force: false }, asApply)
    return true
  } catch (error) {
    if (statusOf(error) === 409) return false
    throw error
  }
}
