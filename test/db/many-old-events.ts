import type { PlateEvent } from '../../src/contract/plate-event.ts';
import type { Sql } from '../../src/db/sql.ts';
import { makeEvent } from '../store/make-event.ts';

const EVERY_MS = 480_000;
const BLANK = { id: '00000000-0000-7000-8000-000000000000', at: Date.UTC(2000, 0, 1), text: 'TTTTTTT' };

/** Event `n` of those that `fillAsBefore` writes; the newest is 0. */
export function oldEvent(n: number, now: number): PlateEvent {
  const hexadecimal = n.toString(16).padStart(12, '0');
  const event = makeEvent({ id: `01900000-0000-7000-8000-${hexadecimal}`, at: now - n * EVERY_MS, text: BLANK.text });
  const text = oldText(n);
  return {
    ...event,
    revision: n % 10 === 0 ? 2 : 1,
    status: n % 100 === 7 ? 'retracted' : 'final',
    camera_id: `cam-${n % 4}`,
    plate: { ...event.plate, text_normalized: text, candidates: [{ text, p: 0.9 }] },
  };
}

/** Its plate, which 40,000 others stand between. */
function oldText(n: number): string {
  const m = n % 40_000;
  const letter = (of: number) => String.fromCharCode(65 + (of % 26));
  return `${letter(m)}${letter(Math.floor(m / 26))}${String(m % 9973).padStart(4, '0')}${letter(m)}`;
}

const TEXT = `chr(65 + m % 26) || chr(65 + m / 26 % 26) || lpad((m % 9973)::text, 4, '0') || chr(65 + m % 26)`;
const MOMENT = `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Fills a database of the migrations 001 to 007 as their version did: events, what a newer revision replaced, texts, a dead letter. */
export async function fillAsBefore(
  sql: Sql,
  { events, now }: Readonly<{ events: number; now: number }>,
): Promise<void> {
  const template = JSON.stringify({ ...makeEvent(BLANK), revision: 0, status: 'STATUS', camera_id: 'CAMERA' })
    .replaceAll(BLANK.id, '%1$s')
    .replaceAll(new Date(BLANK.at).toISOString(), '%2$s')
    .replaceAll(`"text_normalized":"${BLANK.text}"`, '"text_normalized":"%3$s"')
    .replaceAll(`"candidates":[{"text":"${BLANK.text}"`, '"candidates":[{"text":"%3$s"')
    .replace('"revision":0', '"revision":%4$s')
    .replace('STATUS', '%5$s')
    .replace('CAMERA', '%6$s');
  await sql.transaction(async (session) => {
    await session.query(
      `CREATE TEMP TABLE given ON COMMIT DROP AS
         SELECT n, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id, at, ${TEXT} AS text,
           CASE WHEN n % 10 = 0 THEN 2 ELSE 1 END AS revision, 'cam-' || n % 4 AS camera,
           CASE WHEN n % 100 = 7 THEN 'retracted' ELSE 'final' END AS status, ${MOMENT} AS moment
         FROM generate_series(0, ${events - 1}) AS n, LATERAL (SELECT n % 40000 AS m,
           timestamptz 'epoch' + (${now} - n::bigint * ${EVERY_MS}) * interval '1 millisecond' AS at) AS made`,
    );
    await session.query(
      'INSERT INTO plate_texts (text) SELECT DISTINCT text FROM given ORDER BY 1 ON CONFLICT DO NOTHING',
    );
    await session.query(
      `INSERT INTO plate_events (event_id, detected_at, revision, status, site_id, camera_id, text_normalized, candidates,
         confidence, frames_read, reads_agreeing, event)
       SELECT id, at, revision, status, 'home', camera, text, '{}', 0.9, 4, 3,
         format($1::text, id, moment, text, revision, status, camera)::json FROM given ORDER BY id`,
      [template],
    );
    await session.query(
      `INSERT INTO event_revisions (event_id, detected_at, revision, status, event)
       SELECT id, at, 1, 'provisional', format($1::text, id, moment, text, 1, 'provisional', camera)::json
       FROM given WHERE revision = 2`,
      [template],
    );
    await session.query(
      `INSERT INTO dead_letters (topic, key, headers, value, error_code, error)
       VALUES ('alpr.plates', 'cam-1', '{"alpr-origin": "edge"}', 'no event', 'INPUT_INVALID', 'Expected JSON.')`,
    );
  });
}

/** Partitions of the months that the events fall into, as upkeep made them when those months came. */
export async function makePastPartitions(sql: Sql): Promise<void> {
  await sql.query(`DO $$
    DECLARE
      parent text;
      month  timestamptz;
    BEGIN
      FOREACH parent IN ARRAY ARRAY['plate_events', 'event_revisions'] LOOP
        FOR month IN SELECT generate_series(date_trunc('month', now(), 'UTC') - interval '20 months',
          date_trunc('month', now(), 'UTC') + interval '3 months', interval '1 month') LOOP
          EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
            parent || to_char(month AT TIME ZONE 'UTC', '_YYYYMMDD'), parent, month, month + interval '1 month');
        END LOOP;
      END LOOP;
    END
    $$`);
}
