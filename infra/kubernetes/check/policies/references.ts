// Whatever an object names must be there: ConfigMaps, Secrets and their keys, accounts, roles, targets.
import { at, type Fields, fieldsAt, type Json, isFields, type KubeObject, listAt, textAt, title } from '../objects.ts'
import { ofKind, type Place, podsOf } from '../place.ts'

/** Secrets that the README has made by hand where no controller brings them. */
const byHand: Record<string, [name: string, key: string][]> = {
  'local/cloudnative-pg': [
    ['nats', 'password'],
    ['database-api', 'password'],
  ],
  'local/given-database': [
    ['nats', 'password'],
    ['database-api', 'password'],
    ['database', 'password'],
  ],
}

export function* referencePolicies(place: Place): Generator<string> {
  const secrets = secretsOf(place)
  const maps = new Map(
    ofKind(place, 'ConfigMap').map((map) => [`${map.metadata.namespace}/${map.metadata.name}`, keysOf(map['data'])]),
  )
  for (const pods of podsOf(place)) {
    for (const { kind, name, keys, optional } of needsOf(pods.spec)) {
      const held = (kind === 'Secret' ? secrets : maps).get(`${pods.namespace}/${name}`)
      if (!held && !optional) yield `${pods.title}: there is no ${kind} ${name}.`
      for (const key of keys)
        if (held && held !== 'any' && !held.has(key)) yield `${pods.title}: ${kind} ${name} has no ${key}.`
    }
    const priority = textAt(pods.spec, 'priorityClassName')
    if (priority && !ofKind(place, 'PriorityClass').some(({ metadata }) => metadata.name === priority))
      yield `${pods.title}: there is no PriorityClass ${priority}.`
    const mounted = new Set(listAt(pods.spec, 'volumes').map((volume) => textAt(volume, 'name')))
    for (const container of [...pods.initContainers, ...pods.containers])
      for (const mount of listAt(container, 'volumeMounts'))
        if (!mounted.has(textAt(mount, 'name'))) yield `${pods.title}: there is no volume ${textAt(mount, 'name')}.`
  }
  yield* targets(place)
}

const keysOf = (data: Json | undefined): Set<string> => new Set(isFields(data) ? Object.keys(data) : [])

/** `namespace/name` → its keys, or any where that is for AWS to know. */
function secretsOf(place: Place): Map<string, Set<string> | 'any'> {
  const secrets = new Map<string, Set<string> | 'any'>()
  for (const external of ofKind(place, 'ExternalSecret')) {
    const whole = listAt(external, 'spec.dataFrom')
    const generated =
      whole.length > 0 && whole.every((each) => textAt(each, 'sourceRef.generatorRef.kind') === 'Password')
    const keys = new Set(listAt(external, 'spec.data').map((each) => textAt(each, 'secretKey')!))
    if (generated) keys.add('password')
    const name = textAt(external, 'spec.target.name') ?? external.metadata.name
    secrets.set(`${external.metadata.namespace}/${name}`, whole.length > 0 && !generated ? 'any' : keys)
  }
  for (const { metadata } of ofKind(place, 'Cluster')) {
    secrets.set(`${metadata.namespace}/${metadata.name}-app`, new Set(['username', 'password', 'uri']))
    secrets.set(`${metadata.namespace}/${metadata.name}-ca`, new Set(['ca.crt']))
  }
  for (const [name, key] of byHand[place.overlay] ?? []) secrets.set(`all-is-whale/${name}`, new Set([key]))
  return secrets
}

function* needsOf(
  spec: Fields,
): Generator<{ kind: 'Secret' | 'ConfigMap'; name: string; keys: string[]; optional: boolean }> {
  for (const volume of listAt(spec, 'volumes')) {
    const [secret, map] = [at(volume, 'secret'), at(volume, 'configMap')]
    const source = isFields(secret) ? secret : isFields(map) ? map : undefined
    if (!source) continue
    const name = textAt(source, 'secretName') ?? textAt(source, 'name')!
    const keys = listAt(source, 'items').map((item) => textAt(item, 'key')!)
    yield { kind: secret ? 'Secret' : 'ConfigMap', name, keys, optional: source['optional'] === true }
  }
  for (const container of [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')]) {
    for (const each of listAt(container, 'env'))
      for (const [field, kind] of [
        ['secretKeyRef', 'Secret'],
        ['configMapKeyRef', 'ConfigMap'],
      ] as const) {
        const source = fieldsAt(each, 'valueFrom', field)
        if (textAt(source, 'name'))
          yield {
            kind,
            name: textAt(source, 'name')!,
            keys: [textAt(source, 'key')!],
            optional: source['optional'] === true,
          }
      }
    for (const each of listAt(container, 'envFrom'))
      for (const [field, kind] of [
        ['secretRef', 'Secret'],
        ['configMapRef', 'ConfigMap'],
      ] as const) {
        const source = fieldsAt(each, field)
        if (textAt(source, 'name'))
          yield { kind, name: textAt(source, 'name')!, keys: [], optional: source['optional'] === true }
      }
  }
}

function* targets(place: Place): Generator<string> {
  const has = (kind: string, name: string | undefined, namespace?: string): boolean =>
    ofKind(place, kind).some(
      ({ metadata }) => metadata.name === name && (namespace === undefined || metadata.namespace === namespace),
    )
  const namespaces = new Set(ofKind(place, 'Namespace').map(({ metadata }) => metadata.name))
  const clusterWide = ['Namespace', 'PriorityClass', 'ClusterIssuer', 'ClusterRole', 'ClusterRoleBinding']
  for (const object of place.objects) {
    const { namespace } = object.metadata
    if (!clusterWide.includes(object.kind) && !namespaces.has(namespace ?? ''))
      yield `${title(object)}: there is no namespace ${namespace ?? '(none named)'}.`
    if (clusterWide.includes(object.kind) && namespace) yield `${title(object)}: is not in a namespace.`
    yield* named(object, has)
  }
}

function* named(
  object: KubeObject,
  has: (kind: string, name: string | undefined, namespace?: string) => boolean,
): Generator<string> {
  const { namespace } = object.metadata
  if (object.kind === 'HorizontalPodAutoscaler') {
    const target = fieldsAt(object, 'spec.scaleTargetRef')
    if (!has(textAt(target, 'kind')!, textAt(target, 'name'), namespace))
      yield `${title(object)}: scales nothing that exists.`
  }
  if (object.kind === 'RoleBinding') {
    if (!has('Role', textAt(object, 'roleRef.name'), namespace))
      yield `${title(object)}: there is no Role ${textAt(object, 'roleRef.name')}.`
    for (const subject of listAt(object, 'subjects'))
      if (!has('ServiceAccount', textAt(subject, 'name'), textAt(subject, 'namespace')))
        yield `${title(object)}: there is no ServiceAccount ${textAt(subject, 'namespace')}/${textAt(subject, 'name')}.`
  }
  if (object.kind === 'ExternalSecret') {
    const store = textAt(object, 'spec.secretStoreRef.name')
    if (store && !has(textAt(object, 'spec.secretStoreRef.kind')!, store, namespace))
      yield `${title(object)}: there is no store ${store}.`
    for (const each of listAt(object, 'spec.dataFrom')) {
      const generator = fieldsAt(each, 'sourceRef.generatorRef')
      if (textAt(generator, 'name') && !has(textAt(generator, 'kind')!, textAt(generator, 'name'), namespace))
        yield `${title(object)}: there is no generator ${textAt(generator, 'name')}.`
    }
  }
  if (object.kind === 'StatefulSet' && !has('Service', textAt(object, 'spec.serviceName'), namespace))
    yield `${title(object)}: there is no Service ${textAt(object, 'spec.serviceName')} to name its pods.`
}
