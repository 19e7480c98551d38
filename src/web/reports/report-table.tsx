import type { ReportAnswer } from '../../contract/api/reports.ts';
import { type ReportName, type ReportValue, reportOf } from '../../contract/report.ts';
import { useCell } from '../data/cell.ts';
import { nameCamera } from '../parts/name-camera.ts';
import { Bar, Plate } from '../parts/plate.tsx';
import { nameRegion } from '../regions.ts';
import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { nameIn, spellOut, type Words } from '../words.ts';
import { formatValue } from './format-value.ts';

type Cell = string | number | null;

/** The answer to a question as a table; shares have a bar. */
export function ReportTable({ name, rows }: { name: ReportName; rows: ReportAnswer['rows'] }) {
  const { t } = useWords();
  const columns = Object.entries(reportOf(name).columns);
  const titleOf = (column: string) => t.reports.columns[column as keyof typeof t.reports.columns];
  return (
    <table class="table report-table">
      <thead>
        <tr>
          {columns.map(([column, kind]) => (
            <th key={column} scope="col" class={isNumber(kind) ? 'report-number' : ''}>
              {titleOf(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {columns.map(([column, kind], place) => {
              const cell = <ReportCell value={row[column] ?? null} column={column} kind={kind} />;
              return place === 0 ? (
                <th key={column} scope="row">
                  {cell}
                </th>
              ) : (
                <td key={column} data-name={titleOf(column)} class={isNumber(kind) ? 'report-number' : ''}>
                  {cell}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isNumber(kind: ReportValue): boolean {
  return ['count', 'share', 'minutes', 'seconds', 'bytes'].includes(kind);
}

function ReportCell({ value, column, kind }: { value: Cell; column: string; kind: ReportValue }) {
  const words = useWords();
  const { t } = words;
  const known = useCell(useServices().feed.cameras);
  if (value === null) return kind === 'name' ? t.frame.unknown : '–';
  if (kind === 'plate') {
    const text = String(value);
    return (
      <a href={formatRoute({ screen: 'plates', text })}>
        <Plate text={text} />
      </a>
    );
  }
  if (kind === 'camera') return nameCamera(String(value), known);
  if (kind === 'name') return nameValue(String(value), column, words);
  if (kind !== 'share') return formatValue(value, kind, words);
  return (
    <span class="report-share">
      <Bar p={Number(value)} /> {formatValue(value, kind, words)}
    </span>
  );
}

/** Words of the system in those of the reader; names that people gave stay. */
function nameValue(value: string, column: string, words: Words): string {
  const { t } = words;
  if (column === 'region') return nameRegion(value, words);
  if (column === 'outcome') return nameIn(t.channels.states, value) ?? value;
  if (column === 'vehicle') return nameIn(t.read.vehicles, value) ?? spellOut(value);
  if (column === 'reason') return nameIn(t.read.rejections, value) ?? spellOut(value);
  return value;
}
