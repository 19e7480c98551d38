import { z } from 'zod';
import { inOrder, searchFieldsSchema } from './search.ts';

const formatSchema = z
  .enum(['csv', 'ndjson'])
  .describe('`csv`, for spreadsheets: a header line, then one line per event. `ndjson`: one line of JSON per event');

export type ExportFormat = z.infer<typeof formatSchema>;

/** Which events are exported, newest first; without filters all of them. */
export const exportQuerySchema = inOrder(searchFieldsSchema.extend({ format: formatSchema }));

/** The lines of an export. The header `x-total-rows` says how many events follow, where no text was searched for. */
export const exportSchema = z.unknown().meta({ type: 'string' });

/** A zip of everything that speaks for one event. */
export const evidenceSchema = z.unknown().meta({ type: 'string', format: 'binary' });
