import { join, resolve } from 'node:path';
import type { AuditKeys } from '../audit/keys.ts';
import type { Log } from '../base/log.ts';
import type { DeadLetterBox } from '../bus/dead-letters.ts';
import { listEventTopics } from '../bus/kafka-topics.ts';
import type { Division } from '../db/migrations.ts';
import type { Sql } from '../db/sql.ts';
import { openFileImages } from '../images/files.ts';
import type { Images } from '../images/images.ts';
import { openLedger } from '../privacy/ledger.ts';
import type { Place, Traces } from '../privacy/place.ts';
import { openAlertsPlace } from '../privacy/places/alerts.ts';
import { openAuditPlace } from '../privacy/places/audit.ts';
import { openDatabasePlaces } from '../privacy/places/database.ts';
import { openDeadLettersPlace } from '../privacy/places/dead-letters.ts';
import { openLostLooksPlace } from '../privacy/places/lost-looks.ts';
import { openPicturesPlace } from '../privacy/places/pictures.ts';
import { openSearchIndexPlace } from '../privacy/places/search-index.ts';
import { openSpoolPlace } from '../privacy/places/spool.ts';
import { openTopicsPlace } from '../privacy/places/topics.ts';
import { createPrivacy, type Privacy } from '../privacy/privacy.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { destroyPlateKey, findPlateKey } from '../store/audit/plate-keys.ts';
import { measureStored } from '../store/privacy/amounts.ts';
import { listMonthKeys, pseudonymOf } from '../store/privacy/pseudonyms.ts';
import { scrubDatabase } from '../store/upkeep/scrub.ts';
import type { Config } from './config.ts';

type PrivacyOptions = Readonly<{
  config: Config;
  sql: Sql;
  division: Division;
  images: Images;
  deadLetters: DeadLetterBox;
  auditKeys: AuditKeys;
  /** Undefined where the database itself is searched. */
  index: SearchIndex | undefined;
  onHold?: () => void;
  log: Log;
  now?: () => Date;
}>;

const DAY_MS = 86_400_000;

/** Puts together every place of this installation where plates live. */
export async function openPrivacy(options: PrivacyOptions): Promise<Privacy> {
  const { config, sql, log, onHold = () => {}, now = () => new Date() } = options;
  const { retention, pseudonyms, backup_days: backupDays } = config.privacy;
  return createPrivacy({
    sql,
    places: await openPlaces(options),
    ledger: openLedger(join(config.data, 'privacy')),
    key: options.auditKeys.signing,
    days: {
      events: retention.events_days,
      pictures: retention.pictures_days,
      pseudonyms: pseudonyms.after_days,
      hit: retention.hit_days,
      hold: retention.hold_days,
      case: retention.case_days,
    },
    backupDays,
    pseudonymsOf: async (plate) => (await listMonthKeys(sql)).map((key) => pseudonymOf(plate, key)),
    scrub: (traces) => scrub(options, traces),
    onHold,
    now,
    log,
  });
}

/** In this order they are shown; they are erased in the opposite one. */
async function openPlaces(options: PrivacyOptions): Promise<readonly Place[]> {
  const { config, sql, division, images, deadLetters, index } = options;
  const { bus, data } = config;
  const { events_days: events, pictures_days: pictures } = config.privacy.retention;
  const places = [
    ...openDatabasePlaces({ sql, division, cutoff: cutoffOf(events) }),
    openPicturesPlace({ name: 'pictures', images, cutoff: cutoffOf(pictures) }),
  ];
  if (config.images.kind === 's3') {
    const waiting = await openFileImages(resolve(data, config.images.waiting_folder));
    const note = 'Of this machine; on others they are removed by alpr images verify --delete-orphans';
    places.push(openPicturesPlace({ name: 'waiting_pictures', images: waiting, note }));
  }
  places.push(openLostLooksPlace({ images, cutoff: cutoffOf(pictures) }));
  if (index) places.push(openSearchIndexPlace(index));
  places.push(openSpoolPlace(join(data, 'edge')));
  const topicDays = bus.kind === 'kafka' ? bus.topics.retention_days : undefined;
  if (bus.kind === 'kafka') {
    const names = [...listEventTopics(bus).keys(), bus.topics.alerts];
    places.push(openTopicsPlace({ names, days: bus.topics.retention_days }));
  }
  places.push(openDeadLettersPlace({ box: deadLetters, topicDays }));
  places.push(openAlertsPlace({ sql, cutoff: cutoffOf(events) }));
  places.push(openAuditPlace(describeKeys(sql, options.auditKeys)));
  return places;
}

function describeKeys(sql: Sql, { plates }: AuditKeys) {
  return {
    count: async () => (await measureStored(sql, 'audit')).count,
    has: async (plate: string) => (await findPlateKey(sql, plates, plate)) !== undefined,
    destroy: (plate: string) => destroyPlateKey(sql, plates, plate),
  };
}

function cutoffOf(days: number | null): (now: Date) => Date | undefined {
  return (now) => (days === null ? undefined : new Date(now.getTime() - days * DAY_MS));
}

async function scrub(
  { sql, division, index }: PrivacyOptions,
  { firstSeen, lastSeen }: Traces,
): Promise<readonly string[]> {
  const from = new Date(firstSeen ?? 0);
  const left = await scrubDatabase({ sql, division, from, to: new Date(lastSeen ?? from) });
  if ((await index?.purge()) === false) {
    return [
      ...left,
      'search_index: the cluster did not let go of removed documents in time; it merges them away later',
    ];
  }
  return left;
}
