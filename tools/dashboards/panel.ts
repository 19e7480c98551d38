import type { Unit } from './units.ts';

/** Where a query is asked. The names are the fixed uids of the data sources in deploy/grafana/provisioning/. */
export type Source = 'prometheus' | 'postgres' | 'loki' | 'tempo';

export type Query = Readonly<{
  source: Source;
  text: string;
  /** What a series is called, with its labels as {{label}}; in a table the heading of the column. */
  legend?: string;
  /** Where a table has columns of several units. */
  unit?: Unit;
  /** Shows the traces that the values of a histogram point to. */
  exemplars?: true;
}>;

type Kind = 'graph' | 'number' | 'table' | 'heatmap' | 'logs' | 'traces';

export type Panel = Readonly<{
  kind: Kind;
  title: string;
  /** One sentence on what is seen. */
  text: string;
  unit: Unit;
  queries: readonly Query[];
  /** From where a value is yellow and red; falling values are bad where `bad` is below `warn`. */
  limits?: Readonly<{ warn: number; bad: number }>;
  /** What stands there while there is nothing to show although all is well. */
  whenEmpty?: string;
  /** The alarm whose runbook says what to do. */
  runbook?: string;
  /** Units of the columns of an SQL table, by their names. */
  columns?: Readonly<Record<string, Unit>>;
  /** Labels of a table of metrics, in their order; others are hidden. */
  labels?: readonly string[];
  stacked?: true;
}>;

export type Board = Readonly<{
  uid: string;
  title: string;
  text: string;
  /** What is shown at first, such as now-6h. */
  from: string;
  rows: readonly Readonly<{ title: string; panels: readonly Panel[] }>[];
}>;

type Given = Omit<Panel, 'kind'>;

/** Values over time as lines. */
export const graph = (panel: Given): Panel => ({ kind: 'graph', ...panel });
/** The newest value, large, with a small curve. */
export const number = (panel: Given): Panel => ({ kind: 'number', ...panel });
export const table = (panel: Given): Panel => ({ kind: 'table', ...panel });
/** How values spread over the buckets of a histogram, over time. */
export const heatmap = (panel: Omit<Given, 'unit'>): Panel => ({ kind: 'heatmap', unit: 'seconds', ...panel });
export const logLines = (panel: Omit<Given, 'unit'>): Panel => ({ kind: 'logs', unit: 'rows', ...panel });
export const traceList = (panel: Omit<Given, 'unit'>): Panel => ({ kind: 'traces', unit: 'rows', ...panel });

export const prom = (text: string, legend?: string, more: Pick<Query, 'unit' | 'exemplars'> = {}): Query => ({
  source: 'prometheus',
  text,
  ...(legend === undefined ? {} : { legend }),
  ...more,
});
export const sql = (text: string): Query => ({ source: 'postgres', text: text.trim() });
export const logql = (text: string, legend?: string): Query => ({
  source: 'loki',
  text,
  ...(legend === undefined ? {} : { legend }),
});
export const traceql = (text: string): Query => ({ source: 'tempo', text });
