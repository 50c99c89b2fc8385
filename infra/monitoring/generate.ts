// Wraps the rule files as PrometheusRule objects, and alertmanager.yml as values of the chart:
//   node bin/run.mjs infra/monitoring/generate.ts
// The sources are rules/*.yaml and alertmanager.yml; `npm run check:monitoring` fails where these are older.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { here, ruleFiles } from './check/rules.ts'

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by)).trimEnd() + '\n'

const asObject = (name: string, rules: string): string => `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: all-is-whale-${name}
  namespace: all-is-whale
  labels:
    app.kubernetes.io/part-of: all-is-whale
spec:
${indented(rules, 2)}`

export interface Generated {
  /** Below infra/monitoring/. */
  file: string
  text: string
}

export function generated(): Generated[] {
  const note = (source: string) => `# Generated from ${source} by generate.ts; change that.\n`
  const rules = ruleFiles().map((file) => asObject(path.basename(file, '.yaml'), readFileSync(file, 'utf8')))
  const alertmanager = readFileSync(path.join(here, 'alertmanager.yml'), 'utf8')
  return [
    { file: 'kubernetes/rules.yaml', text: note('../rules/*.yaml') + rules.join('---\n') },
    {
      file: 'values-alertmanager.yaml',
      text: `${note('alertmanager.yml')}alertmanager:\n  config:\n${indented(alertmanager, 4)}`,
    },
  ]
}

if (import.meta.main) for (const { file, text } of generated()) writeFileSync(path.join(here, file), text)
