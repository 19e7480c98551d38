import type { PlateEvent } from '../contract/plate-event.ts';

/** Somebody who looked a plate up. */
export type LookUp = Readonly<{ at: string; who: string; operation: string; purpose: string | null }>;

/** A passage, and the names of its pictures in the zip. */
export type ShownPassage = Readonly<{ event: PlateEvent; pictures: readonly string[] }>;

type PageOptions = Readonly<{
  plate: string;
  at: string;
  passages: AsyncIterable<ShownPassage>;
  /** Undefined where they may not be told. */
  lookUps: readonly LookUp[] | undefined;
  otherReadings: number;
}>;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#111;background:#fff}
section{border-top:1px solid #bbb;padding:1rem 0}img{max-width:100%;max-height:20rem;margin:.25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:#555}dd{margin:0}
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0}`;

/** A page that needs no program but a browser: every passage of a plate in words, with its pictures. */
export async function* writeAccessPage(options: PageOptions): AsyncGenerator<string> {
  const { plate, at, passages, lookUps, otherReadings } = options;
  yield `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>What is kept on ${escapeHtml(plate)}</title><style>${STYLE}</style></head><body>
<h1>What is kept on the number plate ${escapeHtml(plate)}</h1>
<p>Written on ${escapeHtml(formatTime(at))}. Each section below is one time that a camera saw this plate. The same facts stand in <a href="passages.json">passages.json</a> for programs.</p>
<p>Machines read plates and are sometimes wrong. “Certainty” says how sure the machine was.</p>\n`;
  let count = 0;
  for await (const passage of passages) {
    count += 1;
    yield describePassage(passage, count);
  }
  yield count === 0 ? '<p><strong>No passage of this plate is kept.</strong></p>\n' : `<p>${count} in all.</p>\n`;
  if (otherReadings > 0) {
    yield `<p>This plate was a possible but less likely reading of ${otherReadings} more passages. They are about other vehicles and are not shown.</p>\n`;
  }
  yield describeLookUps(lookUps);
  yield '</body></html>\n';
}

function describePassage({ event, pictures }: ShownPassage, number: number): string {
  const { plate, vehicle, motion } = event;
  const facts: readonly (readonly [string, string | null])[] = [
    ['When', formatTime(event.detected_at)],
    ['Where', `${event.camera_name || event.camera_id}, ${event.site_id}`],
    ['Read as', plate.text_raw],
    ['Certainty', `${Math.round(plate.confidence * 100)} %`],
    ['Region', plate.region],
    ['Vehicle', vehicle.type],
    ['Direction', describeDirection(motion)],
    [
      'Zones',
      motion.zones?.map(({ zone, dwell_ms }) => `${zone} (${Math.round(dwell_ms / 1000)} s)`).join(', ') ?? null,
    ],
    ['State', event.status],
    ['Number of the record', event.event_id],
  ];
  const rows = facts.flatMap(([name, value]) => (value ? [`<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`] : []));
  const images = pictures.map(
    (name) => `<img src="${escapeHtml(name)}" alt="Picture of passage ${number}" loading="lazy">`,
  );
  const none = event.images === null ? 'No picture was stored.' : 'No picture is kept any more.';
  return `<section><h2>Passage ${number}</h2><dl>${rows.join('')}</dl>${images.join('') || `<p>${none}</p>`}</section>\n`;
}

function describeDirection({ crossings, direction_deg }: PlateEvent['motion']): string | null {
  if (crossings && crossings.length > 0)
    return crossings.map(({ direction, line }) => `${direction} (${line})`).join(', ');
  return direction_deg === null ? null : `${Math.round(direction_deg)}° in the picture`;
}

function describeLookUps(lookUps: readonly LookUp[] | undefined): string {
  if (lookUps === undefined) return '';
  if (lookUps.length === 0) return '<h2>Who looked it up</h2><p>Nobody.</p>\n';
  const rows = lookUps.map(
    ({ at, who, operation, purpose }) =>
      `<tr><td>${escapeHtml(formatTime(at))}</td><td>${escapeHtml(who)}</td><td>${escapeHtml(operation)}</td><td>${escapeHtml(purpose ?? '–')}</td></tr>`,
  );
  return `<h2>Who looked it up</h2><table><tr><th>When</th><th>Who</th><th>What</th><th>Purpose</th></tr>${rows.join('')}</table>\n`;
}

function formatTime(at: string): string {
  return `${at.slice(0, 10)} at ${at.slice(11, 19)} (UTC)`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
