// Who may speak to whom: nothing by default, every allowance between two that exist, on both ends.
import {
  at,
  type Fields,
  fieldsAt,
  type KubeObject,
  listAt,
  numberAt,
  selects,
  stringsAt,
  textAt,
  title,
} from '../objects.ts'
import { ofKind, type Place, podsOf, portOf, type Pods, portsOf } from '../place.ts'

interface Peer extends Pick<Pods, 'title' | 'namespace' | 'labels'> {
  ports: number[]
}

/** Pods as the network sees them, those of a CloudNativePG cluster too. */
const peersOf = (place: Place): Peer[] => [
  ...podsOf(place).map((pods) => ({ ...pods, ports: portsOf(pods).map(({ port }) => port) })),
  ...ofKind(place, 'Cluster').map((cluster) => ({
    title: title(cluster),
    namespace: cluster.metadata.namespace!,
    labels: { 'cnpg.io/cluster': cluster.metadata.name },
    ports: [5432, 8000],
  })),
]

export function* networkPolicies(place: Place): Generator<string> {
  const peers = peersOf(place)
  const policies = ofKind(place, 'NetworkPolicy')
  for (const namespace of new Set(peers.map((peer) => peer.namespace)))
    for (const direction of ['Ingress', 'Egress'])
      if (
        !policies.some(
          (policy) => isForAll(policy, namespace) && stringsAt(policy, 'spec.policyTypes').includes(direction),
        )
      )
        yield `Namespace ${namespace}: nothing denies ${direction} by default.`
  for (const policy of policies) {
    const subjects = peers.filter((peer) => isSubject(policy, peer))
    if (subjects.length === 0) yield `${title(policy)}: selects no pod.`
    for (const rule of listAt(policy, 'spec.ingress')) {
      if (listAt(rule, 'ports').length === 0) yield `${title(policy)}: opens every port.`
      if (listAt(rule, 'from').length === 0) yield `${title(policy)}: lets anybody in.`
      for (const port of portsIn(rule))
        for (const subject of subjects.filter((each) => !each.ports.includes(port)))
          yield `${title(policy)}: ${subject.title} has no port ${port}.`
    }
    for (const rule of [...listAt(policy, 'spec.ingress'), ...listAt(policy, 'spec.egress')])
      for (const other of [...listAt(rule, 'from'), ...listAt(rule, 'to')]) {
        const selector = at(other, 'podSelector') as Fields | undefined
        if (
          selector &&
          !other['namespaceSelector'] &&
          !peers.some((peer) => peer.namespace === policy.metadata.namespace && selects(selector, peer.labels))
        )
          yield `${title(policy)}: ${JSON.stringify(selector)} is no pod.`
        if (
          textAt(other, 'ipBlock.cidr') === '0.0.0.0/0' &&
          !portsIn(rule).every((port) => port === 443 || port === 6443)
        )
          yield `${title(policy)}: lets out to everywhere on more than HTTPS.`
      }
  }
  yield* bothEnds(policies, peers)
  yield* services(place)
}

const isForAll = (policy: KubeObject, namespace: string): boolean =>
  policy.metadata.namespace === namespace && Object.keys(fieldsAt(policy, 'spec.podSelector')).length === 0

const isSubject = (policy: KubeObject, peer: Peer): boolean =>
  policy.metadata.namespace === peer.namespace && selects(fieldsAt(policy, 'spec.podSelector'), peer.labels)

const portsIn = (rule: Fields): number[] => listAt(rule, 'ports').map((port) => numberAt(port, 'port')!)

/** Whom a policy lets each of its pods speak to within the namespace, as `a → b:port`. */
function* talks(policies: KubeObject[], peers: Peer[], direction: 'ingress' | 'egress'): Generator<string> {
  for (const policy of policies)
    for (const subject of peers.filter((peer) => isSubject(policy, peer)))
      for (const rule of listAt(policy, `spec.${direction}`))
        for (const other of listAt(rule, direction === 'ingress' ? 'from' : 'to')) {
          const selector = at(other, 'podSelector') as Fields | undefined
          if (!selector || other['namespaceSelector']) continue
          for (const peer of peers.filter(
            (each) => each.namespace === subject.namespace && selects(selector, each.labels),
          ))
            for (const port of portsIn(rule))
              yield direction === 'ingress'
                ? `${peer.title} → ${subject.title}:${port}`
                : `${subject.title} → ${peer.title}:${port}`
        }
}

function* bothEnds(policies: KubeObject[], peers: Peer[]): Generator<string> {
  const out = new Set(talks(policies, peers, 'egress'))
  const into = new Set(talks(policies, peers, 'ingress'))
  for (const talk of out.difference(into)) yield `${talk}: may be sent, and is not let in.`
  for (const talk of into.difference(out)) yield `${talk}: would be let in, and may not be sent.`
}

function* services(place: Place): Generator<string> {
  for (const service of ofKind(place, 'Service')) {
    const selector = { matchLabels: fieldsAt(service, 'spec.selector') }
    const targets = podsOf(place).filter(
      (pods) => pods.namespace === service.metadata.namespace && selects(selector, pods.labels),
    )
    if (targets.length !== 1) yield `${title(service)}: selects ${targets.length} kinds of pods.`
    for (const target of targets)
      for (const port of listAt(service, 'spec.ports'))
        if (portOf(target, port['targetPort'] ?? port['port']!) === undefined)
          yield `${title(service)}: ${target.title} has no port ${JSON.stringify(port['targetPort'])}.`
    if ((textAt(service, 'spec.type') ?? 'ClusterIP') !== 'ClusterIP')
      yield `${title(service)}: is open to more than the cluster (${textAt(service, 'spec.type')}).`
  }
}
