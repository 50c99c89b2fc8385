// No secret in a file, no right that is not needed, nothing left unfilled.
import { X509Certificate } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { type Fields, type KubeObject, listAt, strings, stringsAt, textAt, title } from '../objects.ts'
import { ofKind, type Place } from '../place.ts'
import { rightsOfCertSync } from '../product.ts'

const secret = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS key'],
  [/\b[a-z][a-z0-9+]*:\/\/[^\s/:@$]+:(?!\$\()[^\s/@]+@/, 'a password in an address'],
  [/(?<![A-Za-z])(?:password|secret|token)\s*[:=]\s*(?!\$)["']?[^\s"'$]{6,}/i, 'a password'],
] as const

export function* secrecyPolicies(place: Place): Generator<string> {
  for (const object of place.objects) {
    if (object.kind === 'Secret') yield `${title(object)}: is a Secret in plain text.`
    for (const { path, text } of strings(object)) {
      if (/placeholder|^192\.0\.2\.0\/32$/.test(text)) yield `${title(object)}: ${path} was not filled in.`
      if (text.trim() === '' && path !== 'rules' && !path.includes('apiGroups'))
        yield `${title(object)}: ${path} is empty.`
      for (const [pattern, what] of secret) if (pattern.test(text)) yield `${title(object)}: ${path} holds ${what}.`
    }
  }
  for (const role of ofKind(place, 'Role', 'ClusterRole')) yield* rights(role)
  yield* certSync(place)
  yield* roots(place)
}

function* rights(role: KubeObject): Generator<string> {
  if (role.kind === 'ClusterRole') yield `${title(role)}: reaches beyond the namespaces of this place.`
  for (const rule of listAt(role, 'rules')) {
    for (const field of ['verbs', 'resources', 'apiGroups'])
      if (stringsAt(rule, field).includes('*')) yield `${title(role)}: any of ${field}.`
    if (stringsAt(rule, 'resources').includes('secrets') && stringsAt(rule, 'resourceNames').length === 0)
      yield `${title(role)}: may read every Secret.`
  }
}

/** The Roles are what cert-sync's own list says, with the names of the Secrets filled in: no more, no less. */
function* certSync(place: Place): Generator<string> {
  const roles = ofKind(place, 'Role').filter(({ metadata }) => metadata.name === 'cert-sync')
  const wanted = rightsOfCertSync()
  if (!wanted || roles.length === 0) return
  const tls = ofKind(place, 'Ingress').flatMap((each) =>
    listAt(each, 'spec.tls').map((one) => textAt(one, 'secretName')),
  )
  const names = tls.map((name) => `"${name}"`).join()
  const filled = JSON.parse(JSON.stringify(wanted).replace('"${tlsSecretNames}"', names)) as typeof wanted
  // Neither the order of the rules nor that within them means anything.
  const lists = ['apiGroups', 'resources', 'resourceNames', 'verbs']
  const plain = (rules: Fields[]) =>
    rules.map((rule) => lists.map((list) => stringsAt(rule, list).sort().join(' ')).join(' | ')).sort()
  for (const role of roles) {
    const rules = role.metadata.namespace === 'cert-sync' ? filled.ownNamespace : filled.watchedNamespaces
    if (!isDeepStrictEqual(plain(listAt(role, 'rules')), plain(rules as unknown as Fields[])))
      yield `${title(role)}: is not what cert-sync/rbac.json asks for.`
  }
}

/** The database's certificate is checked against these; an expired or broken one would lock everybody out. */
function* roots(place: Place): Generator<string> {
  const [map] = ofKind(place, 'ConfigMap').filter(({ metadata }) => metadata.name.startsWith('database-ca-'))
  if (!map) return
  const pem = [...strings(map['data'])].map(({ text }) => text).join('\n')
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) yield `${title(map)}: holds no certificate.`
  const soon = Date.now() + 365 * 86_400_000
  for (const block of blocks)
    try {
      const certificate = new X509Certificate(block)
      if (!certificate.ca || !certificate.verify(certificate.publicKey))
        yield `${title(map)}: ${certificate.subject} is no root.`
      if (Date.parse(certificate.validTo) < soon)
        yield `${title(map)}: ${certificate.subject} ends on ${certificate.validTo}.`
    } catch {
      yield `${title(map)}: a certificate cannot be read.`
    }
  const region = place.settings['REGION']
  if (region && !pem.includes(`RDS ${region} Root CA`)) yield `${title(map)}: no root for the region ${region}.`
}
