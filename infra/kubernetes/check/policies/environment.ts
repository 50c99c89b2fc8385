// What the processes are told: only what they read, and only what they accept. The programs' own readers are asked.
import { readSettings } from '../../../../cert-sync/src/settings.ts'
import { readConfig } from '../../../../src/platform/config.ts'
import { roleIn } from '../../../../src/platform/db/api-role.ts'
import { Hosts } from '../../../../src/platform/http/hosts.ts'
import { type Fields, fieldsAt, listAt, numberAt, textAt } from '../objects.ts'
import { ofKind, type Place, podsOf, portOf, selected } from '../place.ts'
import { settingsOfApi, settingsOfCertSync } from '../product.ts'

const ours = /\/(api|ui|cert-sync)[:@][^/]*$/

export function* environmentPolicies(place: Place): Generator<string> {
  for (const pods of podsOf(place))
    for (const container of [...pods.initContainers, ...pods.containers]) {
      const product = ours.exec(textAt(container, 'image') ?? '')?.[1]
      if (!product) continue
      const where = `${pods.title}, container ${textAt(container, 'name')}`
      const given = listAt(container, 'env')
      const names = given.map((each) => textAt(each, 'name')!)
      const values = given.map((each) => textAt(each, 'value') ?? '').join(' ')
      const readable = product === 'cert-sync' ? settingsOfCertSync() : settingsOfApi
      for (const name of names) {
        if (!readable.has(name) && !values.includes(`$(${name})`)) yield `${where}: nobody reads ${name}.`
        if (names.indexOf(name) !== names.lastIndexOf(name)) yield `${where}: ${name} is set twice.`
      }
      yield* product === 'cert-sync' ? acceptedByCertSync(where, given, place) : accepted(where, given)
      if (names.includes('PORT') && portOf(pods, 'http') !== Number(textAt(given[names.indexOf('PORT')], 'value')))
        yield `${where}: listens on another port than its pod says.`
      if (product === 'api' && names.includes('METRICS_PORT') && !isOpen(given, 'METRICS_HOST'))
        yield `${where}: Prometheus cannot reach its metrics: METRICS_HOST is not 0.0.0.0.`
    }
  yield* origins(place)
  yield* ownNames(place)
  yield* roles(place)
  yield* setupCode(place)
  yield* bus(place)
}

const isOpen = (given: Fields[], name: string): boolean =>
  given.some((each) => textAt(each, 'name') === name && textAt(each, 'value') === '0.0.0.0')

/** References are filled in as Kubernetes does; what comes from a Secret is anything. */
export function environmentOf(given: Fields[]): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const each of given) {
    const value = textAt(each, 'value') ?? 'secret'
    environment[textAt(each, 'name')!] = value.replace(/\$\((\w+)\)/g, (all, name: string) => environment[name] ?? all)
  }
  return environment
}

function* accepted(where: string, given: Fields[]): Generator<string> {
  try {
    const environment = environmentOf(given)
    const { databaseUrl, databasePasswordFile, databaseOwnerUrl } = readConfig(environment)
    if (JSON.stringify(environment).includes('$('))
      yield `${where}: a value names a variable that comes later or never.`
    if (databaseUrl && URL.parse(databaseUrl)?.password) yield `${where}: DATABASE_URL holds a password.`
    if (databaseOwnerUrl && URL.parse(databaseOwnerUrl)?.password)
      yield `${where}: DATABASE_OWNER_URL holds a password.`
    if (databaseOwnerUrl && databaseUrl && roleIn(databaseOwnerUrl).name === roleIn(databaseUrl).name)
      yield `${where}: the API has the role of the owner, who may change the schema.`
    if (databaseUrl && !databasePasswordFile) yield `${where}: has no DATABASE_PASSWORD_FILE.`
  } catch (error) {
    yield `${where}: would not start: ${(error as Error).message}`
  }
}

/** It must watch where the Ingresses are, and mark its certificates with this cluster's name. */
function* acceptedByCertSync(where: string, given: Fields[], place: Place): Generator<string> {
  try {
    const { namespaces, cluster } = readSettings(environmentOf(given))
    for (const { metadata } of ofKind(place, 'Ingress'))
      if (!namespaces.includes(metadata.namespace ?? '')) yield `${where}: does not watch ${metadata.namespace}.`
    if (cluster !== place.settings['CLUSTER']) yield `${where}: CLUSTER is not the environment's.`
  } catch (error) {
    yield `${where}: would not start: ${(error as Error).message}`
  }
}

const valueIn = (place: Place, deployment: string, name: string): string | undefined => {
  const [pods] = podsOf(place).filter(({ owner }) => owner.kind === 'Deployment' && owner.metadata.name === deployment)
  return textAt(
    listAt(pods?.containers[0], 'env').find((each) => each['name'] === name),
    'value',
  )
}

function* origins(place: Place): Generator<string> {
  const [ui, api] = [valueIn(place, 'api', 'UI_ORIGIN'), valueIn(place, 'ui', 'API_ORIGIN')]
  if (!ui || !api) return yield `${place.overlay}: the API must know UI_ORIGIN, and the UI API_ORIGIN.`
  const local = place.overlay.startsWith('local/')
  if (ui === api) yield `${place.overlay}: UI and API have one origin, and two load balancers.`
  for (const origin of [ui, api])
    if (!local && !origin.startsWith('https://')) yield `${place.overlay}: ${origin} is not https.`
  const zone = place.settings['ZONE']
  for (const origin of [ui, api])
    if (zone && !URL.parse(origin)?.hostname.endsWith(`.${zone}`))
      yield `${place.overlay}: ${origin} is not in the zone ${zone}.`
  const database = valueIn(place, 'api', 'DATABASE_URL') ?? ''
  if (!/[?&]sslmode=verify-full\b/.test(database))
    yield `${place.overlay}: the database's certificate is not verified (sslmode=verify-full).`
}

/** A process must answer to every name under which people open it, and to every name of a route to its pod. */
function* ownNames(place: Place): Generator<string> {
  const names: [deployment: string, host: string][] = [
    ['ui', hostOf(place.settings['UI_ORIGIN'])],
    ['api', hostOf(place.settings['API_ORIGIN'])],
  ]
  for (const ingress of ofKind(place, 'Ingress'))
    for (const rule of listAt(ingress, 'spec.rules'))
      for (const path of listAt(rule, 'http.paths')) {
        // Whoever asks whether it is ready is answered whatever the name.
        if (textAt(path, 'path') === '/readyz' && textAt(path, 'pathType') === 'Exact') continue
        const service = ofKind(place, 'Service').find(
          ({ metadata }) => metadata.name === textAt(path, 'backend.service.name'),
        )
        const selector = { matchLabels: fieldsAt(service, 'spec.selector') }
        for (const { owner } of service ? selected(place, service.metadata.namespace ?? '', selector) : [])
          names.push([owner.metadata.name, textAt(rule, 'host') ?? ''])
      }
  for (const [deployment, host] of names) {
    const [pods] = podsOf(place).filter(
      ({ owner }) => owner.kind === 'Deployment' && owner.metadata.name === deployment,
    )
    if (pods && !knows(listAt(pods.containers[0], 'env'), host))
      yield `${place.overlay}: ${deployment} does not know its own name ${host}, and would answer 421.`
  }
}

const hostOf = (origin: string | undefined): string => URL.parse(origin ?? '')?.host ?? ''

function knows(given: Fields[], host: string): boolean {
  try {
    return new Hosts(readConfig(environmentOf(given)), 'pod').kindOf(host) === 'ours'
  } catch {
    // `accepted` says what is wrong with its settings.
    return true
  }
}

/** The owner's password is for the migration's Job; whatever serves has another role and another Secret. */
function* roles(place: Place): Generator<string> {
  const secretsOf = (spec: Fields): string[] =>
    listAt(spec, 'volumes').flatMap((volume) => textAt(volume, 'secret.secretName') ?? [])
  const jobs = podsOf(place).filter(({ owner }) => owner.kind === 'Job')
  const ownerSecrets = new Set(
    jobs.flatMap(({ spec }) =>
      listAt(spec, 'volumes').flatMap((volume) =>
        textAt(volume, 'name') === 'database-owner' ? (textAt(volume, 'secret.secretName') ?? []) : [],
      ),
    ),
  )
  if (ownerSecrets.size === 0) yield `${place.overlay}: migrations have no role of their own (volume database-owner).`
  for (const pods of podsOf(place))
    for (const secret of pods.owner.kind === 'Job' ? [] : secretsOf(pods.spec))
      if (ownerSecrets.has(secret)) yield `${pods.title}: has the password of the database's owner (${secret}).`
}

/** Nobody makes the first account without it; a pod keeps no file for it, so the operator's Secret must bring it. */
function* setupCode(place: Place): Generator<string> {
  for (const { owner, containers, title } of podsOf(place)) {
    if (owner.kind !== 'Deployment' || owner.metadata.name !== 'api') continue
    const isBrought = listAt(containers[0], 'envFrom').some((each) => textAt(each, 'secretRef.name') === 'api')
    if (!isBrought) yield `${title}: no Secret brings SETUP_CODE, and nobody can make the first account.`
  }
  if (valueIn(place, 'api', 'SETUP_CODE') !== undefined)
    yield `${place.overlay}: SETUP_CODE stands in a file; it belongs into the Secret api.`
}

/** The API must name each server of the bus, and the servers each other. */
function* bus(place: Place): Generator<string> {
  const [nats] = ofKind(place, 'StatefulSet').filter(({ metadata }) => metadata.name === 'nats')
  const wanted = Array.from({ length: numberAt(nats, 'spec.replicas') ?? 0 }, (_, index) => `nats-${index}.nats`).join()
  const named = (text: string): string =>
    [...text.matchAll(/(?<=[/@])(nats-\d+\.nats):/g)].map(([, name]) => name).join()
  if (named(valueIn(place, 'api', 'NATS_URL') ?? '') !== wanted)
    yield `${place.overlay}: NATS_URL does not name ${wanted}.`
  const [map] = ofKind(place, 'ConfigMap').filter(({ metadata }) => metadata.name.startsWith('nats-'))
  const routes = textAt(map, 'data', 'nats.conf') ?? ''
  if (named(routes) !== wanted) yield `${place.overlay}: nats.conf does not have routes to ${wanted}.`
}
