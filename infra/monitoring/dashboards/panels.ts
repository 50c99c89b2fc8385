import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import * as common from '@grafana/grafana-foundation-sdk/common'

// Everything that our panels have in common: a panel without a unit, a description or a runbook cannot be written.

export interface PanelSpec {
  title: string
  /** What it shows and how it looks when all is well. */
  description: string
  /** Of Grafana: `s`, `bytes`, `percentunit`, `reqps`, `short` … */
  unit: string
  /** File and section under docs/runbooks/. */
  runbook: `${string}.md#${string}`
  /** Legend → PromQL. */
  queries: Record<string, string>
  kind?: 'lines' | 'stacked' | 'number' | 'heatmap'
  /** Of 24. */
  width?: number
  /** A red line: from here on it is not as promised. */
  limit?: number
  /** Values below it are bad, rather than above. */
  least?: number
  /** Dots that lead from a bucket to a trace, where tracing is on. */
  exemplars?: boolean
}

export interface DashboardSpec {
  uid: string
  title: string
  description: string
  rows: Record<string, PanelSpec[]>
}

const source = { type: 'prometheus', uid: '${datasource}' }
export const runbooks = 'https://docs.tidewater.example/runbooks'

const query = (legend: string, expr: string, { kind, exemplars = false }: PanelSpec): Builder<Dataquery> => {
  const made = new DataqueryBuilder().expr(expr).legendFormat(legend).datasource(source).exemplar(exemplars)
  if (kind === 'number') return made.instant()
  if (kind === 'heatmap') return made.range().format(PromQueryFormat.Heatmap)
  return made.range()
}

/** Green until the limit, red from there on; the other way round below `least`. */
function thresholds({ limit, least }: PanelSpec): ThresholdsConfigBuilder {
  const [low, high] = least === undefined ? ['green', 'red'] : ['red', 'green']
  const at = limit ?? least
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: at === undefined ? 'green' : low },
      ...(at === undefined ? [] : [{ value: at, color: high }]),
    ])
}

function panel(spec: PanelSpec, id: number): Builder<Panel> {
  const { title, description, unit, runbook, queries, kind = 'lines', width = 12 } = spec
  const link = new DashboardLinkBuilder('Runbook')
    .type(DashboardLinkType.Link)
    .url(`${runbooks}/${runbook}`)
    .targetBlank(true)
  const targets = Object.entries(queries).map(([legend, expr]) => query(legend, expr, spec))
  const dress = <P extends stat.PanelBuilder | timeseries.PanelBuilder | heatmap.PanelBuilder>(made: P): P => {
    made.id(id).title(title).description(description).links([link]).targets(targets).datasource(source).span(width)
    made.height(kind === 'number' ? 4 : 8)
    return made
  }
  if (kind === 'number')
    return dress(new stat.PanelBuilder())
      .unit(unit)
      .thresholds(thresholds(spec))
      .colorMode(common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.None)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']))
  if (kind === 'heatmap')
    return dress(new heatmap.PanelBuilder())
      .calculate(false)
      .yAxis(new heatmap.YAxisConfigBuilder().unit(unit))
      .color(new heatmap.HeatmapColorOptionsBuilder().mode(heatmap.HeatmapColorMode.Scheme).scheme('Blues').steps(64))
  const isStacked = kind === 'stacked'
  return dress(new timeseries.PanelBuilder())
    .unit(unit)
    .min(0)
    .thresholds(thresholds(spec))
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(
        spec.limit === undefined && spec.least === undefined
          ? common.GraphThresholdsStyleMode.Off
          : common.GraphThresholdsStyleMode.Dashed,
      ),
    )
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(2)
    .fillOpacity(isStacked ? 30 : 8)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .stacking(
      new common.StackingConfigBuilder().mode(isStacked ? common.StackingMode.Normal : common.StackingMode.None),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(Object.keys(queries).length > 1 || Object.keys(queries).some((legend) => legend.includes('{{'))),
    )
}

/** A dashboard of one's own data source, narrowed to processes by `$instance`. */
export function dashboard({ uid, title, description, rows }: DashboardSpec): Dashboard {
  const made = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['all-is-whale'])
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('30s')
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('All is Whale')
        .type(DashboardLinkType.Dashboards)
        .tags(['all-is-whale'])
        .asDropdown(false)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').type('prometheus').label('Prometheus'))
    .withVariable(
      new QueryVariableBuilder('instance')
        .label('Process')
        .datasource(source)
        .query('label_values(whale_build_info, instance)')
        .includeAll(true)
        .multi(true)
        .allValue('.+')
        .refresh(VariableRefresh.OnTimeRangeChanged),
    )
  let id = 0
  for (const [name, panels] of Object.entries(rows)) {
    made.withRow(new RowBuilder(name).id((id += 1)))
    for (const spec of panels) made.withPanel(panel(spec, (id += 1)))
  }
  return made.build()
}

/** `99 of 100 are faster`, from a histogram of our processes. */
export const quantile = (share: number, histogram: string, by = ''): string =>
  `histogram_quantile(${share}, sum by (le${by && `, ${by}`}) (rate(${histogram}_bucket{instance=~"$instance"}[$__rate_interval])))`

/** Per second, of our processes. */
export const rate = (counter: string, by = '', labels = ''): string =>
  `sum${by ? ` by (${by})` : ''} (rate(${counter}{instance=~"$instance"${labels && `, ${labels}`}}[$__rate_interval]))`

/** As it is, of our processes. */
export const now = (gauge: string, labels = ''): string => `${gauge}{instance=~"$instance"${labels && `, ${labels}`}}`
