// The settings of an environment, and what Terraform and the images have to say about them.
import { settingsForMonitoring } from '../../../scripts/monitoring-files.ts'
import { stringsAt } from '../objects.ts'
import { ofKind, type Place, podsOf } from '../place.ts'
import {
  accountsInTerraform,
  apiImageHolds,
  settingsFromTerraform,
  settingsOfApi,
  tlsModeInTerraform,
} from '../product.ts'

/** What Terraform cannot know. */
const byHand = ['VERSION', 'ACME_EMAIL', 'ACME_SERVER', ...settingsForMonitoring]

export function* settingsPolicies(place: Place): Generator<string> {
  for (const name of Object.keys(place.settings))
    if (!place.used.has(name) && !settingsForMonitoring.includes(name) && !awaited(name))
      yield `${place.overlay}/settings.env: nothing uses ${name}.`
  yield* terraform(place)
  for (const pods of podsOf(place))
    for (const container of [...pods.initContainers, ...pods.containers]) {
      const [program, file] = stringsAt(container, 'command')
      if (program === 'node' && file && !apiImageHolds(file)) yield `${pods.title}: ${file} is not in the image.`
    }
}

/** Terraform already prints the bucket; the API takes files to S3 once its configuration has S3_BUCKET. */
const awaited = (name: string): boolean => name === 'FILES_BUCKET' && !settingsOfApi.has('S3_BUCKET')

function* terraform(place: Place): Generator<string> {
  const environment = /^aws\/(.*?)(?:-asleep)?$/.exec(place.overlay)?.[1]
  if (!environment) return
  const mode = tlsModeInTerraform(environment)
  if (mode && !place.components.has(`tls-${mode}`))
    yield `${place.overlay}: Terraform's tls_mode is ${mode}, and the component tls-${mode} is not listed.`
  const printed = settingsFromTerraform(environment)
  for (const name of printed)
    if (!(name in place.settings)) yield `${place.overlay}/settings.env: has no ${name}, which Terraform prints.`
  for (const name of Object.keys(place.settings))
    if (!printed.includes(name) && !byHand.includes(name))
      yield `${place.overlay}/settings.env: Terraform does not print ${name}.`
  for (const [namespace, name] of accountsInTerraform(['api', 'cert-sync', 'external-dns'])) {
    const wanted = name !== 'cert-sync' || place.components.has('cert-sync')
    const exists = ofKind(place, 'ServiceAccount').some(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    )
    if (wanted && !exists) yield `${place.overlay}: Terraform gives a role to ${namespace}/${name}, which is not here.`
  }
}
