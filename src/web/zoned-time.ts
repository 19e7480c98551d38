/** A time without a zone, as fields of a form have it, read in a zone: in ISO form and UTC; one that is none stays. */
export function toUtc(time: string, zone: string): string {
  const wall = Date.parse(hasZone(time) ? time : `${time}${time.includes('T') ? '' : 'T00:00'}Z`);
  if (time === '' || Number.isNaN(wall)) return time;
  if (hasZone(time)) return new Date(wall).toISOString();
  // The offset of the first guess is wrong near a change of the clocks, that of the second is not.
  const guess = wall - offsetOf(wall, zone);
  return new Date(wall - offsetOf(guess, zone)).toISOString();
}

/** A time with a zone as a form's field takes it: the wall clock of a zone, with seconds when there are any. */
export function toLocal(time: string, zone: string): string {
  const at = Date.parse(time);
  if (!hasZone(time) || Number.isNaN(at)) return time;
  const local = new Date(at + offsetOf(at, zone)).toISOString();
  return local.slice(0, local.endsWith(':00.000Z') ? 16 : 19);
}

/** Whether the browser knows a time zone by this name. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function hasZone(time: string): boolean {
  return /T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(time);
}

/** How far a zone's wall clock is ahead of UTC at a moment, milliseconds. */
function offsetOf(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
