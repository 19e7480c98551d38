import { describe, expect, test } from 'vitest';
import { openModel } from '../../../src/models/open.ts';
import { createDetector } from '../../../src/vision/detect/detector.ts';
import { createReader } from '../../../src/vision/read/reader.ts';
import { recognisePicture } from '../../../src/vision/recognise.ts';
import { THOROUGH } from '../../thorough.ts';
import { keepLog } from '../log.ts';
import { openRoad } from './road.ts';

const load = { folders: ['models'], providers: ['cpu'], workers: 1, threads: 1, log: keepLog() } as const;

const PASSAGES = THOROUGH ? 4 : 1;

describe('Plates of the simulated road', () => {
  test.for([false, true])('are read by the committed models, night: %s', async (night) => {
    await using found = await openModel({ ...load, model: 'alpr-detect', task: 'detect' });
    await using read = await openModel({ ...load, model: 'alpr-read', task: 'read' });
    const detector = createDetector({ session: found.session, model: found.manifest });
    const reader = createReader({ session: read.session, model: read.manifest });
    const { camera } = await openRoad({
      realtime: false,
      passages: PASSAGES,
      seed: 21,
      fps: 3,
      night,
      confusable: false,
    });
    await using _ = camera;
    const texts = new Set<string>();
    for await (const { image } of camera.frames(AbortSignal.timeout(25_000))) {
      for (const { reading } of await recognisePicture({ detector, reader, image })) texts.add(reading.text);
    }
    expect(camera.truth()).toHaveLength(PASSAGES);
    expect(camera.truth().filter(({ text }) => !texts.has(text))).toEqual([]);
  });
});
