import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import type { KubeObject } from '../../kubernetes/check/objects.ts'
import type { Place } from '../../kubernetes/check/place.ts'
import { networkPolicies } from '../../kubernetes/check/policies/network.ts'
import { podPolicies } from '../../kubernetes/check/policies/pods.ts'
import { filesOf, render } from '../../kubernetes/check/render.ts'
import { misshapen } from '../../kubernetes/check/schema.ts'
import { here } from './rules.ts'

type Values = Record<string, Record<string, unknown>>
const values = (file: string) => parse(readFileSync(path.join(here, file), 'utf8')) as Record<string, Values>

/** What the chart keeps for itself, and what it calls by another name than the operator. */
const ofTheChart = /NilUsesHelmValues$|^podAntiAffinity|^(storageSpec|objectStorageConfig)$/

/** Its spec, as the chart would hand it to the operator. */
function asObject(kind: string, spec: Values): KubeObject {
  const own = Object.entries(spec).filter(([name]) => !ofTheChart.test(name))
  const { storageSpec, thanos } = spec
  const { objectStorageConfig, ...sidecar } = thanos ?? {}
  const renamed = {
    ...(storageSpec ? { storage: storageSpec } : {}),
    ...(thanos ? { thanos: { ...sidecar, objectStorageConfig: (objectStorageConfig as Values).existingSecret } } : {}),
  }
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name: 'values', namespace: 'monitoring' },
    spec: { ...Object.fromEntries(own), ...renamed },
  } as unknown as KubeObject
}

/** What a robust installation has, whatever else its values say. */
function* robust(): Generator<string> {
  const { prometheus, alertmanager, defaultRules } = values('values.yaml')
  const [prom, alert] = [prometheus!.prometheusSpec!, alertmanager!.alertmanagerSpec!]
  const musts: [holds: unknown, what: string][] = [
    [prom.replicas === 2 && prom.podAntiAffinity === 'hard', 'two replicas of Prometheus that never share a zone'],
    [prom.podAntiAffinityTopologyKey === 'topology.kubernetes.io/zone', 'the zone as what Prometheus spreads over'],
    [prom.externalLabels && prom.replicaExternalLabelName, 'external labels, one of them for the replica'],
    [alert.replicas === 3, 'three Alertmanagers'],
    [prom.storageSpec && alert.storage, 'volumes for both'],
    [prom.retention && prom.retentionSize && alert.retention, 'limits to what is kept'],
    [prometheus!.podDisruptionBudget!.enabled && alertmanager!.podDisruptionBudget!.enabled, 'budgets of disruption'],
    [[prom, alert].every(({ resources }) => (resources as Values).limits?.memory), 'limits of memory'],
    [(defaultRules!.disabled as unknown as Record<string, boolean>).Watchdog, 'one Watchdog and not two'],
    ...['serviceMonitor', 'podMonitor', 'probe', 'rule', 'scrapeConfig'].map((kind): [unknown, string] => [
      prom[`${kind}SelectorNilUsesHelmValues`] === (false as unknown),
      `${kind}SelectorNilUsesHelmValues: false`,
    ]),
  ]
  for (const [holds, what] of musts) if (!holds) yield `values.yaml lacks ${what}.`
  const bytes = (text: string) => Number.parseInt(text, 10)
  const storage = prom.storageSpec as {
    volumeClaimTemplate: { spec: { resources: { requests: { storage: string } } } }
  }
  const claimed = storage.volumeClaimTemplate.spec.resources.requests.storage
  if (bytes(String(prom.retentionSize)) > 0.85 * bytes(claimed))
    yield `values.yaml: retentionSize leaves too little of ${claimed} for the log and compaction.`
}

/** Everything that would be put into the cluster, by the shapes of its kinds and the policies of infra/kubernetes. */
export async function kubernetesFaults(): Promise<string[]> {
  const rendered = render(filesOf(path.join(here, 'kubernetes')), '.')
  const place: Place = { ...rendered, overlay: 'monitoring' }
  const [base, amp, thanos] = ['values.yaml', 'values-remote-amp.yaml', 'values-remote-thanos.yaml'].map(values)
  const specs = [base!, amp!, thanos!].map((each) => asObject('Prometheus', each.prometheus!.prometheusSpec as Values))
  const objects = [
    ...rendered.objects,
    ...specs,
    asObject('Alertmanager', base!.alertmanager!.alertmanagerSpec as Values),
  ]
  const shapes = await Promise.all(objects.map(misshapen))
  // The chart's own pods are not here, so policies about them seem to be about nobody.
  // And node_exporter needs what the restricted level of its namespace would forbid.
  const ofTheStack =
    /^Namespace monitoring: pod security|\b(prometheus|alertmanager|grafana|operators|names)\b.*(selects no pod|is no pod|has no port)/
  const about = [...podPolicies(place), ...networkPolicies(place)].filter((each) => !ofTheStack.test(each))
  // The published model asks for what the API server does not.
  const wrongly = /volumeClaimTemplate must have required property (apiVersion|kind)/
  return [...shapes.flat().filter((each) => !wrongly.test(each)), ...about, ...robust()]
}
