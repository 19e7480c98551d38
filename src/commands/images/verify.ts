import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../app/config.ts';
import { createCommandAudit } from '../../app/open-command-audit.ts';
import { AlprError } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { startProgress } from '../../base/progress.ts';
import { eventIdOf } from '../../contract/image-key.ts';
import { readLostKey } from '../../contract/lost-look.ts';
import { openDatabase } from '../../db/open.ts';
import { auditEvents, auditStore, type EventAudit, type PictureFault, type StoreAudit } from '../../images/audit.ts';
import { openImages } from '../../images/open.ts';
import { countRevisions, findReferencedKeys, readPictureReferences } from '../../store/pictures.ts';

const HOUR_MS = 3_600_000;
/** An event may wait at the edge for days while the bus is away; its pictures come before it. */
const DEFAULT_AGE_HOURS = 7 * 24;

export type VerifyFlags = Readonly<{
  /** A folder of pictures to restore from. */
  repair?: string;
  deleteOrphans?: boolean;
  olderThan?: number;
  since?: Date;
  json?: boolean;
}>;

type Result = Readonly<{ events: EventAudit; store: StoreAudit; findings: readonly PictureFault[] }>;

/** Compares events and pictures both ways and prints what does not fit; 1 when something is left that does not. */
export async function verifyImages(config: Config, flags: VerifyFlags): Promise<number> {
  if (flags.repair !== undefined) await requireFolder(flags.repair);
  const findings: PictureFault[] = [];
  const result = { ...(await audit(config, flags, (fault) => findings.push(fault))), findings };
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : formatResult(result));
  return findings.some(({ outcome }) => outcome === 'left') ? 1 : 0;
}

async function audit(
  config: Config,
  flags: VerifyFlags,
  onFault: (fault: PictureFault) => void,
): Promise<Omit<Result, 'findings'>> {
  await using opened = new AsyncDisposableStack();
  const log = createLog({ ...config.log, level: 'warn' });
  const { sql } = opened.use(
    await openDatabase({ config: config.database, dataFolder: config.data, log, isShared: true }),
  );
  const { record } = await createCommandAudit(config, sql);
  const { repair, deleteOrphans = false } = flags;
  const action = repair !== undefined || deleteOrphans ? 'change' : 'view';
  await record({ action, operation: 'images verify', query: { repair, delete_orphans: deleteOrphans } });
  const images = opened.use(await openImages({ config: config.images, dataFolder: config.data }));
  const openFolder = async (folder: string) =>
    opened.use(await openImages({ config: { kind: 'files', folder }, dataFolder: config.data }));
  const waiting =
    config.images.kind === 's3' && (await isFolder(path.resolve(config.data, config.images.waiting_folder)))
      ? await openFolder(config.images.waiting_folder)
      : undefined;
  const backup = flags.repair === undefined ? undefined : await openFolder(path.resolve(flags.repair));

  // Three pictures an event.
  const ofEvents = startProgress(3 * (await countRevisions(sql, flags.since)), 'pictures of events');
  const references = readPictureReferences(sql, flags.since);
  const events = await auditEvents({ images, references, waiting, backup, onFault, onPictures: stepper(ofEvents) });
  ofEvents.stop();

  const inStore = startProgress(events.pictures, 'pictures in the store');
  const store = await auditStore({
    images,
    // No event speaks of a lost plate, and its picture is as it should be.
    findReferenced: async (keys) =>
      (await findReferencedKeys(sql, keys, undefined)).union(new Set(keys.filter((key) => readLostKey(key)))),
    isOurs: (key) => eventIdOf(key) !== undefined || readLostKey(key) !== undefined,
    youngerThan: new Date(Date.now() - (flags.olderThan ?? DEFAULT_AGE_HOURS) * HOUR_MS),
    deleteOrphans: flags.deleteOrphans ?? false,
    onFault,
    onPictures: stepper(inStore),
  });
  inStore.stop();
  return { events, store };
}

function stepper(progress: ReturnType<typeof startProgress>): (count: number) => void {
  return (count) => {
    for (let done = 0; done < count; done++) progress.step();
  };
}

function formatResult({ events, store, findings }: Result): string {
  const count = (fault: PictureFault['fault'], outcome: PictureFault['outcome']) =>
    findings.filter((one) => one.fault === fault && one.outcome === outcome).length;
  const lines = findings.map(({ fault, outcome, key }) => `${outcome === 'left' ? fault : outcome}  ${key}`);
  const facts: readonly (readonly [string, number])[] = [
    ['pictures of events', events.pictures],
    ['  good', events.good],
    ['  waiting here for their upload', events.waiting],
    ['  missing', count('missing', 'left')],
    ['  damaged', count('damaged', 'left')],
    ['  with an impossible key', count('invalid', 'left')],
    ['  repaired', count('missing', 'repaired') + count('damaged', 'repaired')],
    ['pictures in the store', store.pictures],
    ['  without an event', count('orphan', 'left')],
    ['  without an event, deleted', count('orphan', 'deleted')],
    ['  without an event yet, young', store.young],
    ['  not ours, left alone', store.foreign],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const table = facts.map(([name, value]) => `${name.padEnd(width)}  ${String(value).padStart(9)}`);
  return `${[...lines, ...table].join('\n')}\n`;
}

async function requireFolder(folder: string): Promise<void> {
  if (await isFolder(path.resolve(folder))) return;
  throw new AlprError('INPUT_INVALID', `Expected --repair to name a folder of pictures; there is none at ${folder}`);
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
