import type { ExportFormat } from '../../contract/api/exports.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';
import type { Search, SearchQuery } from '../../search/search.ts';
import { formatRow, formatTitles } from './format-csv.ts';

/** Events that are in memory at once, for each export. */
const PAGE = 500;

type Export = Readonly<{
  search: Pick<Search, 'search'>;
  query: Omit<SearchQuery, 'limit' | 'cursor'>;
  format: ExportFormat;
  /** Called once at the end, also when whoever reads went away, with the number of events that were read. */
  onEnd: (rows: number) => Promise<void>;
}>;

/** The events that a search finds, page by page, as text. Reading slowly holds nothing but one page. */
export async function* exportEvents({ search, query, format, onEnd }: Export): AsyncGenerator<string> {
  let rows = 0;
  try {
    if (format === 'csv') yield formatTitles();
    let cursor: string | undefined;
    do {
      const { results, next } = await search.search({ ...query, limit: PAGE, cursor });
      rows += results.length;
      if (results.length > 0) yield results.map(({ event }) => formatEvent(event, format)).join('');
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  } finally {
    await onEnd(rows);
  }
}

function formatEvent(event: PlateEvent, format: ExportFormat): string {
  return format === 'csv' ? formatRow(event) : `${JSON.stringify(event)}\n`;
}
