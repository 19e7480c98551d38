import type { PlateEvent } from '../contract/plate-event.ts';

/** Each costs an entry in an index; the less likely ones stand in the event alone. */
const MAX_OTHERS = 5;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const ESCAPED = /[\\\t\n\r]/;
const ALL_ESCAPED = /[\\\t\n\r]/g;
const PLAIN = /^[0-9A-Z]*$/;
const FOLDS: Readonly<Record<string, string>> = { O: '0', Q: '0', D: '0', I: '1', Z: '2', S: '5', B: '8', G: '6' };

/** An event ready to be written: what tells events and revisions apart, and a line of COPY's text format. */
export type EventRow = Readonly<{ key: string; revision: number; line: string }>;

/** The row of an event. */
export function rowOf(event: PlateEvent): EventRow {
  return { key: `${event.event_id} ${event.detected_at}`, revision: event.revision, line: formatRow(event) };
}

/** Columns of the staging table, in the order of `formatRow`. */
export const STAGING_COLUMNS =
  'event_id, detected_at, revision, status, site_id, camera_id, text_normalized, candidates, confidence, region, vehicle_type, frames_read, reads_agreeing, event';

function formatRow(event: PlateEvent): string {
  const { plate } = event;
  const fields = [
    event.event_id,
    event.detected_at,
    String(event.revision),
    event.status,
    event.site_id,
    event.camera_id,
    plate.text_normalized,
    formatArray(otherTexts(event)),
    String(plate.confidence),
    plate.region,
    event.vehicle.type,
    String(event.frames_read),
    String(event.reads_agreeing),
    JSON.stringify(event),
  ];
  return `${fields.map(formatField).join('\t')}\n`;
}

function formatField(value: string | null): string {
  if (value === null) return '\\N';
  return ESCAPED.test(value) ? value.replace(ALL_ESCAPED, (char) => ESCAPES[char] ?? char) : value;
}

function formatArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

/** The likeliest other texts, folded as the database folds, without the chosen one. */
function otherTexts({ plate }: PlateEvent): string[] {
  const chosen = foldText(plate.text_normalized);
  const likeliest = plate.candidates.slice(0, MAX_OTHERS + 1).map(({ text }) => normalise(text));
  return [...new Set(likeliest.map(foldText))].filter((text) => text !== '' && text !== chosen);
}

function normalise(text: string): string {
  return PLAIN.test(text) ? text : text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function foldText(text: string): string {
  return text.replace(/[OQDIZSBG]/g, (char) => FOLDS[char] ?? char);
}
