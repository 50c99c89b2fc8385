// What the policies look at: everything that one overlay would put into a cluster.
import { type Fields, fieldsAt, type KubeObject, listAt, numberAt, selects, textAt, title } from './objects.ts'
import type { Rendered } from './render.ts'

export interface Place extends Rendered {
  /** `aws/production` */
  overlay: string
}

/** Something of which pods are made. */
export interface Pods {
  owner: KubeObject
  title: string
  namespace: string
  labels: Fields
  spec: Fields
  /** Containers of the pod, without those that run before. */
  containers: Fields[]
  initContainers: Fields[]
}

export const ofKind = ({ objects }: Rendered, ...kinds: string[]): KubeObject[] =>
  objects.filter(({ kind }) => kinds.includes(kind))

const workloads = ['Deployment', 'StatefulSet', 'Job', 'DaemonSet', 'CronJob']
export const isLasting = ({ owner }: Pods): boolean => ['Deployment', 'StatefulSet'].includes(owner.kind)

export const podsOf = (place: Rendered): Pods[] =>
  ofKind(place, ...workloads).map((owner) => {
    const spec = fieldsAt(owner, 'spec.template.spec')
    return {
      owner,
      title: title(owner),
      namespace: owner.metadata.namespace ?? '',
      labels: fieldsAt(owner, 'spec.template.metadata.labels'),
      spec,
      containers: listAt(spec, 'containers'),
      initContainers: listAt(spec, 'initContainers'),
    }
  })

/** Ports that a pod listens on, by number. */
export const portsOf = ({ containers }: Pods): { name: string | undefined; port: number }[] =>
  containers
    .flatMap((container) => listAt(container, 'ports'))
    .map((port) => ({ name: textAt(port, 'name'), port: numberAt(port, 'containerPort')! }))

export const portOf = (pods: Pods, wanted: Fields[string]): number | undefined =>
  portsOf(pods).find(({ name, port }) => wanted === name || wanted === port)?.port

export const selected = (place: Rendered, namespace: string, selector: Fields): Pods[] =>
  podsOf(place).filter((pods) => pods.namespace === namespace && selects(selector, pods.labels))
