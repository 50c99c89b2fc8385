import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

export const here = path.resolve(import.meta.dirname, '..')
export const root = path.resolve(here, '../..')

export interface Rule {
  record?: string
  alert?: string
  expr: string
  for?: string
  labels?: Record<string, string>
  annotations?: { summary: string; runbook_url: string }
}
export type Alert = Rule & { alert: string }

/** The rule files, as Prometheus takes them: the one source of all rules. */
export const ruleFiles = (): string[] =>
  globSync('rules/*.yaml', { cwd: here })
    .map((file) => path.join(here, file))
    .sort()

export const rules = (): Rule[] =>
  ruleFiles().flatMap((file) =>
    (parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
  )

export const alerts = (): Alert[] => rules().filter((rule): rule is Alert => rule.alert !== undefined)
