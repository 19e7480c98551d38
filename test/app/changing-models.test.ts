import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openVision, type SpareModel, type Vision } from '../../src/app/open-vision.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import type { Image } from '../../src/vision/image.ts';
import { keepLog } from '../camera/log.ts';
import { makeVariant } from '../models/make-variant.ts';
import { paintRgb } from '../vision/pictures.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
/** By eye. */
const TEXTS = ['34A23126', '34A36837', '89C20339'];
const config = loadConfig({ environment: {}, settings: [] });
const opened = new AsyncDisposableStack();
let vision: Vision;
let pictures: Image[];
let folders: Readonly<Record<'detector' | 'reader', Readonly<{ folder: string; id: string }>>>;

beforeAll(async () => {
  pictures = await Promise.all(
    ['115', '20', '315'].map((name) => decodePicture(join(FIXTURES, `tollgate-${name}.jpg`))),
  );
  vision = opened.use(await openVision(config, keepLog()));
  folders = {
    detector: opened.use(await makeVariant('alpr-detect', 'second')),
    reader: opened.use(await makeVariant('alpr-read', 'second')),
  };
});
afterAll(() => opened.disposeAsync());

/** Each vehicle stands in the picture for six frames of ten a second, and more than a passage may be broken off lies between them. */
function listFrames(camera: string) {
  const { width, height } = pictures[0] as Image;
  const road = paintRgb(width, height, [114, 114, 114]);
  return pictures.flatMap((picture, vehicle) =>
    Array.from({ length: 22 }, (_, at) => {
      const sequence = 22 * vehicle + at;
      const image = at < 6 ? picture : road;
      return { cameraId: camera, sequence, capturedAt: 100 * sequence, mediaTime: 100 * sequence, image };
    }),
  );
}

/** All finals of a camera; `before` is called before each frame, between two. */
async function play(before: (sequence: number) => Promise<void> | void = () => {}) {
  const pipeline = vision.createPipeline({ id: 'gate', stills: false });
  const sightings = [];
  const times = [];
  for (const frame of listFrames('gate')) {
    await before(frame.sequence);
    const started = performance.now();
    sightings.push(...(await pipeline.observe(frame)).sightings);
    times.push(performance.now() - started);
  }
  sightings.push(...(await pipeline.end()).sightings);
  return { finals: sightings.filter(({ status }) => status === 'final'), times };
}

describe('Models that change between two frames', () => {
  test('leave the same passages of the same frames, and no frame waits for a change', async () => {
    const still = await play();
    expect(still.finals.map(({ text }) => text).toSorted()).toEqual(TEXTS);

    const spares: SpareModel[] = [
      await vision.openSpare('detector', folders.detector.folder),
      await vision.openSpare('reader', folders.reader.folder),
    ];
    for (const spare of spares) await spare.check();
    const changes: number[] = [];
    // Both are seated all along, so that each frame may have the others.
    const { finals, times } = await play((sequence) => {
      const started = performance.now();
      for (const spare of spares) vision.use(spare, sequence % 2 === 0 ? ['gate'] : ['another']);
      changes.push(performance.now() - started);
    });
    const describeAll = (all: typeof finals) =>
      all.map(({ text, confidence, framesRead, firstSeenAt, lastSeenAt }) => ({
        ...{ text, framesRead, firstSeenAt, lastSeenAt, confidence: confidence.toFixed(4) },
      }));
    expect(describeAll(finals)).toEqual(describeAll(still.finals));
    expect(times).toHaveLength(66);
    for (const spare of spares) vision.use(spare, []);
    expect(vision.chosen).toEqual({});
    const median = changes.toSorted((a, b) => a - b)[33] ?? Number.NaN;
    // A thousandth of the time between two frames.
    expect(median).toBeLessThan(0.1);
  }, 120_000);

  test('are named by the events of what they read, on the cameras that they were chosen for', async () => {
    const { detector, reader } = vision.models;
    const spare = await vision.openSpare('reader', folders.reader.folder);
    vision.use(spare, ['north']);
    expect(vision.chosen).toEqual({ reader: { name: 'alpr-read', id: folders.reader.id, provider: 'cpu' } });
    const namesOn = async (camera: string) => {
      const pipeline = vision.createPipeline({ id: camera, stills: true });
      const [frame] = listFrames(camera);
      const { sightings } = await pipeline.observe(frame ?? expect.unreachable());
      return sightings.map(({ models }) => models);
    };
    expect(await namesOn('gate')).toEqual([{ detector: detector.id, reader: reader.id, provider: 'cpu' }]);
    expect(await namesOn('north')).toEqual([{ detector: detector.id, reader: folders.reader.id, provider: 'cpu' }]);
    vision.use(spare);
    expect(await namesOn('gate')).toEqual([{ detector: detector.id, reader: folders.reader.id, provider: 'cpu' }]);
    expect([vision.models.reader.id, vision.chosen]).toEqual([folders.reader.id, {}]);
  }, 120_000);

  test('are closed after the last frame that began with them, not before', async () => {
    const pipeline = vision.createPipeline({ id: 'gate', stills: true });
    const [frame] = listFrames('gate');
    const { id } = vision.models.reader;
    const before = vision.reader;
    const spare = await vision.openSpare('reader', folders.reader.folder);
    const looking = pipeline.observe(frame ?? expect.unreachable());
    // The detector is at work: the reader of this frame has not begun.
    vision.use(spare);
    const { sightings } = await looking;
    expect(sightings.map(({ text, models }) => [text, models?.reader])).toEqual([['34A23126', id]]);
    const corners = [
      { x: 0, y: 0 },
      { x: 9, y: 0 },
      { x: 9, y: 9 },
      { x: 0, y: 9 },
    ] as const;
    const image = pictures[0] as Image;
    await expect
      .poll(() =>
        before.read([{ image, corners }]).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    expect(await vision.recognise(image)).toHaveLength(1);
  }, 120_000);

  test('are refused where they do not give what their golden pictures say', async () => {
    await using other = await makeVariant('alpr-read', 'other');
    const golden = join(other.folder, 'golden', 'output.json');
    const answers = JSON.parse(await readFile(golden, 'utf8'));
    answers.slots[0][0].reverse();
    await writeFile(golden, JSON.stringify(answers));
    await using spare = await vision.openSpare('reader', other.folder);
    await expect(spare.check()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    await expect(vision.openSpare('detector', folders.reader.folder)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  }, 120_000);
});
