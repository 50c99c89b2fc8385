// What must hold while a node is drained, a zone is lost or a release is rolled out.
import { at, fieldsAt, listAt, numberAt, selects, stringsAt, textAt, title } from '../objects.ts'
import { isLasting, ofKind, type Place, type Pods, podsOf, selected } from '../place.ts'
import { stopSeconds } from '../product.ts'

/** Runs once on purpose, and nobody waits for it. */
const single = ['external-dns']

export function* availabilityPolicies(place: Place): Generator<string> {
  for (const pods of podsOf(place).filter(isLasting)) {
    yield* replicas(place, pods)
    yield* disruption(place, pods)
    if (!single.includes(pods.owner.metadata.name)) yield* spread(pods)
    yield* ending(pods)
    const unavailable = at(pods.owner, 'spec.strategy.rollingUpdate.maxUnavailable')
    if (['api', 'ui'].includes(pods.owner.metadata.name) && unavailable !== 0)
      yield `${pods.title}: a rollout takes pods away before the new ones are there (maxUnavailable).`
  }
  yield* migration(place)
}

const scalersOf = (place: Place, { owner, namespace }: Pods) =>
  ofKind(place, 'HorizontalPodAutoscaler').filter(
    (scaler) =>
      scaler.metadata.namespace === namespace &&
      textAt(scaler, 'spec.scaleTargetRef.kind') === owner.kind &&
      textAt(scaler, 'spec.scaleTargetRef.name') === owner.metadata.name,
  )

function* replicas(place: Place, pods: Pods): Generator<string> {
  const fixed = numberAt(pods.owner, 'spec.replicas')
  const [scaler, another] = scalersOf(place, pods)
  if (another) yield `${pods.title}: two autoscalers.`
  if (scaler && fixed !== undefined && fixed !== 0)
    yield `${pods.title}: replicas and an autoscaler: every apply would set its work back.`
  const least = scaler ? numberAt(scaler, 'spec.minReplicas') : fixed
  const enough = single.includes(pods.owner.metadata.name) ? 1 : 2
  if ((least ?? 1) < enough) yield `${pods.title}: ${least ?? 1} replica; the loss of a zone would be the loss of it.`
}

function* disruption(place: Place, pods: Pods): Generator<string> {
  const budgets = ofKind(place, 'PodDisruptionBudget').filter(
    (budget) => budget.metadata.namespace === pods.namespace && selects(fieldsAt(budget, 'spec.selector'), pods.labels),
  )
  if (budgets.length !== 1) yield `${pods.title}: ${budgets.length} PodDisruptionBudgets instead of one.`
  for (const budget of budgets)
    if (!(Number(at(budget, 'spec.maxUnavailable')) >= 1))
      yield `${title(budget)}: maxUnavailable is not 1 or more, so it may block the drain of a node for ever.`
}

function* spread({ title, spec, labels }: Pods): Generator<string> {
  for (const key of ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']) {
    const constraint = listAt(spec, 'topologySpreadConstraints').find((each) => each['topologyKey'] === key)
    if (!constraint) yield `${title}: is not spread over ${key}.`
    else if (!selects(fieldsAt(constraint, 'labelSelector'), labels))
      yield `${title}: the spread over ${key} counts other pods than its own.`
  }
}

/** preStop, the time that the process takes to stop in good order, and some air, must fit into the grace period. */
function* ending({ title, owner, spec, containers }: Pods): Generator<string> {
  const grace = numberAt(spec, 'terminationGracePeriodSeconds') ?? 30
  const stop = stopSeconds[owner.metadata.name]
  if (stop === undefined) return
  const pause = Math.max(0, ...containers.map((each) => numberAt(each, 'lifecycle.preStop.sleep.seconds') ?? 0))
  if (pause + stop + 5 > grace)
    yield `${title}: preStop (${pause} s) and stopping (${stop} s) do not fit into a grace period of ${grace} s.`
  if (pause < 10) yield `${title}: preStop gives the load balancer ${pause} s to hear of it; it needs 10 or more.`
}

function* migration(place: Place): Generator<string> {
  const [api] = podsOf(place).filter(({ owner }) => owner.kind === 'Deployment' && owner.metadata.name === 'api')
  const [job] = podsOf(place).filter(({ owner }) => owner.kind === 'Job')
  if (!api || !job) return yield `${place.overlay}: there must be a Deployment api and a Job for the migrations.`
  const imageOf = (pods: Pods) => textAt(pods.containers[0], 'image')
  if (imageOf(api) !== imageOf(job)) yield `${job.title}: migrates with ${imageOf(job)}, the API is ${imageOf(api)}.`
  const wait = api.initContainers.find((each) => stringsAt(each, 'command').join(' ') === 'node src/migrate.ts --wait')
  if (!wait) yield `${api.title}: does not wait for the migrations.`
  else if (textAt(wait, 'image') !== imageOf(api)) yield `${api.title}: waits with another image than it runs.`
  if (stringsAt(job.containers[0], 'command').join(' ') !== 'node src/migrate.ts')
    yield `${job.title}: migrates nothing.`
  const environment = listAt(api.containers[0], 'env')
  if (!environment.some((each) => each['name'] === 'MIGRATE' && each['value'] === 'off'))
    yield `${api.title}: MIGRATE is not off: the release before could not start during a rollout.`
  if (selected(place, 'all-is-whale', { matchLabels: { 'app.kubernetes.io/name': 'api' } }).length !== 1)
    yield `${place.overlay}: the label of the API is used twice.`
}
