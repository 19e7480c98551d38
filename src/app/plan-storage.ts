import type { Config } from './config.ts';

/** Bytes on disk of each thing that is kept, measured as docs/operations/sizing.md tells. */
const MEASURED = {
  /** A row with its share of the indexes, each replaced revision of it, and the text of a plate seen for the first time. */
  row: 2570,
  replacedRevision: 1689,
  newPlate: 338,
  /** A revision on the broker's disk and in the spool. */
  message: 702,
  spooledRevision: 2700,
  document: 1950,
  /** All pictures of an event. */
  pictures: 107_000,
  /** Of one line at one scrape, and how many lines a camera has in all. */
  sample: 2,
  series: 30,
} as const;

/** Revisions of an event, as measured on simulated cameras. */
const REVISIONS = 2;
const SCRAPES_A_DAY = 86_400 / 15;
const PROMETHEUS_DAYS = 15;

export type Load = Readonly<{
  cameras: number;
  /** Of one camera. */
  eventsPerDay: number;
  /** How long events are kept. */
  days: number;
  pictureDays: number;
  /** How long the broker may be away while no event is lost. */
  hoursAway: number;
  /** Share of the events whose plate was never seen before, 0–1. */
  newPlates: number;
}>;

/** What one place takes once it is full, bytes. `perDay` is what a day of events adds to it. */
type Place = Readonly<{ name: string; bytes: number; perDay: number; says: string }>;

/** What a load takes in each place that the configuration has, in bytes, without spare room. */
export function planStorage(load: Load, { search, bus, images }: Config): readonly Place[] {
  const events = load.cameras * load.eventsPerDay;
  const place = (name: string, perDay: number, days: number, says: string): Place => ({
    name,
    perDay,
    bytes: perDay * days,
    says,
  });
  const row = MEASURED.row + (REVISIONS - 1) * MEASURED.replacedRevision + load.newPlates * MEASURED.newPlate;
  const places = [place('PostgreSQL', events * row, load.days, `rows of ${load.days} days`)];
  places.push(
    place(
      images.kind === 's3' ? 'pictures (object store)' : 'pictures (disk)',
      events * MEASURED.pictures,
      load.pictureDays,
      `pictures of ${load.pictureDays} days, in one copy`,
    ),
  );
  if (search.kind === 'opensearch') {
    const copies = 1 + search.replicas;
    places.push(
      place('OpenSearch', events * MEASURED.document * copies, load.days, `${copies} copies of ${load.days} days`),
    );
  }
  if (bus.kind === 'kafka') {
    const { replication = 1, retention_days: days } = bus.topics;
    const perDay = events * REVISIONS * MEASURED.message * replication;
    places.push(place('Kafka', perDay, days, `${days} days, ${replication} of each message`));
  }
  const waiting = events * (REVISIONS * MEASURED.spooledRevision + MEASURED.pictures);
  places.push(
    place(
      'edges, all together',
      waiting,
      load.hoursAway / 24,
      `events and pictures that wait while nothing answers for ${load.hoursAway} hours`,
    ),
  );
  const samples = load.cameras * MEASURED.series * SCRAPES_A_DAY * MEASURED.sample;
  places.push(place('Prometheus', samples, PROMETHEUS_DAYS, `metrics of the cameras, ${PROMETHEUS_DAYS} days`));
  return places;
}

/** For how many days events and their pictures fit into `budget` bytes beside all that does not grow with the days. */
export function daysWithin(budget: number, load: Load, config: Config): number {
  const spanOf = (days: number) =>
    planStorage({ ...load, days, pictureDays: days }, config).reduce((sum, { bytes }) => sum + bytes, 0);
  const fixed = spanOf(0);
  const aDay = spanOf(1) - fixed;
  return Math.max(0, Math.floor((budget - fixed) / aDay));
}
