import type { DashboardSpec, PanelSpec } from './panels.ts'

const units: Record<string, string> = {
  s: 'seconds',
  d: 'days',
  bytes: 'bytes',
  percentunit: 'share',
  short: 'count',
  cps: 'a second',
  reqps: 'a second',
  ops: 'a second',
}

/** The dashboards in words, for docs/dashboards.md. */
export const described = (specs: readonly DashboardSpec[]): string =>
  [
    '# The dashboards, panel by panel',
    'Written by `node infra/monitoring/dashboards/write.ts` from the same builders as the dashboards; a test notices when it is out of date. They are in `infra/monitoring/dashboards/json/` for Grafana’s import, and as ConfigMaps for its sidecar (`kubectl kustomize infra/monitoring/dashboards`). All panels have the last three hours, `$instance` narrows them to processes, and each links to its runbook.',
    ...specs.map(one),
  ].join('\n\n') + '\n'

const one = ({ title, description, rows }: DashboardSpec): string =>
  [
    `## ${title}`,
    description,
    [
      '| | panel | in | shows | runbook |',
      '|---|---|---|---|---|',
      ...Object.entries(rows).flatMap(([row, panels]) =>
        panels.map((panel, index) => line(index === 0 ? `**${row}**` : '', panel)),
      ),
    ].join('\n'),
  ].join('\n\n')

function line(row: string, { title, unit, description, limit, least, runbook }: PanelSpec): string {
  const at = limit ?? least
  const promise = at === undefined ? '' : ` Red ${least === undefined ? 'from' : 'below'} ${at}.`
  return `| ${row} | ${title} | ${units[unit] ?? unit} | ${description}${promise} | [${runbook}](runbooks/${runbook}) |`
}
