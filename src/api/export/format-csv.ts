import { type Cell, CSV_START, formatLine } from '../../contract/csv.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';

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

/** The line of titles, behind the mark by which spreadsheets know UTF-8. */
export function formatTitles(): string {
  return CSV_START + formatLine(COLUMNS.map(([title]) => title));
}

/** An event as one line of CSV. */
export function formatRow(event: PlateEvent): string {
  return formatLine(COLUMNS.map(([, of]) => of(event)));
}
