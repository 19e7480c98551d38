import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveHub } from '../../src/api/live-hub.ts';
import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { KeepingTransport } from '../../src/bus/transport.ts';
import type { Camera } from '../../src/camera/camera.ts';
import { runEdge } from '../../src/edge/edge.ts';
import { openFileImages } from '../../src/images/files.ts';
import type { Frame } from '../../src/vision/frame.ts';
import type { Pipeline } from '../../src/vision/pipeline.ts';
import { openBusOn } from '../bus/open-kafka.ts';
import { openTestDatabase, type TestDatabase } from '../db/test-database.ts';
import { createEdgeOptions } from '../edge/edge-options.ts';
import { describeWith, shareKafka, uniqueName } from '../servers/servers.ts';

const log = createLog({ level: 'silent' });
const patient = { timeout: 60_000, interval: 100 };

/** A camera that shows an empty picture ten times a second until it is told to stop. */
function createCamera(id: string): Camera {
  const image = { kind: 'rgb24', width: 64, height: 48, data: new Uint8Array(64 * 48 * 3) } as const;
  return {
    id,
    name: id,
    kind: 'simulator',
    live: true,
    stills: false,
    state: { state: 'running', message: '', since: 0, width: 64, height: 48, framesIn: 0, restarts: 0 },
    async *frames(signal): AsyncGenerator<Frame> {
      for (let sequence = 0; !signal.aborted; sequence++) {
        yield { cameraId: id, sequence, capturedAt: Date.now(), mediaTime: sequence * 100, image };
        await sleep(100);
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

const pipeline: Pipeline = {
  observe: async () => ({
    gated: false,
    detections: [],
    tracks: [],
    sightings: [],
    lost: [],
    unplated: [],
    timings: { detectMs: 1, trackMs: 1, readMs: 1, fuseMs: 1 },
  }),
  end: async () => ({ sightings: [], lost: [] }),
};

describeWith(['kafka'], 'Live pictures on Kafka', () => {
  let brokers: readonly string[];
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    ({ brokers } = await shareKafka());
    database = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'live-'));
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function openEdgeOn(bus: Bus, cameras: readonly string[], config: object) {
    await using opened = new AsyncDisposableStack();
    const images = opened.use(await openFileImages(join(folder, 'images')));
    const options = createEdgeOptions({
      cameras: cameras.map(createCamera),
      createPipeline: () => pipeline,
      bus,
      images,
      folder: join(folder, uniqueName('edge')),
      config,
    });
    opened.use(await runEdge(options));
    return opened.move();
  }

  /** How many pictures of each camera are on the topic. */
  async function countPictures(transport: KeepingTransport, topic: string): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const { key, headers } of await transport.readTopic(topic)) {
      if (headers.kind === 'picture') counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  test('cost nothing while nobody looks, come when somebody does, of that camera alone, and end after it', async () => {
    const prefix = uniqueName('live');
    const { bus, transport, topics } = await openBusOn(brokers, { prefix, log });
    const api = await openBusOn(brokers, { prefix, log });
    await using _1 = bus;
    await using _2 = api.bus;
    const demandPace = { renewMs: 800, goodMs: 3000, lookMs: 2000 };
    await using hub = new LiveHub({ bus: api.bus, sql: database.sql, log, isOnDemand: true, demandPace });
    await hub.open();
    await using _3 = await openEdgeOn(bus, ['north', 'south'], {});
    await expect.poll(() => hub.cameras(undefined).length, patient).toBe(2);
    await sleep(1000);
    expect(await countPictures(transport, topics.live)).toEqual({});

    await expect.poll(() => hub.picture('north', undefined)?.jpeg.length ?? 0, patient).toBeGreaterThan(100);
    expect(Object.keys(await countPictures(transport, topics.live))).toEqual(['north']);

    const seen = new Set<string>();
    const leave = hub.watch({
      wanted: new Set(['boxes']),
      scope: undefined,
      tell: ({ data }) => seen.add(JSON.parse(data).camera_id),
    });
    await expect.poll(() => [...seen].toSorted(), patient).toEqual(['north', 'south']);
    leave();
    // What edges are told holds for three seconds here, looks for two more.
    const isQuiet = async () => {
      const before = await countPictures(transport, topics.live);
      await sleep(1500);
      expect(await countPictures(transport, topics.live)).toEqual(before);
      return true;
    };
    await expect.poll(isQuiet, { timeout: 60_000, interval: 1000 }).toBe(true);
  }, 180_000);

  test.each([
    ['always', true],
    ['never', false],
  ])('%s configured need nobody to look', async (mode, come) => {
    const { bus, transport, topics } = await openBusOn(brokers, { prefix: uniqueName(mode), log });
    await using _ = bus;
    await using _edge = await openEdgeOn(bus, ['gate'], { live_pictures: mode });
    await expect.poll(async () => (await transport.readTopic(topics.live)).length, patient).toBeGreaterThan(0);
    await sleep(1000);
    expect((await countPictures(transport, topics.live)).gate !== undefined).toBe(come);
  });
});
