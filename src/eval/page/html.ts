/** Text that may stand between tags and in attributes. */
export function escapeHtml(text: string): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}

/** A cell: what is shown, and what it is sorted by where that is not the same. */
export type Cell = string | Readonly<{ show: string; by: number }>;

/** A share as a cell that sorts by its size. */
export function toShareCell(part: number, whole: number): Cell {
  return whole === 0 ? '–' : { show: `${((100 * part) / whole).toFixed(1)} %`, by: part / whole };
}

/** A number as a cell. */
export function toNumberCell(value: number, digits = 0): Cell {
  return { show: value.toFixed(digits), by: value };
}

/** A table whose columns sort when their heads are pressed. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const heads = head.map((name) => `<th scope="col"><button type="button">${escapeHtml(name)}</button></th>`).join('');
  const body = rows.map((row) => `<tr>${row.map(renderCell).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return `<td>${escapeHtml(cell)}</td>`;
  return `<td class="number" data-by="${cell.by}">${escapeHtml(cell.show)}</td>`;
}

/** A section with its heading; empty where there is nothing to show. */
export function renderSection(title: string, ...parts: readonly string[]): string {
  const body = parts.filter((part) => part !== '');
  return body.length === 0 ? '' : `<section><h2>${escapeHtml(title)}</h2>${body.join('\n')}</section>`;
}

/** A paragraph that explains. */
export function renderNote(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}
