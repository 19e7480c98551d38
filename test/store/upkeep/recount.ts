import type { Sql } from '../../../src/db/sql.ts';

const HOUR = 3_600_000;

type Row = Readonly<{ at: Date; site: string; camera: string; text: string; confidence: number; frames: number }>;

/** What the views of statistics must say, counted from the rows of all events by another program: this one. */
export async function recount(sql: Sql) {
  const rows = await sql.query<Row>(
    `SELECT detected_at AS at, site_id AS site, camera_id AS camera, text_normalized AS text, confidence::float8,
       coalesce(frames_read, 0) AS frames FROM plate_events WHERE status <> 'retracted'`,
  );
  const hours = new Map<string, { reads: number; frames: number; confidence: number }>();
  const days = new Map<string, { plates: Set<string>; reads: number }>();
  for (const { at, site, camera, text, confidence, frames } of rows) {
    const hour = `${floor(at, HOUR)} ${site} ${camera}`;
    const counted = hours.get(hour) ?? { reads: 0, frames: 0, confidence: 0 };
    counted.reads += 1;
    counted.frames += frames;
    counted.confidence += confidence;
    hours.set(hour, counted);
    const day = days.get(floor(at, 24 * HOUR)) ?? { plates: new Set(), reads: 0 };
    day.plates.add(text);
    day.reads += 1;
    days.set(floor(at, 24 * HOUR), day);
  }
  return {
    hours: sortLines(
      [...hours].map(([key, one]) => `${key} ${one.reads} ${one.frames} ${round(one.confidence / one.reads)}`),
    ),
    days: sortLines([...days].map(([day, { plates, reads }]) => `${day} ${plates.size} ${reads}`)),
  };
}

/** What the views say, in the same form. */
export async function readCounts(sql: Sql): ReturnType<typeof recount> {
  const hours = await sql.query<Row & { hour: Date; reads: number }>(
    `SELECT hour, site_id AS site, camera_id AS camera, reads::int, coalesce(frames_read, 0)::int AS frames,
       mean_confidence AS confidence FROM reads_per_camera_hour`,
  );
  const days = await sql.query<{ day: Date; plates: number; reads: number }>(
    'SELECT day, plates::int, reads::int FROM unique_plates_per_day',
  );
  return {
    hours: sortLines(
      hours.map((one) =>
        [floor(one.hour, 1), one.site, one.camera, one.reads, one.frames, round(one.confidence)].join(' '),
      ),
    ),
    days: sortLines(days.map(({ day, plates, reads }) => `${floor(day, 1)} ${plates} ${reads}`)),
  };
}

function floor(at: Date, step: number): string {
  return new Date(Math.floor(at.getTime() / step) * step).toISOString();
}

function round(value: number): string {
  return value.toFixed(5);
}

function sortLines(lines: string[]): readonly string[] {
  return lines.sort();
}
