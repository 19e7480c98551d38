import { BOARDS } from './boards.ts';
import { exporterOf } from './exporters.ts';
import { type Measured, nameQuery, readMeasured } from './measured.ts';
import type { Board, Panel, Query } from './panel.ts';
import { refIdOf } from './render-query.ts';
import { type Unit, unitOf } from './units.ts';

/** Every panel of every dashboard, with what it asks and what was measured. */
export function describeBoards(): string {
  const measured = readMeasured();
  return BOARDS.map((board) => describeBoard(board, measured)).join('\n\n');
}

function describeBoard({ uid, title, text, rows }: Board, measured: Measured): string {
  const lines = rows
    .flatMap(({ panels }) => panels)
    .flatMap((panel) => panel.queries.map((query, at) => describeQuery(panel, query, { uid, at, measured })));
  const head = ['| panel | query | unit | measured |', '| --- | --- | --- | --- |'];
  return [`## ${title.replace(/^ALPR · /, '')}`, '', text, '', ...head, ...lines].join('\n');
}

type Place = Readonly<{ uid: string; at: number; measured: Measured }>;

function describeQuery(panel: Panel, query: Query, { uid, at, measured }: Place): string {
  const name = at === 0 ? `${panel.title}: ${lowerFirst(panel.text)}` : `– ${query.legend ?? ''}`;
  // What a heat map shows is how often; its unit is that of the buckets.
  const isHeatmap = panel.kind === 'heatmap';
  const unit = isHeatmap ? 'count' : (query.unit ?? panel.unit);
  const words = isHeatmap ? `a number for each bucket of ${panel.unit}` : unitOf(unit).words;
  const found = measured[nameQuery(uid, panel.title, refIdOf(at))];
  const value = found ? describeFound(found, unit) : '–';
  const source = exporterOf(query.text);
  const cells = [name, code(query.text), words, source ? `${value} (sample of ${source})` : value];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function describeFound({ value, labels, series }: Measured[string], unit: Unit): string {
  const which = Object.values(labels).filter(Boolean).join(' ');
  const more = series > 1 ? `; ${series} series` : '';
  return `${formatValue(value, unit)}${which ? ` (${which}${more})` : more}`;
}

const DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ratio':
    case 'ofUsual':
      return `${DIGITS.format(100 * value)} %`;
    case 'bytes':
    case 'bytesPerSecond':
      return `${value < 1e6 ? `${DIGITS.format(value / 1e3)} kB` : `${DIGITS.format(value / 1e6)} MB`}${unit === 'bytes' ? '' : '/s'}`;
    case 'seconds':
    case 'offset':
    case 'age':
      return `${DIGITS.format(value)} s`;
    case 'time':
      return new Date(value).toISOString().slice(0, 16).replace('T', ' ');
    default:
      return DIGITS.format(value);
  }
}

function code(text: string): string {
  return `\`${text.replaceAll(/\s+/g, ' ').trim()}\``;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
