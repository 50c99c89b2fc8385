import { readFileSync } from 'node:fs'
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
  const file = (every: number, rules: string, tests: object[]) => ({
    rule_files: [rules],
    evaluation_interval: `${every}m`,
    tests,
  })
  const always = {
    name: alwaysSounds.alert,
    interval: '1m',
    input_series: [],
    alert_rule_test: [0, 60].map((minutes) => at(minutes, alwaysSounds.alert, sounds(alwaysSounds))),
  }
  const played = cases.map((each) => ({ every: each.every ?? 1, rules: fileOf(each.alert), each }))
  const files = [...Map.groupBy(played, ({ every, rules }) => `${every} ${rules}`).values()].map((own) =>
    file(
      own[0]!.every,
      own[0]!.rules,
      own.map(({ each, every }) => ({
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
  return [...files, file(1, fileOf(alwaysSounds.alert), [always])]
}

/** An alert is tested with the rules of its own file alone: all of them together take minutes. */
const fileOf = (alert: string): string =>
  ruleFiles().find((file) => readFileSync(file, 'utf8').includes(`- alert: ${alert}\n`))!

/** Alerts of which no case says when they sound. */
export function untested(): string[] {
  const tested = [...cases, alwaysSounds]
  return alerts()
    .filter(
      (rule: Alert) => !tested.some(({ alert, labels }) => alert === rule.alert && sameLabels(rule.labels, labels)),
    )
    .map(({ alert, labels }) => `${alert} (${Object.values(labels ?? {}).join(', ')}) has no case in rules/cases.ts.`)
}
