import { alwaysSounds, type Case, cases } from '../rules/cases.ts'
import { type Alert, alerts, ruleFiles } from './rules.ts'

// `promtool test rules` takes files of this shape; JSON is YAML.

interface AlertTest {
  eval_time: string
  alertname: string
  exp_alerts: { exp_labels: Record<string, string>; exp_annotations: Record<string, string> }[]
}

const sameLabels = (one: Record<string, string> = {}, other: Record<string, string>) =>
  Object.entries(one).every(([name, value]) => other[name] === value)

/**
 * Files for `promtool test rules`: each case is silent, sounds with its words, and is silent again. The rules are
 * evaluated as often as the series have samples, so that days take no longer than minutes.
 */
export function ruleTests(): object[] {
  const known = alerts()
  const sounds = ({ alert, labels, says }: Pick<Case, 'alert' | 'labels' | 'says'>) => {
    const rule = known.find((each) => each.alert === alert && sameLabels(each.labels, labels))
    if (!rule?.annotations) throw new Error(`No rule is called ${alert} with the labels ${JSON.stringify(labels)}.`)
    const { runbook_url } = rule.annotations
    return [{ exp_labels: labels, exp_annotations: { summary: says, runbook_url } }]
  }
  const at = (minutes: number, alertname: string, exp_alerts: AlertTest['exp_alerts']): AlertTest => ({
    eval_time: `${minutes}m`,
    alertname,
    exp_alerts,
  })
  const file = (every: number, tests: object[]) => ({
    rule_files: ruleFiles(),
    evaluation_interval: `${every}m`,
    tests,
  })
  const always = {
    name: alwaysSounds.alert,
    interval: '1m',
    input_series: [],
    alert_rule_test: [0, 60].map((minutes) => at(minutes, alwaysSounds.alert, sounds(alwaysSounds))),
  }
  const files = [...Map.groupBy(cases, ({ every }) => every ?? 1)].map(([every, own]) =>
    file(
      every,
      own.map((each) => ({
        name: `${each.alert} ${Object.values(each.labels).join(' ')}`,
        interval: `${every}m`,
        input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
        alert_rule_test: [
          at(each.quiet, each.alert, []),
          at(each.fires, each.alert, sounds(each)),
          at(each.resolved, each.alert, []),
        ],
      })),
    ),
  )
  return [...files, file(1, [always])]
}

/** Alerts of which no case says when they sound. */
export function untested(): string[] {
  const tested = [...cases, alwaysSounds]
  return alerts()
    .filter((rule: Alert) => !tested.some(({ alert, labels }) => alert === rule.alert && sameLabels(rule.labels, labels)))
    .map(({ alert, labels }) => `${alert} (${Object.values(labels ?? {}).join(', ')}) has no case in rules/cases.ts.`)
}
