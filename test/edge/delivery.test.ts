import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { runEdge } from '../../src/edge/edge.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { OpenPassages } from '../../src/edge/open-passages.ts';
import { Outbox } from '../../src/edge/outbox.ts';
import { Publisher } from '../../src/edge/publisher.ts';
import { Spool } from '../../src/edge/spool.ts';
import { openFileImages } from '../../src/images/files.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { readContents } from '../bus/read-contents.ts';
import { createEdgeOptions } from './edge-options.ts';
import { createSighting } from './sightings.ts';

const lines: string[] = [];
const log = createLog(
  { level: 'debug', format: 'json' },
  { write: (line) => lines.push(line), isTerminal: false, hasColours: false },
);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Everything between a Sighting and the bus, on real files. */
async function openOutbox(requiredGroups: readonly string[] = [], hasRoom = true, failures = 0) {
  await using opened = new AsyncDisposableStack();
  const metrics = createEdgeMetrics(new Telemetry());
  const images = opened.use(await openFileImages(join(folder, 'images')));
  const bus = opened.use(await openInProcessBus(requiredGroups));
  const spool = opened.use(await Spool.open({ folder: join(folder, 'spool'), segmentBytes: 1_000_000, log }));
  const openPassages = await OpenPassages.open(join(folder, 'open-passages'), log);
  const publisher = opened.use(new Publisher({ spool, bus, log, metrics }));
  let failing = failures;
  const append = async (payload: Uint8Array) => {
    if (failing-- > 0) throw new AlprError('SPOOL_FAILED', 'no space left on device');
    await spool.append(payload);
  };
  const outbox = new Outbox({
    siteId: 'Home 1',
    cameraName: 'Gate',
    markings: { lines: [], zones: [] },
    models: { detector: 'd@1', reader: 'r@1', provider: 'cpu' },
    version: '0.1.0',
    images,
    spool: { append },
    publisher,
    openPassages,
    metrics,
    log,
    now: Date.now,
    hasRoom: async () => hasRoom,
  });
  const closing = opened.move();
  const close = () => closing.disposeAsync();
  const stopPublisher = () => publisher[Symbol.asyncDispose]();
  const refuseNext = () => {
    failing = 1;
  };
  return { outbox, bus, spool, images, stopPublisher, refuseNext, [Symbol.asyncDispose]: close };
}

async function collect(bus: Awaited<ReturnType<typeof openOutbox>>['bus'], into: PlateEvent[]) {
  return bus.subscribe({ topic: 'plates', group: 'ingest', maxBatch: 10, maxWaitMs: 1 }, async (batch) => {
    into.push(...readContents(batch));
  });
}

describe('From a Sighting to the bus', () => {
  test('revisions of one passage share their id and time and come in order', async () => {
    await using edge = await openOutbox();
    const events: PlateEvent[] = [];
    await using _ = await collect(edge.bus, events);
    await edge.outbox.send(createSighting({ status: 'provisional', revision: 1 }));
    await edge.outbox.send(createSighting({ status: 'provisional', revision: 2, text: 'AB13' }));
    await edge.outbox.send(createSighting({ status: 'final', revision: 3, text: 'AB13' }));
    await expect
      .poll(() => events.map(({ revision, status }) => [revision, status]))
      .toEqual([
        [1, 'provisional'],
        [2, 'provisional'],
        [3, 'final'],
      ]);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(1);
    expect(new Set(events.map(({ detected_at }) => detected_at)).size).toBe(1);
  });

  test('the log names each event and no plate', async () => {
    await using edge = await openOutbox();
    const { event_id } = await edge.outbox.send(createSighting({ text: 'L0GGED1' }));
    const about = lines.filter((line) => line.includes(event_id));
    expect(about).toEqual([expect.stringContaining('an event is spooled')]);
    expect(lines.join('')).not.toContain('L0GGED1');
  });

  test('pictures are stored before the event and have the hash that it names', async () => {
    await using edge = await openOutbox();
    const { images, event_id } = await edge.outbox.send(createSighting({}));
    for (const picture of [images?.plate, images?.vehicle, images?.frame]) {
      const stored = await edge.images.get(picture?.key as string);
      expect(
        createHash('sha256')
          .update(stored?.bytes as Uint8Array)
          .digest('hex'),
      ).toBe(picture?.sha256);
    }
    expect(images?.plate.key).toBe(`home-1/gate/2026/03/01/${event_id}/10-plate.jpg`);
    expect(images?.frame).toMatchObject({ w: 320, h: 240 });
  });

  test('a final that the disk refused twice goes out once, as the same revision of the same event', async () => {
    await using edge = await openOutbox([], true, 2);
    const events: PlateEvent[] = [];
    await using _ = await collect(edge.bus, events);
    const refused = createSighting({ status: 'final' });
    await expect(edge.outbox.send(refused)).rejects.toMatchObject({ code: 'SPOOL_FAILED' });
    await expect(edge.outbox.send(refused)).rejects.toMatchObject({ code: 'SPOOL_FAILED' });
    const sent = await edge.outbox.send(refused);
    await expect.poll(() => events).toHaveLength(1);
    expect(events[0]).toMatchObject({ event_id: sent.event_id, revision: 1, status: 'final' });
  });

  test('a final refused after a provisional keeps the id of its passage', async () => {
    await using edge = await openOutbox();
    const provisional = await edge.outbox.send(createSighting({ status: 'provisional' }));
    edge.refuseNext();
    await expect(edge.outbox.send(createSighting({ status: 'final' }))).rejects.toMatchObject({ code: 'SPOOL_FAILED' });
    const final = await edge.outbox.send(createSighting({ status: 'final' }));
    expect(final).toMatchObject({ event_id: provisional.event_id, revision: 2, status: 'final' });
  });

  test('a passage that cannot be written down as open is still sent only once', async () => {
    await using edge = await openOutbox();
    const events: PlateEvent[] = [];
    await using _ = await collect(edge.bus, events);
    await rm(join(folder, 'open-passages'), { recursive: true });
    await edge.outbox.send(createSighting({ status: 'provisional' }));
    await expect.poll(() => events.map(({ revision }) => revision)).toEqual([1]);
  });

  test('on a disk that is nearly full the event goes out without its pictures', async () => {
    await using edge = await openOutbox([], false);
    const { images, plate } = await edge.outbox.send(createSighting({ text: 'FULL1' }));
    expect([images, plate.text_raw]).toEqual([null, 'FULL1']);
    expect(edge.spool.waiting).toBeLessThanOrEqual(1);
  });

  test('an event waits in the spool while the bus has no consumer, and is forgotten after it', async () => {
    await using edge = await openOutbox(['ingest']);
    await edge.outbox.send(createSighting({}));
    expect(edge.spool.waiting).toBe(1);
    const events: PlateEvent[] = [];
    await using _ = await collect(edge.bus, events);
    await expect.poll(() => events.length, { timeout: 5000 }).toBe(1);
    await expect.poll(() => edge.spool.waiting).toBe(0);
  });

  test('what a stop left in the spool is delivered by the next start', async () => {
    {
      await using edge = await openOutbox(['ingest']);
      await edge.outbox.send(createSighting({ text: 'KEPT1' }));
    }
    await using edge = await openOutbox(['ingest']);
    const events: PlateEvent[] = [];
    await using _ = await collect(edge.bus, events);
    await edge.outbox.send(createSighting({ text: 'NEXT2', passageId: 'p2' }));
    await expect.poll(() => events.map(({ plate }) => plate.text_raw)).toEqual(['KEPT1', 'NEXT2']);
  });

  test('a bus that never answers does not hold up a stop, and its event stays', async () => {
    const edge = await openOutbox();
    await edge.bus.subscribe(
      { topic: 'plates', group: 'stuck', maxBatch: 10, maxWaitMs: 1 },
      () => new Promise<void>(() => {}),
    );
    await edge.outbox.send(createSighting({ text: 'STUCK1' }));
    const begun = performance.now();
    await edge.stopPublisher();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(edge.spool.waiting).toBe(1);
    await edge.spool[Symbol.asyncDispose]();
  });

  test('a passage that a crash cut off is ended by the next start', async () => {
    let provisional: PlateEvent;
    {
      await using edge = await openOutbox();
      provisional = await edge.outbox.send(createSighting({ status: 'provisional' }));
    }
    await using images = await openFileImages(join(folder, 'images'));
    await using bus = await openInProcessBus();
    const events: PlateEvent[] = [];
    await using _1 = await collect(bus, events);
    const createPipeline = () => {
      throw new Error('no camera, no pipeline');
    };
    await using _2 = await runEdge(createEdgeOptions({ cameras: [], createPipeline, bus, images, folder }));
    await expect
      .poll(() => events.at(-1))
      .toMatchObject({
        event_id: provisional.event_id,
        revision: provisional.revision + 1,
        status: 'final',
      });
    expect(await readdir(join(folder, 'open-passages'))).toEqual([]);
  });
});
