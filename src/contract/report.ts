import type { Permission } from './access.ts';

/** What stands in a column, which says how it is written. */
export type ReportValue =
  | 'hour'
  | 'moment'
  | 'day'
  | 'camera'
  | 'plate'
  | 'name'
  | 'count'
  | 'share'
  | 'minutes'
  | 'seconds'
  | 'bytes';

/** Which questions are shown together. */
export type ReportGroup = 'traffic' | 'recognition' | 'alerts' | 'plates' | 'storage';

/** One question about what was seen and done, and how its answer is shown. */
export type Report = Readonly<{
  title: string;
  about: string;
  group: ReportGroup;
  permission: Permission;
  /** Whether its statement reads plates, though the answer may have none. */
  needsPlates?: true;
  columns: Readonly<Record<string, ReportValue>>;
  /** Charts over the time in the first column: of these columns, or of one for each value of the column `by`. */
  charts?: readonly Readonly<{ kind: 'line' | 'bar'; of: readonly string[]; by?: string }>[];
}>;

/** Every question, in the order in which they are shown. */
export const REPORTS = {
  'reads-by-hour': {
    title: 'Reads by hour',
    about: 'Plates that were read in each hour.',
    group: 'traffic',
    permission: 'events:read',
    columns: { hour: 'hour', reads: 'count' },
    charts: [{ kind: 'line', of: ['reads'] }],
  },
  'reads-by-day': {
    title: 'Reads by day and camera',
    about: 'Plates that each camera read on each day.',
    group: 'traffic',
    permission: 'events:read',
    columns: { day: 'day', camera: 'camera', reads: 'count' },
    charts: [{ kind: 'line', of: ['reads'], by: 'camera' }],
  },
  'read-rate': {
    title: 'Read rate',
    about: 'Of the passages with a visible plate, the share that was read.',
    group: 'recognition',
    permission: 'events:read',
    columns: { day: 'day', read: 'count', lost: 'count', read_rate: 'share' },
    charts: [
      { kind: 'line', of: ['read_rate'] },
      { kind: 'line', of: ['read', 'lost'] },
    ],
  },
  'lost-by-reason': {
    title: 'Lost passages by reason',
    about: 'Why passages with a visible plate were not read.',
    group: 'recognition',
    permission: 'events:read',
    columns: { reason: 'name', lost: 'count', share: 'share' },
  },
  'top-plates': {
    title: 'Top plates',
    about: 'The 50 plates that were read most often.',
    group: 'plates',
    permission: 'search',
    needsPlates: true,
    columns: {
      plate: 'plate',
      reads: 'count',
      days: 'count',
      cameras: 'count',
      first_seen: 'moment',
      last_seen: 'moment',
    },
  },
  visits: {
    title: 'Visits and their length',
    about:
      'On sites with lines a visit begins with a crossing “in” and ends with the next one “out”, at most seven days after the period. Elsewhere it lasts from the first to the last read of a plate on one day.',
    group: 'traffic',
    permission: 'events:read',
    needsPlates: true,
    columns: { day: 'day', visits: 'count', ended: 'count', median_minutes: 'minutes', longest_minutes: 'minutes' },
    charts: [
      { kind: 'bar', of: ['visits', 'ended'] },
      { kind: 'line', of: ['median_minutes'] },
    ],
  },
  'new-and-returning': {
    title: 'New and returning plates',
    about: 'A plate is new on its first day of the period if it was not read in the 90 days before the period.',
    group: 'traffic',
    permission: 'events:read',
    needsPlates: true,
    columns: { day: 'day', new_plates: 'count', returning_plates: 'count' },
    charts: [{ kind: 'line', of: ['new_plates', 'returning_plates'] }],
  },
  alerts: {
    title: 'Alerts by rule and their precision',
    about: 'Precision is the share of right alerts among those that people judged.',
    group: 'alerts',
    permission: 'events:read',
    columns: {
      rule: 'name',
      alerts: 'count',
      withdrawn: 'count',
      held_back: 'count',
      right_alerts: 'count',
      wrong_alerts: 'count',
      precision: 'share',
    },
  },
  deliveries: {
    title: 'Deliveries by channel and outcome',
    about: 'What became of the messages to each channel, and how long they took.',
    group: 'alerts',
    permission: 'alerts',
    columns: { channel: 'name', outcome: 'name', messages: 'count', attempts: 'count', median_seconds: 'seconds' },
  },
  corrections: {
    title: 'Corrections by people',
    about: 'What people decided on the reads of each camera.',
    group: 'recognition',
    permission: 'events:read',
    columns: {
      camera: 'camera',
      reads: 'count',
      reviewed: 'count',
      confirmed: 'count',
      corrected: 'count',
      rejected: 'count',
      merged: 'count',
      corrected_share: 'share',
    },
  },
  classes: {
    title: 'Regions and vehicle classes',
    about: 'Which plates and vehicles were read.',
    group: 'traffic',
    permission: 'events:read',
    columns: { region: 'name', vehicle: 'name', reads: 'count', share: 'share' },
  },
  pictures: {
    title: 'Reads with pictures by day',
    about: 'How many reads have pictures, three each. Old pictures may have been deleted since.',
    group: 'storage',
    permission: 'events:read',
    columns: { day: 'day', reads: 'count', with_pictures: 'count' },
    charts: [{ kind: 'bar', of: ['reads', 'with_pictures'] }],
  },
  storage: {
    title: 'Storage',
    about:
      'Rows, as the database estimates them, and bytes of each table with its indexes. Period and cameras do not matter.',
    group: 'storage',
    permission: 'system',
    columns: { name: 'name', rows: 'count', bytes: 'bytes' },
  },
} as const satisfies Readonly<Record<string, Report>>;

export type ReportName = keyof typeof REPORTS;

/** Names of the questions. */
export const REPORT_NAMES = Object.keys(REPORTS) as [ReportName, ...ReportName[]];

/** One question. */
export function reportOf(name: ReportName): Report {
  return REPORTS[name];
}
