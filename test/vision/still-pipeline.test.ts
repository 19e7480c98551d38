import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodePicture } from '../../src/camera/pictures.ts';
import { createDetector } from '../../src/vision/detect/detector.ts';
import { createReader } from '../../src/vision/read/reader.ts';
import { StillPipeline } from '../../src/vision/still-pipeline.ts';
import { openSession, readModelJson } from './onnx-session.ts';

const ROOT = join(import.meta.dirname, '..', '..');

test('Every picture of a folder gives its own plates, by eye 34A36837, 34A23126 and 89C20339, once each', async () => {
  const detector = createDetector({
    session: await openSession('alpr-detect'),
    model: await readModelJson('alpr-detect/model.json'),
  });
  const reader = createReader({
    session: await openSession('alpr-read'),
    model: await readModelJson('alpr-read/model.json'),
  });
  const pipeline = new StillPipeline({ cameraId: 'folder', borrow: () => ({ detector, reader }) });
  const seen: string[][] = [];
  const ids = new Set<string>();
  for (const [sequence, name] of ['20', '115', '315'].entries()) {
    const image = await decodePicture(join(ROOT, 'test', 'fixtures', `tollgate-${name}.jpg`));
    const frame = { cameraId: 'folder', sequence, capturedAt: sequence * 100, mediaTime: sequence * 100, image };
    const { sightings } = await pipeline.observe(frame);
    seen.push(sightings.map(({ text }) => text));
    for (const { passageId, status } of sightings) {
      ids.add(passageId);
      expect(status).toBe('final');
    }
  }
  expect(seen).toEqual([['34A36837'], ['34A23126'], ['89C20339']]);
  expect(ids.size).toBe(3);
  expect(await pipeline.end()).toEqual({ sightings: [], lost: [] });
});
