import type { ExportFormat } from '../../contract/api/exports.ts';
import { type Cell, CSV_START, formatLine } from '../../contract/csv.ts';
import type { Download, Wanted } from './download.ts';
import { request } from './request.ts';

/** A list of the API: its address without a page, and the field of the answer that has the rows. */
export type List = Readonly<{ path: string; rows: string }>;

type Page = Readonly<{ [rows: string]: unknown; next?: string | null }>;

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

/** Any list as a file, page by page: an address of the API is enough for it. */
export async function fetchList(
  { path, rows }: List,
  format: ExportFormat,
  { signal, onProgress }: Wanted,
): Promise<Download> {
  const all: object[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more = cursor === '' ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
    const page: Page = await request<Page>(path + more, { signal });
    all.push(...((page[rows] ?? []) as readonly object[]));
    onProgress({ bytes: 0, rows: all.length, total: undefined });
    cursor = page.next ?? null;
  }
  const text = format === 'csv' ? formatCsv(all) : all.map((row) => `${JSON.stringify(row)}\n`).join('');
  const moment = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  return { name: `${rows}-${moment}.${format}`, blob: new Blob([text], { type: TYPES[format] }) };
}

/** One column for each field of any row; what stands within another is called `who.name`. */
export function formatCsv(rows: readonly object[]): string {
  const flat = rows.map((row) => new Map(flatten(row, '')));
  const names = [...new Set(flat.flatMap((row) => [...row.keys()]))];
  // A field that is null in some rows has parts in others.
  const columns = names.filter((name) => !names.some((other) => other.startsWith(`${name}.`)));
  const lines = flat.map((row) => columns.map((column) => row.get(column)));
  return CSV_START + [columns, ...lines].map(formatLine).join('');
}

function flatten(row: object, before: string): readonly (readonly [string, Cell])[] {
  return Object.entries(row).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return [[before + name, value.map(formatItem).join(' ')] as const];
    if (typeof value === 'object' && value !== null) return flatten(value, `${before}${name}.`);
    return [[before + name, value as Cell] as const];
  });
}

function formatItem(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}
