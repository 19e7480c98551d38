import { formatPlateLine, type PlateLine } from '../../app/plate-line.ts';
import type { PassageLine } from '../../app/read-video.ts';
import type { CaptureTime } from '../../camera/capture-time.ts';

/** What is found of one input, filled as it is found, so that a fault leaves what came before it. */
export type Result = {
  readonly image: string;
  readonly plates: (PlateLine | PassageLine)[];
  /** When the picture was taken or the video began. */
  taken?: CaptureTime;
  /** The end of the file is missing; the picture is what there is of it. */
  truncated?: true;
  /** Plates that were found but not read, because there were more than `vision.recognise.max_plates`. */
  plates_left_out?: number;
  /** The pictures written with their plates marked. */
  marked?: string[];
};

/** What was read of one input, as lines for people. */
export function formatResult({ image, plates, taken, ...notes }: Result, wallMs: number): string {
  const dated = taken ? `  ${new Date(taken.at).toISOString()} (${taken.source}, in ${taken.zone})` : '';
  const lines = [`${image}  ${wallMs.toFixed(0)} ms${dated}`];
  if (notes.truncated) lines.push('  the file lacks its end; read as far as it goes');
  if (plates.length === 0) lines.push('  no plate found');
  for (const plate of plates)
    lines.push(`  ${formatPlateLine(plate)}${'first_seen_ms' in plate ? formatTimes(plate) : ''}`);
  if (notes.plates_left_out) {
    lines.push(`  ${notes.plates_left_out} more plates were not read; raise vision.recognise.max_plates`);
  }
  for (const path of notes.marked ?? []) lines.push(`  marked in ${path}`);
  return `${lines.join('\n')}\n`;
}

/** The same as one line of JSON. */
export function formatJson({ taken, ...result }: Result, wallMs: number): string {
  const { at, zone, source } = taken ?? {};
  const dated = at === undefined ? {} : { taken_at: new Date(at).toISOString(), time_zone: zone, time_source: source };
  return JSON.stringify({ ...result, ...dated, wall_ms: Math.round(wallMs * 10) / 10 });
}

type Times = Readonly<{ first_seen_ms: number; last_seen_ms: number; first_seen_at?: string; last_seen_at?: string }>;

/** By the clock, in UTC, where the video is dated; otherwise seconds of the video. */
function formatTimes({ first_seen_ms, last_seen_ms, first_seen_at, last_seen_at }: Times): string {
  const seconds = `  from ${(first_seen_ms / 1000).toFixed(1)} s to ${(last_seen_ms / 1000).toFixed(1)} s`;
  return first_seen_at === undefined ? seconds : `${seconds} (${first_seen_at} to ${last_seen_at})`;
}
