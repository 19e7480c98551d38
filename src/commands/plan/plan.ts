import type { Config } from '../../app/config.ts';
import { daysWithin, planStorage } from '../../app/plan-storage.ts';
import { AlprError } from '../../base/errors.ts';
import { formatColumns } from '../format-columns.ts';

export type PlanFlags = Readonly<{
  cameras: number;
  eventsPerDay?: number;
  days?: number;
  pictureDays?: number;
  hoursAway?: number;
  disk?: string;
  json?: boolean;
}>;

/** Nearly every vehicle of a through road is a stranger; a car park sees the same ones. The larger figure is taken. */
const NEW_PLATES = 1;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Prints what the load takes in each place that the configuration has. */
export function printPlan(config: Config, flags: PlanFlags): void {
  const { events_days: eventsDays, pictures_days: picturesDays } = config.privacy.retention;
  const days = flags.days ?? eventsDays ?? 365;
  const load = {
    cameras: flags.cameras,
    eventsPerDay: flags.eventsPerDay ?? 1000,
    days,
    pictureDays: flags.pictureDays ?? Math.min(days, picturesDays ?? days),
    hoursAway: flags.hoursAway ?? 72,
    newPlates: NEW_PLATES,
  };
  const budget = flags.disk === undefined ? undefined : parseSize(flags.disk);
  const places = planStorage(load, config);
  const total = places.reduce((sum, { bytes }) => sum + bytes, 0);
  const lasts = budget === undefined ? undefined : daysWithin(budget, load, config);
  if (flags.json) {
    print(JSON.stringify({ ...load, places, bytes: total, ...(lasts !== undefined && { days_on_disk: lasts }) }));
    return;
  }
  const rows = places.map(({ name, perDay, bytes, says }) => [name, formatSize(perDay), formatSize(bytes), says]);
  print(`${load.cameras} cameras with ${load.eventsPerDay} events a day each:\n`);
  print(formatColumns([['place', 'a day', 'full', 'what'], ...rows, ['together', '', formatSize(total), '']]));
  if (flags.disk !== undefined) {
    print(`\n${flags.disk} lasts for ${lasts} days of events and pictures, after everything else in the table.`);
  }
  print(
    '\nThese are measured sizes without reserve: plan for a third more. docs/operations/sizing.md says how they were measured.',
  );
}

function parseSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) *([kMGTP]?B)$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) return Number(number) * 1000 ** UNITS.indexOf(unit);
  throw new AlprError('INPUT_INVALID', `Expected a size such as 500GB or 4TB, got "${text}"`);
}

function formatSize(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** step).toPrecision(3)} ${UNITS[step]}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
