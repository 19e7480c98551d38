import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CameraDesk } from '../../src/api/camera-desk.ts';
import { LiveHub } from '../../src/api/live-hub.ts';
import { createLog } from '../../src/base/log.ts';
import { sealSecrets } from '../../src/identity/camera-secrets.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { openFileImages } from '../../src/images/files.ts';
import { addPageCamera, changePageCamera, findPageCamera } from '../../src/store/page-cameras.ts';
import { openBusOn } from '../bus/open-kafka.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';
import { openPageEdge } from './page-edge.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 60_000, interval: 100 };

describeWith(['kafka'], 'Cameras of the page on Kafka', () => {
  let brokers: readonly string[];
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'page-cameras-'));
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('run at an edge elsewhere with the same key, also after its restart, and are tried and removed there', async () => {
    const { sql } = database;
    const prefix = uniqueName('cameras');
    const [ours, theirs] = await Promise.all([
      openBusOn(brokers, { prefix, log }),
      openBusOn(brokers, { prefix, log }),
    ]);
    await using stack = new AsyncDisposableStack();
    for (const { bus } of [ours, theirs]) stack.use(bus);
    const images = stack.use(await openFileImages(join(folder, 'images')));
    const hub = stack.use(new LiveHub({ bus: ours.bus, sql, log, isOnDemand: true }));
    await hub.open();
    const desk = stack.use(new CameraDesk({ bus: ours.bus, sql, log }));
    await desk.open();

    const passwords: (string | undefined)[] = [];
    const openEdge = () =>
      openPageEdge({ bus: theirs.bus, images, folder }, (config) =>
        passwords.push(config.kind === 'rtsp' ? config.password : undefined),
      );
    const stateOf = (id: string) => hub.cameras(undefined).find(({ camera_id }) => camera_id === id)?.state;
    const key = await openKeyFile(join(folder, 'sign-in.key'));
    const settings = { kind: 'rtsp', id: 'gate', url: 'rtsp://192.0.2.1/live' };
    const secrets = sealSecrets({ username: 'root', password: 'pa55word' }, key);
    expect(await addPageCamera(sql, { id: 'gate', site: 'home', settings, secrets })).toBe(true);
    await desk.tell();
    const edge = await openEdge();
    await expect.poll(() => stateOf('gate'), patient).toBe('running');
    expect(passwords).toEqual(['pa55word']);

    const tried = await desk.try({ site: 'home', settings, secrets: null });
    expect(tried).toMatchObject({ width: 320, height: 180, problem: null });
    expect(passwords).toEqual(['pa55word', undefined]);

    await edge[Symbol.asyncDispose]();
    const { revision } = (await findPageCamera(sql, 'gate')) ?? expect.unreachable();
    await using _restarted = await openEdge();
    await expect.poll(() => passwords.length, patient).toBe(3);
    expect(await changePageCamera(sql, { id: 'gate', revision, state: 'removed', secrets: null })).toBe(true);
    await desk.tell();
    await expect.poll(() => stateOf('gate'), patient).toBeUndefined();
    expect(await sql.query('SELECT id FROM page_cameras')).toEqual([]);
    const carried = (await theirs.transport.readTopic(theirs.topics.cameras)).map(({ value }) => Buffer.from(value));
    expect(carried.length).toBeGreaterThan(1);
    expect(Buffer.concat(carried).toString()).not.toContain('pa55word');
  });
});
