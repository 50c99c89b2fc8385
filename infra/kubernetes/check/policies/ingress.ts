// The way in: a load balancer of its own for each Ingress, HTTPS alone, and times that suit streams.
import { fieldsAt, type KubeObject, listAt, numberAt, stringsAt, textAt, title } from '../objects.ts'
import { ofKind, type Place, podsOf, portOf, selected } from '../place.ts'
import { heartbeatSeconds, keepAliveSeconds } from '../product.ts'

const alb = 'alb.ingress.kubernetes.io/'

/** The controller ignores an annotation that it does not know, so a slip of the pen would go unnoticed. */
const known = new Set(
  `scheme target-type listen-ports ssl-redirect ssl-policy create-acm-cert tags wafv2-acl-arn inbound-cidrs
  ip-address-type load-balancer-attributes target-group-attributes healthcheck-path healthcheck-interval-seconds
  healthcheck-timeout-seconds healthy-threshold-count unhealthy-threshold-count success-codes`.split(/\s+/),
)

export function* ingressPolicies(place: Place): Generator<string> {
  const ingresses = ofKind(place, 'Ingress')
  if (place.overlay.startsWith('aws/') && ingresses.length !== 2)
    yield `${place.overlay}: UI and API have an Ingress each.`
  const modes = new Set<string>()
  for (const ingress of ingresses) {
    const annotations = ingress.metadata.annotations ?? {}
    const note = (name: string): string => textAt({ value: annotations[alb + name] ?? '' }, 'value') ?? ''
    const findings = [
      balancer(annotations as Record<string, string>, note),
      hosts(ingress),
      backends(place, ingress, note),
    ]
    for (const each of findings) for (const finding of each) yield `${title(ingress)}: ${finding}`
    modes.add(yield* certificate(place, ingress, annotations as Record<string, string>))
  }
  if (modes.size > 1) yield `${place.overlay}: two ways to certificates (${[...modes].join(', ')}); tls.mode is one.`
  const all = ingresses.flatMap((ingress) => listAt(ingress, 'spec.rules').map((rule) => textAt(rule, 'host')))
  for (const host of all)
    if (all.indexOf(host) !== all.lastIndexOf(host)) yield `${place.overlay}: ${host} has two Ingresses.`
}

const attributes = (text: string): Map<string, string> =>
  new Map(text.split(',').map((pair) => pair.split('=') as [string, string]))

function* balancer(annotations: Record<string, string>, note: (name: string) => string): Generator<string> {
  for (const [name, value] of Object.entries(annotations)) {
    if (typeof value !== 'string') yield `${name} is not text; the API refuses it.`
    if (name === `${alb}group.name`) yield 'shares a load balancer (group.name); each has its own.'
    else if (name === `${alb}certificate-arn`) yield 'certificate-arn is cert-sync’s to write.'
    else if (name.startsWith(alb) && !known.has(name.slice(alb.length)))
      yield `${name} is no annotation of the controller.`
  }
  if (note('scheme') !== 'internet-facing') yield 'is not reachable from outside.'
  if (note('target-type') !== 'ip') yield 'target-type is not ip: requests would take a detour over other nodes.'
  if (note('listen-ports').replaceAll(' ', '') !== '[{"HTTP":80},{"HTTPS":443}]') yield 'does not listen on 80 and 443.'
  if (note('ssl-redirect') !== '443') yield 'does not redirect HTTP to HTTPS.'
  if (!/^ELBSecurityPolicy-TLS13-1-[23]-/.test(note('ssl-policy'))) yield 'ssl-policy allows less than TLS 1.2.'
  const idle = Number(attributes(note('load-balancer-attributes')).get('idle_timeout.timeout_seconds'))
  if (!(idle > 2 * heartbeatSeconds))
    yield `the idle time-out cuts streams: ${idle} s, heartbeats come every ${heartbeatSeconds} s.`
  if (!(idle < keepAliveSeconds))
    yield `the idle time-out (${idle} s) is not below the API's keep-alive (${keepAliveSeconds} s).`
  if (attributes(note('load-balancer-attributes')).get('routing.http.drop_invalid_header_fields.enabled') !== 'true')
    yield 'lets invalid header fields through.'
}

function* hosts(ingress: KubeObject): Generator<string> {
  if (textAt(ingress, 'spec.ingressClassName') !== 'alb') yield 'is not of the class alb.'
  const secured = new Set(listAt(ingress, 'spec.tls').flatMap((each) => stringsAt(each, 'hosts')))
  const served = new Set(listAt(ingress, 'spec.rules').map((rule) => textAt(rule, 'host') ?? '(any)'))
  for (const host of served.difference(secured)) yield `${host} has no certificate (tls).`
  for (const host of secured.difference(served)) yield `${host} has a certificate and no rule.`
}

function* backends(place: Place, ingress: KubeObject, note: (name: string) => string): Generator<string> {
  const { namespace } = ingress.metadata
  for (const path of listAt(ingress, 'spec.rules').flatMap((rule) => listAt(rule, 'http.paths'))) {
    const { name, port } = fieldsAt(path, 'backend.service') as {
      name?: string
      port?: { name?: string; number?: number }
    }
    const service = ofKind(place, 'Service').find(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    )
    const found = listAt(service, 'spec.ports').find(
      (each) => each['name'] === port?.name || each['port'] === port?.number,
    )
    if (!service || !found) {
      yield `there is no Service ${name} with port ${port?.name ?? port?.number}.`
      continue
    }
    const selector = { matchLabels: fieldsAt(service, 'spec.selector') }
    for (const pods of selected(place, namespace!, selector)) {
      const target = portOf(pods, found['targetPort']!)
      if (target === portOf(pods, 'metrics')) yield 'shows the metrics to everybody.'
      const [container] = pods.containers
      if (textAt(container, 'readinessProbe.httpGet.path') !== note('healthcheck-path'))
        yield `asks for ${note('healthcheck-path')}, Kubernetes for ${textAt(container, 'readinessProbe.httpGet.path')}.`
      const pause = numberAt(container, 'lifecycle.preStop.sleep.seconds') ?? 0
      const delay = Number(attributes(note('target-group-attributes')).get('deregistration_delay.timeout_seconds'))
      if (!(delay >= pause)) yield `lets go of a pod after ${delay} s, which serves for ${pause} s more.`
    }
  }
}

/** Returns how the Ingress comes to its certificate. */
function* certificate(
  place: Place,
  ingress: KubeObject,
  annotations: Record<string, string>,
): Generator<string, string> {
  const issuer = annotations['cert-manager.io/cluster-issuer']
  const acm = annotations[`${alb}create-acm-cert`] === 'true'
  const secrets = listAt(ingress, 'spec.tls').map((each) => textAt(each, 'secretName'))
  if (acm === (issuer !== undefined)) yield `${title(ingress)}: needs one of create-acm-cert and cert-manager's issuer.`
  if (acm && secrets.some(Boolean))
    yield `${title(ingress)}: names a Secret, which nobody makes with ACM's own certificates.`
  if (acm) return 'acm'
  if (secrets.includes(undefined)) yield `${title(ingress)}: a tls without secretName makes no certificate.`
  if (annotations['all-is-whale/cert-sync'] !== 'enabled')
    yield `${title(ingress)}: does not ask cert-sync to bring its certificate.`
  const found = ofKind(place, 'ClusterIssuer').find(({ metadata }) => metadata.name === issuer)
  if (!found) yield `${title(ingress)}: there is no ClusterIssuer ${issuer}.`
  const zones = listAt(found, 'spec.acme.solvers').flatMap((each) => stringsAt(each, 'selector.dnsZones'))
  for (const host of listAt(ingress, 'spec.tls').flatMap((each) => stringsAt(each, 'hosts')))
    if (!zones.some((zone) => host.endsWith(`.${zone}`)))
      yield `${title(ingress)}: ${host} is in no zone that the issuer can prove.`
  const readable = ofKind(place, 'Role')
    .filter(({ metadata }) => metadata.name === 'cert-sync' && metadata.namespace === ingress.metadata.namespace)
    .flatMap((role) => listAt(role, 'rules'))
    .flatMap((rule) => (stringsAt(rule, 'resources').includes('secrets') ? stringsAt(rule, 'resourceNames') : []))
  for (const secret of secrets)
    if (secret && !readable.includes(secret)) yield `${title(ingress)}: cert-sync may not read ${secret}.`
  if (!podsOf(place).some(({ owner }) => owner.metadata.name === 'cert-sync'))
    yield `${title(ingress)}: nobody carries its certificate to ACM.`
  return 'letsencrypt'
}
