import type { Note } from '../contract/api/plates.ts';
import type { Picture } from '../contract/plate-event.ts';
import { escapeHtml } from '../eval/page/html.ts';
import type { StoredRevision } from '../store/evidence.ts';

/** A picture of some revision: its bytes, or why they are not there. */
export type FoundPicture = Readonly<{ name: string; kind: string; picture: Picture; bytes?: Buffer; why?: string }>;

/** What the clocks say when the file is made. Times are ISO 8601. */
export type Clocks = Readonly<{
  here: string;
  database: string;
  database_ahead_ms: number;
  revisions: readonly Readonly<{
    revision: number;
    published: string;
    stored_at: string;
    stored_after_ms: number;
    plausible: boolean;
  }>[];
}>;

type Page = Readonly<{
  revisions: readonly StoredRevision[];
  pictures: readonly FoundPicture[];
  clock: Clocks;
  notes: readonly Note[];
  system: object;
  looks: number;
  made: Readonly<{ at: string; by: string }>;
  fingerprint: string;
}>;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
img{max-width:100%;border:1px solid #bbb}figure{margin:1rem 0}code,pre{font-family:monospace;overflow-wrap:anywhere}pre{white-space:pre-wrap}`;

/** The page of the zip that people read: what is known of the event, in words and tables. */
export function writePage({ revisions, pictures, clock, notes, system, looks, made, fingerprint }: Page): string {
  const event = revisions.at(-1)?.event;
  if (!event) throw new Error('expected at least one revision');
  const { plate, review, time } = event;
  const facts: Rows = [
    ['Plate', plate.text_normalized],
    ['As the machine read it', plate.text_raw],
    ['Probability that the text is right', percent(plate.confidence)],
    [
      'State',
      review
        ? `${event.status}, ${review.action ?? 'reviewed'} by ${review.by}: ${review.reason || 'no reason given'}`
        : event.status,
    ],
    ['Passed (UTC)', `${time.first_seen} to ${time.last_seen}`],
    ['Site and camera', `${event.site_id}, ${event.camera_id} (${event.camera_name})`],
    ['Region', plate.region ?? 'unknown'],
    ['Networks', `${plate.detector_model}, ${plate.ocr_model}`],
    ['Event', event.event_id],
  ];
  const characters = plate.chars.map(
    ({ c, p, alt }): Row => [c, percent(p), alt.map((other) => `${other.c} ${percent(other.p)}`).join(', ') || 'none'],
  );
  const listed = revisions.map(
    ({ event: one, stored_at }): Row => [
      String(one.revision),
      one.status,
      one.plate.text_normalized,
      percent(one.plate.confidence),
      one.review ? `${one.review.by}: ${one.review.reason}` : 'machine',
      stored_at,
    ],
  );
  const clocks = clock.revisions.map(
    (one): Row => [
      String(one.revision),
      one.published,
      one.stored_at,
      `${one.stored_after_ms} ms`,
      one.plausible ? 'yes' : 'no',
    ],
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Evidence: ${escapeHtml(plate.text_normalized)}</title><style>${STYLE}</style></head><body>
<h1>Evidence on a read of ${escapeHtml(plate.text_normalized)}</h1>
<p>Made ${escapeHtml(made.at)} by ${escapeHtml(made.by)}. Files beside this page have the same for programs.</p>
${table(['', ''], facts)}
<h2>Pictures</h2>
${pictures.map(showPicture).join('\n') || '<p>The event has no pictures.</p>'}
<h2>Characters as the machine read them</h2>
${table(['Character', 'Probability', 'Alternatives'], characters)}
<h2>Other texts that were possible</h2>
${table(
  ['Text', 'Probability'],
  plate.candidates.map(({ text, p }): Row => [text, percent(p)]),
)}
<h2>Revisions</h2>
${table(['Revision', 'State', 'Text', 'Probability', 'By', 'Stored (UTC)'], listed)}
<h2>Clocks</h2>
<p>The clock of the database was ${clock.database_ahead_ms} ms ahead of the machine that made this file.</p>
${table(['Revision', 'Published, by the clock at the camera', 'Stored, by the clock of the database', 'Between', 'Plausible time'], clocks)}
<h2>Notes</h2>
${table(
  ['Time (UTC)', 'By', 'Text'],
  notes.map(({ at, by, kind, text }): Row => [at, by, kind === 'tag' ? `tag: ${text}` : text]),
)}
<h2>Program and settings when this file was made</h2>
<pre>${escapeHtml(JSON.stringify(system, null, 2))}</pre>
<h2>Who looked at it</h2>
<p>${looks} entries of the audit name this event; they are in <code>audit.ndjson</code>, with their hashes in its chain.</p>
<h2>Whether this is genuine</h2>
<p><code>alpr evidence verify FILE.zip --key ${fingerprint}</code> says whether anything was changed. Ask the operator of the system for the
fingerprint of its key, and compare it with <code>${fingerprint}</code>: whoever changes the files can sign them again, but not with this key.</p>
</body></html>
`;
}

type Row = readonly string[];
type Rows = readonly Row[];

function table(titles: Row, rows: Rows): string {
  if (rows.length === 0) return '<p>None.</p>';
  const head = titles.some((title) => title !== '')
    ? `<tr>${titles.map((title) => `<th>${escapeHtml(title)}</th>`).join('')}</tr>`
    : '';
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('\n');
  return `<table>${head}${body}</table>`;
}

function showPicture({ name, kind, picture, why }: FoundPicture): string {
  const facts = `${kind}, ${picture.w} × ${picture.h} px, SHA-256 <code>${picture.sha256}</code>`;
  if (why) return `<p>${escapeHtml(why)}: ${facts}</p>`;
  return `<figure><img src="${escapeHtml(name)}" alt="${escapeHtml(kind)}"><figcaption>${facts}</figcaption></figure>`;
}

function percent(p: number): string {
  return `${(100 * p).toFixed(1)} %`;
}
