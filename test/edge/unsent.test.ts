import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { openQuietLog } from '../../src/base/quiet-log.ts';
import { createEdgeMetrics } from '../../src/edge/metrics.ts';
import { UnsentSightings } from '../../src/edge/unsent.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import type { Sighting } from '../../src/vision/fuse/sighting.ts';
import { createSighting } from './sightings.ts';

const lines: string[] = [];
const log = createLog(
  { level: 'debug', format: 'json' },
  { write: (line) => lines.push(line), isTerminal: false, hasColours: false },
);
const full = new AlprError('SPOOL_FAILED', 'no space left on device');

/** Sightings on their way to a disk that refuses until it is mended. */
function open(mended = false) {
  const lines: string[] = [];
  const target = { write: (line: string) => lines.push(line), isTerminal: false, hasColours: false };
  const log = openQuietLog(createLog({ level: 'warn' }, target));
  const disk = { mended, tries: 0 };
  const sent: Readonly<{ sighting: Sighting; hasPictures: boolean }>[] = [];
  const metrics = createEdgeMetrics(new Telemetry());
  const send = async (sighting: Sighting, hasPictures = true) => {
    disk.tries++;
    await sleep(0);
    if (!disk.mended) throw full;
    sent.push({ sighting, hasPictures });
    return undefined as never;
  };
  const unsent = new UnsentSightings({ cameraId: 'gate', outbox: { send }, metrics, log });
  const counted = async () => ({
    pictures: (await metrics.picturesFailed.get()).values[0]?.value ?? 0,
    events: (await metrics.eventsGivenUp.get()).values[0]?.value ?? 0,
  });
  return { disk, sent, unsent, counted, metrics, lines };
}

const passage = (at: number, status: Sighting['status'] = 'final') =>
  createSighting({ passageId: `p${at}`, text: `N${at}`, status });

test('A disk that refuses costs pictures first, the oldest of those that wait, and no event', async () => {
  const { disk, sent, unsent, counted, metrics, lines } = open();
  for (let at = 0; at < 30; at++) unsent.add(passage(at));
  // One is being sent, eight wait whole.
  expect(await counted()).toEqual({ pictures: 21, events: 0 });
  const labels = { camera: 'gate', reason: 'waiting' };
  expect((await metrics.picturesFailed.get()).values).toMatchObject([{ value: 21, labels }]);
  expect(lines.filter((line) => line.includes('their pictures are given up'))).toHaveLength(1);
  disk.mended = true;
  await unsent.empty();
  expect(sent.map(({ sighting }) => sighting.text)).toEqual(Array.from({ length: 30 }, (_, at) => `N${at}`));
  const whole = sent.filter(({ hasPictures }) => hasPictures).map(({ sighting }) => sighting.text);
  expect(whole).toEqual(['N0', ...Array.from({ length: 8 }, (_, at) => `N${22 + at}`)]);
  for (const { sighting, hasPictures } of sent) expect(sighting.best.image.data.length > 0).toBe(hasPictures);
});

test('What waits is bounded: first go revisions that a later one replaces, then the oldest', async () => {
  const { disk, sent, unsent, counted } = open();
  unsent.add(passage(0));
  unsent.add(passage(1, 'provisional'));
  for (let at = 2; at < 1000; at++) unsent.add(passage(at));
  unsent.add(passage(1));
  unsent.add(passage(1000));
  unsent.add(passage(1001));
  expect([unsent.size, (await counted()).events]).toEqual([1001, 2]);
  disk.mended = true;
  await unsent.empty();
  const texts = sent.map(({ sighting }) => `${sighting.text} ${sighting.status}`);
  // The first was being sent; the provisional of N1 went, then N2 as the oldest.
  expect([texts.length, texts[0], texts[1]]).toEqual([1001, 'N0 final', 'N3 final']);
  expect(texts.filter((text) => text.startsWith('N1 '))).toEqual(['N1 final']);
});

test('At a stop each is tried once more, and given up and counted where the disk still refuses', async () => {
  const { disk, sent, unsent, counted } = open();
  for (let at = 0; at < 5; at++) unsent.add(passage(at));
  await sleep(20);
  const tries = disk.tries;
  await unsent.stop(50);
  expect([sent.length, (await counted()).events]).toEqual([0, 5]);
  expect(disk.tries - tries).toBeGreaterThanOrEqual(5);
});

test('An event that can never be written is given up and holds up no other', async () => {
  const sent: string[] = [];
  const metrics = createEdgeMetrics(new Telemetry());
  const send = async ({ text }: Sighting) => {
    if (text === 'N0') throw new AlprError('EVENT_INVALID', 'too large');
    sent.push(text);
    return undefined as never;
  };
  const unsent = new UnsentSightings({ cameraId: 'gate', outbox: { send }, metrics, log });
  for (const at of [0, 1]) unsent.add(passage(at));
  await unsent.empty();
  expect(sent).toEqual(['N1']);
  expect(lines.at(-1)).toContain('"passage":"p0"');
  expect(lines.at(-1)).not.toContain('N0');
  expect((await metrics.eventsGivenUp.get()).values).toMatchObject([{ value: 1, labels: { reason: 'disk_refused' } }]);
});
