import type { ReportAnswer } from '../../contract/api/reports.ts';
import { type Report, type ReportName, reportOf } from '../../contract/report.ts';
import { useCell } from '../data/cell.ts';
import { Chart, type Series } from '../parts/chart.tsx';
import { nameCamera } from '../parts/name-camera.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { formatValue } from './format-value.ts';
import { listDays, type Period } from './reports-client.ts';

type Rows = ReportAnswer['rows'];
type ChartOf = NonNullable<Report['charts']>[number];

const TONES = ['accent', 'fair', 'good', 'bad'] as const;

/** The charts of a question over time. */
export function ReportCharts({ name, period, rows }: { name: ReportName; period: Period; rows: Rows }) {
  const words = useWords();
  const { t } = words;
  const known = useCell(useServices().feed.cameras);
  const { columns, charts = [] } = reportOf(name);
  const [time = '', kind = 'day'] = Object.entries(columns)[0] ?? [];
  // Days without an answer are points, too; hours are all there.
  const points = kind === 'day' ? listDays(period) : rows.map((row) => String(row[time]));
  const nameOf = (column: string) => t.reports.columns[column as keyof typeof t.reports.columns];
  return charts.map((chart) => {
    const [first = ''] = chart.of;
    const value = columns[first] ?? 'count';
    const values = { rows, time, points, empty: value === 'count' ? 0 : null };
    const series = chart.by
      ? splitRows(chart, values, { others: t.reports.others, nameOf: (id) => nameCamera(id, known) })
      : chart.of.map((column, index) => ({
          name: nameOf(column),
          values: pick(column, values),
          ...look(chart, index),
        }));
    return (
      <Chart
        key={first}
        title={chart.of.map(nameOf).join(', ')}
        points={points.map((point) => formatValue(point, kind, words))}
        series={series}
        format={(one) => formatValue(one, value, words)}
        {...(value === 'share' && { range: [0, 1] as const })}
      />
    );
  });
}

type Values = Readonly<{ rows: Rows; time: string; points: readonly string[]; empty: number | null }>;

function pick(column: string, { rows, time, points, empty }: Values): readonly (number | null)[] {
  const found = new Map(rows.map((row) => [row[time], row[column]]));
  return points.map((point) => {
    const value = found.get(point);
    return typeof value === 'number' ? value : empty;
  });
}

/** One series for each of the largest of the column `by`, and one for all others. */
function splitRows(
  chart: ChartOf,
  { rows, time, points }: Values,
  { others, nameOf }: Readonly<{ others: string; nameOf: (id: string) => string }>,
): readonly Series[] {
  const [column = ''] = chart.of;
  const by = Map.groupBy(rows, (row) => String(row[chart.by ?? '']));
  const sum = (some: Rows) => some.reduce((total, row) => total + Number(row[column]), 0);
  const largest = [...by].toSorted(([, a], [, b]) => sum(b) - sum(a));
  const shown = largest.slice(0, TONES.length).map(([id, some]) => ({ name: nameOf(id), some }));
  const rest = largest.slice(TONES.length).flatMap(([, some]) => some);
  return [...shown, ...(rest.length > 0 ? [{ name: others, some: rest }] : [])].map(({ name, some }, index) => {
    const days = Map.groupBy(some, (row) => row[time]);
    return { name, values: points.map((point) => sum(days.get(point) ?? [])), ...look(chart, index) };
  });
}

function look({ kind }: ChartOf, index: number) {
  return { kind: kind === 'bar' ? ('bars' as const) : ('line' as const), tone: TONES[index] ?? ('quiet' as const) };
}
