export type Cell = string | number | boolean | null | undefined;

const QUOTED = /[",\r\n]/;

/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** The mark by which spreadsheets know UTF-8; it stands before the first line. */
export const CSV_START = '\ufeff';

/** One line of CSV (RFC 4180). */
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
