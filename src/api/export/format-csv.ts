import type { PlateEvent } from '../../contract/plate-event.ts';

type Cell = string | number | boolean | null | undefined;

/** What each column is called, and where it comes from. */
const COLUMNS: readonly (readonly [string, (event: PlateEvent) => Cell])[] = [
  ['event_id', ({ event_id }) => event_id],
  ['revision', ({ revision }) => revision],
  ['status', ({ status }) => status],
  ['detected_at', ({ detected_at }) => detected_at],
  ['last_seen', ({ time }) => time.last_seen],
  ['site', ({ site_id }) => site_id],
  ['camera', ({ camera_id }) => camera_id],
  ['camera_name', ({ camera_name }) => camera_name],
  ['plate', ({ plate }) => plate.text_normalized],
  ['read_as', ({ plate }) => plate.text_raw],
  ['confidence', ({ plate }) => plate.confidence],
  ['region', ({ plate }) => plate.region],
  ['complete', ({ plate }) => plate.complete],
  ['vehicle', ({ vehicle }) => vehicle.type],
  ['direction_deg', ({ motion }) => motion.direction_deg],
  ['directions', ({ motion }) => motion.crossings?.map(({ direction }) => direction).join('; ')],
  ['zones', ({ motion }) => motion.zones?.map(({ zone }) => zone).join('; ')],
  ['dwell_ms', ({ motion }) => motion.dwell_ms],
  ['reviewed', ({ review }) => review?.action],
  ['reviewed_by', ({ review }) => review?.by],
  ['review_reason', ({ review }) => review?.reason],
];

const QUOTED = /[",\r\n]/;

/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** The line of titles, behind the mark by which spreadsheets know UTF-8. */
export function formatTitles(): string {
  return `\ufeff${formatLine(COLUMNS.map(([title]) => title))}`;
}

/** An event as one line of CSV (RFC 4180). */
export function formatRow(event: PlateEvent): string {
  return formatLine(COLUMNS.map(([, of]) => of(event)));
}

/** Cells as one line of CSV (RFC 4180). */
export function formatLine(cells: readonly Cell[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

/** Texts that would be formulas are shown as texts; numbers are ours. */
function formatCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
