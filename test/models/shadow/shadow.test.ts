import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/app/config.ts';
import { openShadow } from '../../../src/app/open-shadow.ts';
import { modelFolders, openVision } from '../../../src/app/open-vision.ts';
import { createLog } from '../../../src/base/log.ts';
import { cameraConfigSchema } from '../../../src/camera/config.ts';
import { openCamera } from '../../../src/camera/open.ts';
import { openModel } from '../../../src/models/open.ts';
import { CoreBudget } from '../../../src/models/shadow/core-budget.ts';
import { type ShadowOutcome, ShadowQueue } from '../../../src/models/shadow/shadow-queue.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { ShadowLooks } from '../../../src/vision/fuse/shadow.ts';
import type { Sighting } from '../../../src/vision/fuse/sighting.ts';
import type { RgbImage } from '../../../src/vision/image.ts';
import type { Look } from '../../../src/vision/read/reader.ts';
import type { Reading } from '../../../src/vision/read/reading.ts';
import { keepLog } from '../../camera/log.ts';

const log = createLog({ level: 'silent' });

test('the same weights say in the shadow what the reader says of every passage', async () => {
  await using vision = await openVision(loadConfig({ environment: {}, settings: [] }), log);
  const parts = { model: 'alpr-read', task: 'read', folders: modelFolders(['models']) } as const;
  await using opened = await openModel({
    ...parts,
    providers: ['cpu'],
    workers: 1,
    threads: 1,
    log,
  });
  let [taken, told] = [0, 0];
  const budget = new CoreBudget(64);
  await using queue = new ShadowQueue({
    ...{
      model: opened.id,
      reader: vision.createReader(opened),
      budget,
      computed: () => opened.session.computedMs ?? 0,
    },
    onOutcome: (_, looks) => {
      told += looks;
    },
    onSpent: () => undefined,
    onError: (error) => expect.fail(String(error)),
  });
  const { passageCurve, regions } = queue;
  const model = 'copy@000000000000';
  const take: typeof queue.take = (look, picture) => {
    taken += 1;
    queue.take(look, picture);
  };
  vision.setShadow({
    reader: { model, passageCurve, regions, take },
    model: { name: 'copy', id: model, provider: 'cpu' },
  });
  const settings = { kind: 'simulator', id: 'road', realtime: false, passages: 1, night: false, fps: 5, seed: 4 };
  await using camera = await openCamera(cameraConfigSchema.parse(settings), { log });
  const pipeline = vision.createPipeline(camera);
  const sightings: Sighting[] = [];
  for await (const frame of camera.frames(new AbortController().signal)) {
    sightings.push(...(await pipeline.observe(frame)).sightings);
    while (told < taken) await sleep(1);
  }
  sightings.push(...(await pipeline.end()).sightings);
  const finals = sightings.filter(({ status }) => status === 'final');
  expect(finals.length).toBeGreaterThan(0);
  for (const { shadow, text, confidence } of finals)
    expect(shadow).toEqual({ model: 'copy@000000000000', text, confidence });
  for (const { status, shadow } of sightings) if (status === 'provisional') expect(shadow).toBeUndefined();

  const said = keepLog();
  const config = loadConfig({ environment: {}, settings: ['models.shadow.reader=alpr-read'] });
  await using _ = await openShadow({ config, vision, telemetry: new Telemetry(), log: said });
  expect(said.lines.join()).toContain('the challenger has the same weights as the reader, so nothing is compared');
}, 180_000);

test('work waits until time has filled the share of a core that it took', () => {
  let now = 0;
  const budget = new CoreBudget(0.5, () => now);
  expect(budget.waitMs).toBe(0);
  // Ten seconds of half a core are saved up.
  budget.spend(5_100);
  expect(budget.waitMs).toBe(200);
  now = 201;
  expect(budget.waitMs).toBe(0);
  now = 1_000_000;
  budget.spend(5_000);
  expect(budget.waitMs).toBeGreaterThan(0);
});

type Offered = Parameters<ShadowLooks['offer']>[1];
const picture = (name: number): RgbImage => ({ kind: 'rgb24', width: 1, height: 1, data: Uint8Array.of(name, 0, 0) });
const look = (name: number, quality: number) =>
  ({ frame: { image: picture(name) }, corners: [], quality, isWhole: true }) as unknown as Offered;

/** A queue whose reader waits to be let go on, and what it was asked for, in order. */
function openQueue() {
  const asked: number[] = [];
  const outcomes: ShadowOutcome[] = [];
  const gate = { open: Promise.withResolvers<void>() };
  const queue = new ShadowQueue({
    model: 'b@000000000000',
    budget: new CoreBudget(64),
    computed: () => 0,
    reader: {
      rectify: (image) => image as RgbImage,
      read: async ([one]) => {
        asked.push((one as Look).plate?.data[0] ?? 0);
        await gate.open.promise;
        return [{ text: 'AB12CDE', chars: [], confidence: 0.9, candidates: [] } satisfies Reading];
      },
    },
    onOutcome: (outcome, looks) => outcomes.push(...Array.from({ length: looks }, () => outcome)),
    onSpent: () => undefined,
    onError: () => undefined,
  });
  return { queue, asked, outcomes, goOn: () => gate.open.resolve() };
}

test('a passage that was begun is read to its end, its best look first; then the newest', async () => {
  const { queue, asked, outcomes, goOn } = openQueue();
  const [first, second, third] = [new ShadowLooks(), new ShadowLooks(), new ShadowLooks()];
  first.offer(queue, look(1, 0.5));
  await expect.poll(() => asked).toEqual([1]);
  second.offer(queue, look(2, 0.9));
  third.offer(queue, look(3, 0.2));
  first.offer(queue, look(4, 0.1));
  first.offer(queue, look(5, 0.3));
  goOn();
  while (outcomes.length < 5) await sleep(1);
  expect(asked).toEqual([1, 5, 4, 3, 2]);
  await queue[Symbol.asyncDispose]();
});

test('what is over, or was given up, is not read, and counts as skipped', async () => {
  const { queue, asked, outcomes, goOn } = openQueue();
  const [over, whole] = [new ShadowLooks(), new ShadowLooks()];
  over.offer(queue, look(1, 0.5));
  await expect.poll(() => asked).toEqual([1]);
  over.offer(queue, look(2, 0.5));
  over.end();
  whole.offer(queue, look(3, 0.5));
  goOn();
  while (outcomes.length < 3) await sleep(1);
  expect(asked).toEqual([1, 3]);
  expect(outcomes.toSorted()).toEqual(['read', 'read', 'skipped']);
  await queue[Symbol.asyncDispose]();
});

test('a read that waits for a core spends only what it computes', async () => {
  let [computed, spent] = [0, 0];
  const told: ShadowOutcome[] = [];
  await using queue = new ShadowQueue({
    model: 'b@000000000000',
    budget: new CoreBudget(0.1),
    computed: () => computed,
    reader: {
      rectify: (image) => image as RgbImage,
      read: async () => {
        await sleep(400);
        computed += 2;
        return [{ text: 'AB12CDE', chars: [], confidence: 0.9, candidates: [] } satisfies Reading];
      },
    },
    onOutcome: (outcome) => void told.push(outcome),
    onSpent: (ms) => {
      spent += ms;
    },
    onError: () => undefined,
  });
  new ShadowLooks().offer(queue, look(1, 0.5));
  await expect.poll(() => told.length).toBe(1);
  await expect.poll(() => spent).toBeGreaterThanOrEqual(2);
  expect(spent).toBeLessThan(200);
});
