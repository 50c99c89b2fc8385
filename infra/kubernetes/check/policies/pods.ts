// What every pod must have: limits, pinned images, probes, and no privilege.
import { at, type Fields, fieldsAt, listAt, numberAt, stringsAt, textAt } from '../objects.ts'
import { isLasting, ofKind, type Place, type Pods, podsOf } from '../place.ts'

export function* podPolicies(place: Place): Generator<string> {
  for (const pods of podsOf(place)) {
    yield* podFindings(place, pods)
    for (const container of [...pods.initContainers, ...pods.containers]) {
      const name = `${pods.title}, container ${textAt(container, 'name')}`
      for (const finding of containerFindings(container)) yield `${name}: ${finding}`
    }
    if (isLasting(pods))
      for (const container of pods.containers)
        for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
          if (at(container, probe) === undefined) yield `${pods.title}: ${textAt(container, 'name')} has no ${probe}.`
  }
  for (const namespace of ofKind(place, 'Namespace'))
    for (const mode of ['enforce', 'warn', 'audit'])
      if (namespace.metadata.labels?.[`pod-security.kubernetes.io/${mode}`] !== 'restricted')
        yield `Namespace ${namespace.metadata.name}: pod security is not restricted (${mode}).`
}

function* podFindings(place: Place, { title, namespace, spec }: Pods): Generator<string> {
  const security = fieldsAt(spec, 'securityContext')
  if (security['runAsNonRoot'] !== true) yield `${title}: runAsNonRoot is not set.`
  if (!(Number(security['runAsUser']) > 0)) yield `${title}: runAsUser is not a number above 0.`
  if (textAt(security, 'seccompProfile.type') !== 'RuntimeDefault')
    yield `${title}: seccompProfile is not RuntimeDefault.`
  for (const host of ['hostNetwork', 'hostPID', 'hostIPC'])
    if (spec[host] !== undefined && spec[host] !== false) yield `${title}: ${host} is set.`
  const volumes = at(spec, 'volumes')
  if (JSON.stringify(volumes ?? []).includes('"hostPath"')) yield `${title}: mounts a folder of its node (hostPath).`
  for (const volume of listAt(spec, 'volumes').filter((each) => each['secret'] !== undefined)) {
    const mode = numberAt(volume, 'secret.defaultMode') ?? 0o644
    const name = `${title}: the secret volume ${textAt(volume, 'name')}`
    if ((mode & 0o7) !== 0) yield `${name} can be read by everybody in the container.`
    if ((mode & 0o40) === 0 || security['fsGroup'] === undefined)
      yield `${name} cannot be read by the process (group, fsGroup).`
  }
  if (spec['enableServiceLinks'] !== false) yield `${title}: enableServiceLinks is not off.`
  const account = textAt(spec, 'serviceAccountName')
  const exists = ofKind(place, 'ServiceAccount').some(
    ({ metadata }) => metadata.name === account && metadata.namespace === namespace,
  )
  if (!account || !exists) yield `${title}: there is no ServiceAccount ${account ?? '(none named)'}.`
  const bound = ofKind(place, 'RoleBinding', 'ClusterRoleBinding').some((binding) =>
    JSON.stringify(binding['subjects']).includes(`"name":"${account}","namespace":"${namespace}"`),
  )
  if (!bound && spec['automountServiceAccountToken'] !== false)
    yield `${title}: has a service-account token, and no use for it.`
  if (!textAt(spec, 'priorityClassName')) yield `${title}: has no priority.`
}

function* containerFindings(container: Fields): Generator<string> {
  for (const bound of ['requests', 'limits'])
    for (const resource of ['cpu', 'memory'])
      if (at(container, 'resources', bound, resource) === undefined) yield `no ${bound} of ${resource}.`
  const image = textAt(container, 'image') ?? ''
  const pinned = /@sha256:[0-9a-f]{64}$/.test(image) || /^[^\s]+\/[^\s:]+:(?!latest$)[\w][\w.-]*\d[\w.-]*$/.test(image)
  if (!pinned) yield `the image ${image} is not pinned to a release or a digest.`
  const security = fieldsAt(container, 'securityContext')
  if (security['allowPrivilegeEscalation'] !== false) yield 'may escalate its privileges.'
  if (security['readOnlyRootFilesystem'] !== true) yield 'its root file system can be written.'
  if (security['privileged'] === true) yield 'is privileged.'
  if (!stringsAt(security, 'capabilities.drop').includes('ALL')) yield 'keeps capabilities.'
  if (stringsAt(security, 'capabilities.add').length > 0) yield 'adds capabilities.'
}
