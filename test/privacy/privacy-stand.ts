import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/app/config.ts';
import { openPrivacy } from '../../src/app/open-privacy.ts';
import { openAuditKeys } from '../../src/audit/keys.ts';
import { createLog } from '../../src/base/log.ts';
import { pictureFolder } from '../../src/contract/image-key.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import type { Division } from '../../src/db/migrations.ts';
import { openFileImages } from '../../src/images/files.ts';
import type { Images } from '../../src/images/images.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';
import type { TestDatabase } from '../db/test-database.ts';
import { openTimescaleDatabase } from '../db/timescale-database.ts';

export type PrivacyStand = Awaited<ReturnType<typeof openPrivacyStand>>;

const log = createLog({ level: 'silent' });

/** One machine with everything of it that keeps plates, below one folder; with hypertables where TimescaleDB is asked for. */
export async function openPrivacyStand(settings: readonly string[] = [], kind: Division = 'native') {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'alpr-privacy-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const { sql } = opened.use(await openDatabase(join(folder, 'db'), kind));
  const { division } = await migrate({ sql, log });
  const images = opened.use(await openFileImages(join(folder, 'images')));
  const deadLetters = createDeadLetterTable(sql);
  const config = loadConfig({ environment: {}, settings: [`data=${folder}`, ...settings] });
  const auditKeys = await openAuditKeys(join(folder, 'keys'));
  const open = (now: () => Date = () => new Date()) =>
    openPrivacy({ config, sql, division, images, deadLetters, auditKeys, index: undefined, log, now });
  const privacy = await open();
  const closing = opened.move();
  const close = () => closing.disposeAsync();
  return {
    folder,
    sql,
    division,
    images,
    deadLetters,
    config,
    privacy,
    open,
    auditKeys,
    log,
    [Symbol.asyncDispose]: close,
  };
}

async function openDatabase(folder: string, kind: Division): Promise<TestDatabase> {
  if (kind === 'native') return openEmbeddedPostgres({ dataDir: folder, log });
  const sql = await openTimescaleDatabase(folder);
  return { sql, [Symbol.asyncDispose]: () => sql[Symbol.asyncDispose]() };
}

/** The event with three pictures that are stored. */
export async function withPictures(images: Images, event: PlateEvent): Promise<PlateEvent> {
  const { site_id: site, camera_id: camera, event_id: id } = event;
  const folder = pictureFolder({ site, camera, detectedAt: Date.parse(event.detected_at), id });
  const store = async (kind: string) => {
    const bytes = randomBytes(500);
    const key = `${folder}/1-${kind}.jpg`;
    await images.put(key, bytes, 'image/jpeg');
    return { key, sha256: createHash('sha256').update(bytes).digest('hex'), w: 10, h: 10 };
  };
  return {
    ...event,
    images: { plate: await store('plate'), vehicle: await store('vehicle'), frame: await store('frame') },
  };
}
