import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatYaml } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import type { ImagesConfig } from '../../src/images/config.ts';
import type { Images } from '../../src/images/images.ts';
import { openImages } from '../../src/images/open.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { createS3Config } from '../images/s3-config.ts';
import { describeWith, shareDatabase } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr } from './run-alpr.ts';

const root = mkdtempSync(path.join(tmpdir(), 'alpr-verify-'));
const KINDS = ['plate', 'vehicle', 'frame'] as const;

afterAll(() => rmSync(root, { recursive: true }));

describe('alpr images verify over files', () => testVerify('files', async () => ({ kind: 'files', folder: 'images' })));
describeWith(['s3'], 'alpr images verify over S3', () => testVerify('s3', () => createS3Config()));

function testVerify(name: string, createConfig: () => Promise<ImagesConfig>): void {
  const folder = path.join(root, name);
  const events = [0, 1, 2].map((index) => makePictured(index));
  let database: Awaited<ReturnType<typeof shareDatabase>>;
  let sql: Sql;
  let images: Images;

  beforeAll(async () => {
    mkdirSync(folder);
    database = await shareDatabase({ migrated: true });
    const log = createLog({ level: 'silent' });
    sql = await openPostgres({ connectionString: database.url, poolSize: 2, log });
    await migrate({ sql, log });
    const config = await createConfig();
    images = await openImages({ config, dataFolder: path.join(folder, 'data') });
    const tree = { data: 'data', images: config, database: { kind: 'postgres', url: database.url } };
    writeFileSync(path.join(folder, 'alpr.yaml'), formatYaml(tree));
    await writeEvents(sql, events);
    for (const event of events) await putPictures(images, event);
    await putPictures(await openImages({ config: { kind: 'files', folder: 'backup' }, dataFolder: folder }), events[0]);
  });
  afterAll(async () => {
    await sql?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  const verify = async (...flags: string[]) => {
    const { code, out, err } = await callAlpr(folder, ['images', 'verify', '--json', ...flags]);
    expect(err).toBe('');
    return { code, ...JSON.parse(out) };
  };

  test('a whole store has nothing to find', async () => {
    expect(await verify()).toEqual({
      code: 0,
      events: { pictures: 9, good: 9, waiting: 0 },
      store: { pictures: 9, young: 0, foreign: 0 },
      findings: [],
    });
  });

  test('what is missing or damaged is named, and a backup brings back what it has', async () => {
    const [missing, damaged, lost] = [keyOf(events[0], 'plate'), keyOf(events[0], 'frame'), keyOf(events[1], 'plate')];
    await images.remove(missing);
    await images.remove(lost);
    await images.put(damaged, Buffer.from('something else'), 'image/jpeg');
    const found = await verify();
    expect(found.code).toBe(1);
    const left = (fault: string, key: string) => expect.objectContaining({ fault, key, outcome: 'left' });
    expect(found.findings).toHaveLength(3);
    expect(found.findings).toEqual(
      expect.arrayContaining([left('missing', missing), left('damaged', damaged), left('missing', lost)]),
    );
    const repaired = await verify('--repair', 'backup');
    expect(repaired.code).toBe(1);
    expect(repaired.findings.map(({ outcome }: { outcome: string }) => outcome).toSorted()).toEqual([
      'left',
      'repaired',
      'repaired',
    ]);
    expect((await verify()).findings).toEqual([left('missing', lost)]);
    await images.put(lost, pictureOf(lost), 'image/jpeg');
  });

  test('an event with a key that leaves the store and a NUL is reported, and the others are looked at', async () => {
    const bad = makePictured(7);
    const picture = { key: '../../../../etc/passwd', sha256: 'a'.repeat(64), w: 1, h: 1 };
    const whole = { plate: picture, vehicle: picture, frame: picture };
    // As an earlier version stored it.
    await writeEvents(sql, [{ ...bad, plate: { ...bad.plate, text_raw: 'A\0B' }, images: whole }]);
    expect(await verify()).toEqual({
      code: 1,
      events: { pictures: 12, good: 9, waiting: 0 },
      store: { pictures: 9, young: 0, foreign: 0 },
      findings: [{ fault: 'invalid', key: picture.key, eventId: bad.event_id, outcome: 'left' }],
    });
    await sql.query('DELETE FROM plate_events WHERE event_id = $1', [bad.event_id]);
  });

  test('a picture of no event is deleted only when asked and old enough, what is not ours or a lost plate never', async () => {
    const orphan = `home/cam-1/2026/11/21/${makeEvent().event_id}/1-plate.jpg`;
    await images.put(orphan, pictureOf('orphan'), 'image/jpeg');
    await images.put('notes/readme.jpg', pictureOf('notes'), 'image/jpeg');
    // A plate that nobody could read has no event.
    await images.put('home/cam-1/lost/1790000000000-blur-92-8.jpg', pictureOf('lost'), 'image/jpeg');
    expect(await verify('--delete-orphans')).toMatchObject({ code: 0, store: { young: 1, foreign: 1 }, findings: [] });
    if (name === 's3') return;
    const old = new Date(Date.now() - 8 * 86_400_000);
    utimesSync(path.join(folder, 'data', 'images', ...orphan.split('/')), old, old);
    expect(await verify()).toMatchObject({ code: 1, findings: [{ fault: 'orphan', key: orphan, outcome: 'left' }] });
    expect(await verify('--delete-orphans')).toMatchObject({ code: 0, findings: [{ outcome: 'deleted' }] });
    expect(await images.get(orphan)).toBeUndefined();
    expect(await images.get('notes/readme.jpg')).toBeDefined();
  });
}

test('alpr images verify says so when there is no folder to restore from', async () => {
  const { code, err } = await callAlpr(root, ['images', 'verify', '--repair', 'nowhere']);
  expect(code).toBe(1);
  expect(err).toContain('nowhere');
});

/** An event with pictures whose bytes are their own keys. */
function makePictured(index: number): PlateEvent {
  const event = makeEvent({ camera: `cam-${index}` });
  const picture = (name: string) => {
    const key = `home/cam-${index}/2026/11/21/${event.event_id}/1-${name}.jpg`;
    return { key, sha256: createHash('sha256').update(pictureOf(key)).digest('hex'), w: 10, h: 10 };
  };
  return { ...event, images: { plate: picture('plate'), vehicle: picture('vehicle'), frame: picture('frame') } };
}

function pictureOf(key: string): Buffer {
  return Buffer.from(`picture ${key}`);
}

function keyOf(event: PlateEvent | undefined, name: (typeof KINDS)[number]): string {
  return event?.images?.[name].key ?? '';
}

async function putPictures(images: Images, event: PlateEvent | undefined): Promise<void> {
  for (const name of KINDS) await images.put(keyOf(event, name), pictureOf(keyOf(event, name)), 'image/jpeg');
}
