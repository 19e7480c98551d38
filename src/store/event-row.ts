import type { PlateEvent } from '../contract/plate-event.ts';
import { dropUmlauts, listOtherTexts, normalizePlate } from '../contract/plate-text.ts';
import { formatArray, formatRow } from './copy-text.ts';
import { doubtOf } from './doubt.ts';

/** An event ready to be written: its id, its time, which revision it is, and a line of COPY's text format. */
export type EventRow = Readonly<{ id: string; at: string; revision: number; line: string }>;

/** The row of an event. */
export function rowOf(event: PlateEvent): EventRow {
  return {
    id: event.event_id.toLowerCase(),
    at: event.detected_at,
    revision: event.revision,
    line: formatEvent(event),
  };
}

/** The same revision of an event of another time, in its column and in the event itself. */
export function redateRow({ id, at, revision, line }: EventRow, to: string): EventRow {
  const dated = line.replace(`\t${at}\t`, `\t${to}\t`).replace(`"detected_at":"${at}"`, `"detected_at":"${to}"`);
  return { id, at: to, revision, line: dated };
}

/** The row with the time that `times` has for its event; the first one of an event sets it. */
export function keepFirstTime(row: EventRow, times: Map<string, string>): EventRow {
  const first = times.get(row.id);
  if (first === undefined) times.set(row.id, row.at);
  return first === undefined || first === row.at ? row : redateRow(row, first);
}

/** The directions in which a vehicle crossed lines, first to last: whoever came in and went out again has not stayed. */
export function listDirections({ motion }: PlateEvent): readonly string[] {
  return motion.crossings?.map(({ direction }) => direction) ?? [];
}

/** Columns of the staging table, in the order of `formatEvent`. */
export const STAGING_COLUMNS =
  'event_id, detected_at, revision, status, site_id, camera_id, text_normalized, candidates, confidence, region, vehicle_type, frames_read, reads_agreeing, doubt, directions, zones, shadow_pair, shadow_differs, shadow_confidence, has_pictures, moved, event';

function formatEvent(event: PlateEvent): string {
  const { plate } = event;
  return formatRow([
    event.event_id,
    event.detected_at,
    String(event.revision),
    event.status,
    event.site_id,
    event.camera_id,
    normalizePlate(plate.text_normalized),
    formatArray(listOtherTexts(plate)),
    String(plate.confidence),
    plate.region,
    event.vehicle.type,
    String(event.frames_read),
    String(event.reads_agreeing),
    formatDoubt(event),
    formatNames(listDirections(event)),
    formatNames(event.motion.zones?.map(({ zone }) => zone)),
    ...listShadow(event),
    event.images ? 't' : 'f',
    listDirections(event).findLast((direction) => direction === 'in' || direction === 'out') ?? '',
    JSON.stringify(event),
  ]);
}

function formatDoubt(event: PlateEvent): string | null {
  const found = doubtOf(event);
  return found ? found.doubt.toFixed(5) : null;
}

/** Whose read stands beside whose, whether they differ, and how sure the challenger was. */
function listShadow(event: PlateEvent): readonly (string | null)[] {
  const { shadow } = event.processing;
  if (!shadow) return [null, null, null];
  const differs = dropUmlauts(shadow.text) !== dropUmlauts(machineTextOf(event));
  return [`${event.plate.ocr_model} ${shadow.model}`, String(differs), String(shadow.confidence)];
}

/** What the machine read; a person's correction leaves it as the next candidate. */
function machineTextOf({ status, plate }: PlateEvent): string {
  return status === 'corrected' ? (plate.candidates[1]?.text ?? '') : plate.text_normalized;
}

/** Null where there is none, which takes no room in the row. */
function formatNames(names: readonly string[] = []): string | null {
  return names.length === 0 ? null : formatArray(names);
}
