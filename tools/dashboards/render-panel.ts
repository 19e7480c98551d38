import {
  BigValueGraphMode,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  MappingType,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as HeatmapPanel, YAxisConfigBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as LogsPanel } from '@grafana/grafana-foundation-sdk/logs';
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesPanel } from '@grafana/grafana-foundation-sdk/timeseries';
import { exporterOf } from './exporters.ts';
import type { Panel } from './panel.ts';
import { refer, refIdOf, renderQuery } from './render-query.ts';
import { type Unit, unitOf } from './units.ts';

/** A panel without its size and place. */
export function renderPanel(panel: Panel): AnyPanel {
  const rendered = chooseKind(panel);
  const [first] = panel.queries;
  if (first) rendered.datasource(refer(first.source));
  rendered.title(panel.title).description(describe(panel)).thresholds(findThresholds(panel));
  if (panel.unit !== 'rows' && panel.kind !== 'heatmap') rendered.unit(unitOf(panel.unit).grafana);
  if (panel.unit === 'works') rendered.mappings(WORKS);
  if (panel.unit === 'ratio') rendered.min(0).max(1);
  rendered.noValue(panel.whenEmpty ?? whyEmpty(panel));
  for (const [at, query] of panel.queries.entries()) rendered.withTarget(renderQuery(query, at, panel));
  return rendered;
}

/** Why there is nothing where there always should be something. */
function whyEmpty({ queries }: Panel): string {
  const exporter = exporterOf(queries[0]?.text ?? '');
  return exporter ? `${exporter} shows nothing` : 'no process reports it';
}

/** What is seen, in what unit, and what to do. */
function describe({ text, runbook, ...panel }: Panel): string {
  const units = listUnits(panel).map((unit) => unitOf(unit).words);
  const sentences = [
    text,
    ...(units.length > 0 ? [`${units.length > 1 ? 'Units' : 'Unit'}: ${units.join('; ')}.`] : []),
  ];
  if (runbook) sentences.push(`What to do: docs/operations/runbooks.md#${runbook.toLowerCase()}`);
  return sentences.join(' ');
}

function listUnits({ unit, queries, columns = {} }: Pick<Panel, 'unit' | 'queries' | 'columns'>): readonly Unit[] {
  const all = [...queries.map((query) => query.unit ?? unit), ...Object.values(columns)];
  return [...new Set(all)].filter((one) => one !== 'rows');
}

type AnyPanel = TimeseriesPanel | StatPanel | TablePanel | HeatmapPanel | LogsPanel;

function chooseKind(panel: Panel): AnyPanel {
  switch (panel.kind) {
    case 'graph':
      return createGraph(panel);
    case 'number':
      return new StatPanel()
        .graphMode(BigValueGraphMode.Area)
        .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false));
    case 'table':
      return createTable(panel);
    case 'traces':
      return new TablePanel();
    case 'heatmap':
      return new HeatmapPanel()
        .yAxis(new YAxisConfigBuilder().unit(unitOf(panel.unit).grafana))
        .calculate(false)
        .showLegend();
    case 'logs':
      return new LogsPanel().showTime(true).enableLogDetails(true).sortOrder(LogsSortOrder.Descending);
  }
}

function createGraph({ stacked, queries, limits }: Panel): TimeseriesPanel {
  const created = new TimeseriesPanel()
    .fillOpacity(stacked ? 40 : 10)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  if (queries.some(({ source }) => source === 'postgres')) created.spanNulls(true);
  if (limits) created.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return stacked ? created.stacking(new StackingConfigBuilder().mode(StackingMode.Normal)) : created;
}

/** The series of all queries side by side: a row for each set of labels, a column for each query. */
function createTable({ queries, labels, columns = {} }: Panel): TablePanel {
  const created = new TablePanel().filterable(true);
  for (const [name, unit] of Object.entries(columns)) created.overrideByName(name, formatAs(unit));
  if (!labels) return created;
  const names = queries.map(({ legend = '' }, at) => [`Value #${refIdOf(at)}`, legend]);
  // A single query has no letter in the name of its column.
  if (names.length === 1) names.push(['Value', queries[0]?.legend ?? '']);
  for (const { legend, unit } of queries) if (legend && unit) created.overrideByName(legend, formatAs(unit));
  const order = [...labels, ...names.map(([name]) => name ?? '')];
  return created.transformations([
    { id: 'merge', options: {} },
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(order.map((name, at) => [name, at])),
        renameByName: Object.fromEntries(names),
      },
    },
  ] satisfies DataTransformerConfig[]);
}

function formatAs(unit: Unit): DynamicConfigValue[] {
  const properties = [{ id: 'unit', value: unitOf(unit).grafana }];
  return unit === 'works' ? [...properties, { id: 'mappings', value: WORKS }] : properties;
}

const WORKS: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: { 0: { text: 'does not work', color: 'red' }, 1: { text: 'works', color: 'green' } },
  },
];

/** Green, and from the limits on yellow and red; where little is bad, the other way round. */
function findThresholds({ limits }: Panel): ThresholdsConfigBuilder {
  const config = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (!limits) return config.steps([step(null, 'green')]);
  const { warn, bad } = limits;
  if (bad < warn) return config.steps([step(null, 'red'), step(bad, 'yellow'), step(warn, 'green')]);
  return config.steps([step(null, 'green'), ...(warn < bad ? [step(warn, 'yellow')] : []), step(bad, 'red')]);
}

function step(value: number | null, color: string): Threshold {
  return { value, color };
}
