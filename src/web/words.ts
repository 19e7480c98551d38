/** A probability as a percentage that never claims certainty: 0.9996 is "99.9%", only 1 is "100%", and 0.001 is "<1%". */
export function formatPercent(p: number): string {
  if (p >= 1) return '100%';
  if (p > 0 && p < 0.005) return '<1%';
  if (p > 0.99) return `${(Math.floor(p * 1000) / 10).toFixed(1)}%`;
  return `${Math.round(p * 100)}%`;
}

/** How long ago a moment was, in short words: "now", "12 s", "5 min", "3 h", "2 d". Both in milliseconds. */
export function formatAgo(then: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - then) / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A duration in milliseconds with a fitting unit: "8.4 ms", "230 ms", "2.1 s", "3 min 20 s". */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} min`;
}

/** A count with the viewer's thousands separators. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** A count with its noun: "1 read", "3 reads". */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** Time of day in the viewer's zone with seconds, and the date when it is not today. */
export function formatTime(iso: string, now = Date.now()): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${time}`;
}

/** Date and time in the viewer's zone, with milliseconds and the zone's name. */
export function formatMoment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, {
    dateStyle: undefined,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  });
}

/** A machine's identifier in words for people: `too_small` is "too small". */
export function spellOut(identifier: string): string {
  return identifier.replaceAll(/[_-]+/g, ' ');
}

/** Why a frame of a passage did not count; keys are those of `frames_rejected`. */
const REJECTIONS: Readonly<Record<string, string>> = {
  too_small: 'Characters too small',
  blur: 'Too blurred',
  low_score: 'Plate uncertain',
  empty: 'Nothing read',
  outvoted: 'Read a different text',
  throttled: 'Skipped to save work',
};

/** Why a frame of a passage did not count, in words. */
export function explainRejection(reason: string): string {
  return REJECTIONS[reason] ?? `Not used: ${spellOut(reason)}`;
}

/** Why frames of a camera were not processed; keys are those of `frames_dropped`. */
const DROPS: Readonly<Record<string, string>> = {
  queue: 'Skipped to keep up',
  late: 'Missed by a busy machine',
  failed: 'Could not be processed',
};

/** Why frames of a camera were not processed, in words. */
export function explainDrop(reason: string): string {
  return DROPS[reason] ?? `Skipped: ${spellOut(reason)}`;
}

/** Three grades of confidence, which choose the page's colours. */
export function gradeConfidence(p: number): 'high' | 'medium' | 'low' {
  if (p >= 0.9) return 'high';
  return p >= 0.7 ? 'medium' : 'low';
}

/** The direction in the picture in words; 0° is right and 90° is down. */
export function nameDirection(degrees: number | null): string {
  if (degrees === null) return 'unknown';
  const names = ['right', 'right and down', 'down', 'left and down', 'left', 'left and up', 'up', 'right and up'];
  const turn = ((degrees % 360) + 360) % 360;
  return `to the ${names[Math.round(turn / 45) % 8]}, ${Math.round(turn)}°`.replace(/to the (up|down)/, '$1');
}
