import { resolve } from 'node:path';
import { openAudit } from '../audit/open-audit.ts';
import type { Log } from '../base/log.ts';
import type { GivenPart } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import { openBus } from '../bus/open.ts';
import { createChannelOpener } from '../channels/open.ts';
import { migrateWhenThere } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { openKeyFile } from '../identity/key-file.ts';
import { openImages } from '../images/open.ts';
import { openModelRegistry } from '../models/registry/open.ts';
import { openPrivacyUpkeep, type PrivacyUpkeep } from '../privacy/upkeep.ts';
import { openSearch, openSearchIndex } from '../search/open.ts';
import { createPushRegister } from '../store/alerts/push.ts';
import { createDeadLetterTable } from '../store/dead-letters.ts';
import { keepHits } from '../store/privacy/alerts.ts';
import { openMaintenance } from '../store/upkeep/maintain.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { NO_TRACING, type Tracing } from '../telemetry/tracing/tracing.ts';
import type { Config } from './config.ts';
import { createCameras } from './create-cameras.ts';
import { openEdgeVision } from './open-edge-vision.ts';
import { openPictureReader } from './open-picture-reader.ts';
import { openPrivacy } from './open-privacy.ts';
import { openShadow } from './open-shadow.ts';
import { openVision, type Vision } from './open-vision.ts';
import { traceSql } from './trace-sql.ts';

type ResourceOptions = Readonly<{
  config: Config;
  /** Name of the command that runs. */
  command: string;
  telemetry: Telemetry;
  tracing?: Tracing;
  log: Log;
  /** Consumer groups of the topic of events that must have subscribed before the first event is taken. */
  requiredGroups: readonly string[];
  /** Whether cameras run in this process: their pictures may have to wait for an object store. */
  takesPictures: boolean;
  /** Closes everything, the last one first. */
  opened: AsyncDisposableStack;
  /** Aborts when something else cannot be opened: a database that is away is waited for no longer. */
  signal?: AbortSignal;
  /** Aborts when the process has waited long enough for a database that does not let it end. */
  cutOff?: AbortSignal;
  /** Is told how `/health` asks a resource, as soon as that can be done. */
  onPart?: (name: ResourceName, part: GivenPart) => void;
}>;

/** What a process can open for its services, each once, when it is first asked for. */
export type Openers = ReturnType<typeof createOpeners>;
export type ResourceName = keyof Openers;
export type Resources = Readonly<{ [Name in ResourceName]: Awaited<ReturnType<Openers[Name]>> }>;

export function createOpeners(options: ResourceOptions) {
  const { config, command, telemetry, log, requiredGroups, takesPictures, opened, onPart } = options;
  const { tracing = NO_TRACING } = options;
  const { data: dataFolder } = config;

  const openedBus = once(async () => {
    const bus = opened.use(
      await openBus({ config: config.bus, dataFolder, client: command, requiredGroups, log, telemetry, tracing }),
    );
    onPart?.('bus', { name: 'bus', kind: bus.bus.kind, check: async () => describeBus(bus.bus) });
    return bus;
  });
  const database = once(async () => {
    const opening = openDatabase({ config: config.database, dataFolder, log, cutOff: options.cutOff });
    const { kind, sql: untraced } = opened.use(await opening);
    const sql = traceSql(untraced, tracing);
    onPart?.('sql', { name: 'database', kind, check: () => sql.query('SELECT 1').then(isWell) });
    const { division } = await migrateWhenThere({ sql, log, signal: options.signal ?? new AbortController().signal });
    await keepHits(sql, config.privacy.retention.hit_days);
    const keep = { retention_days: config.privacy.retention.events_days, partition: config.database.partition };
    opened.use(openMaintenance({ sql, division, keep, log }));
    return { sql, division };
  });
  const sql = async () => (await database()).sql;
  const images = once(async () => {
    const uploads = { telemetry, log, retentionDays: config.privacy.retention.pictures_days };
    const images = opened.use(
      await openImages({ config: config.images, dataFolder, ...(takesPictures && { uploads }) }),
    );
    onPart?.('images', { name: 'images', kind: config.images.kind, check: () => images.ping().then(isWell) });
    return images;
  });
  const search = once(async () => {
    const search = opened.use(await openSearch({ config: config.search, sql: await sql() }));
    onPart?.('search', { name: 'search', kind: search.kind, check: () => search.ping().then(isWell) });
    return search;
  });
  /** A broker keeps dead letters on a topic of their own; in process they go to the database. */
  const deadLetters = once(async () => (await openedBus()).deadLetters ?? createDeadLetterTable(await sql()));
  const searchIndex = once(async () =>
    opened.use(await openSearchIndex(config.search, config.privacy.retention.events_days)),
  );
  const audit = once(async () =>
    opened.use(await openAudit({ sql: await sql(), config: config.audit, dataFolder, telemetry, log })),
  );
  const privacy = once(async () => {
    const index = config.search.kind === 'opensearch' ? await searchIndex() : undefined;
    const given = { ...(await database()), images: await images(), index, log };
    let upkeep: PrivacyUpkeep | undefined;
    const onHold = () => upkeep?.wake();
    const privacy = await openPrivacy({
      ...given,
      config,
      deadLetters: await deadLetters(),
      auditKeys: (await audit()).keys,
      onHold,
    });
    const { eraseAgain } = privacy;
    upkeep = opened.use(openPrivacyUpkeep({ ...given, config: config.privacy, eraseAgain, now: () => new Date() }));
    return privacy;
  });
  const bus = async () => (await openedBus()).bus;
  const ofProcess = { telemetry, signal: options.signal };
  const show = (resource: 'vision' | 'pictures', { server }: Vision) => server && onPart?.(resource, server);
  const vision = once(async () => {
    const vision = opened.use(
      await (takesPictures ? openEdgeVision(config, log, ofProcess) : openVision(config, log, undefined, ofProcess)),
    );
    show('vision', vision);
    return vision;
  });
  const registry = once(async () =>
    opened.use(await openModelRegistry({ config: config.models.registry, dataFolder })),
  );
  const shadow = once(async () => opened.use(await openShadow({ config, vision: await vision(), telemetry, log })));
  /** Its own networks are opened after everything else, so they are closed with it; where cameras run, theirs serve. */
  const pictures = once(async () => {
    const late = opened.use(new AsyncDisposableStack());
    const loadOwn = async () => {
      const vision = late.use(await openVision(config, log, undefined, ofProcess));
      show('pictures', vision);
      return vision;
    };
    const load = takesPictures ? vision : loadOwn;
    const reader = opened.use(openPictureReader({ config, openVision: load, bus, images, log }));
    onPart?.('pictures', reader.part);
    return reader;
  });
  const keyFile = once(() => openKeyFile(resolve(dataFolder, config.accounts.key_file)));
  return {
    bus,
    deadLetters,
    sql,
    audit,
    images,
    search,
    searchIndex,
    privacy,
    vision,
    registry,
    shadow,
    pictures,
    keyFile,
    takeAlarms: once(async () => {
      const { createTakeAlarms } = await import('../alerts/system/take-alarms.ts');
      return createTakeAlarms({ sql: await sql(), telemetry });
    }),
    openChannel: once(async () => {
      const push = createPushRegister(await sql(), await keyFile());
      return createChannelOpener({ config: config.channels, site: config.site.id, push });
    }),
    cameras: once(async () => createCameras(config, log)),
  };
}

const isWell = () => ({ ok: true });
const describeBus = ({ works }: Bus) => (works ? { ok: true } : { ok: false, message: 'No broker answers' });

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined;
  return () => {
    opening ??= open();
    return opening;
  };
}
