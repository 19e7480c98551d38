import { expect, test } from 'vitest';
import { encodePlateRecognizer } from '../../src/exchange/plate-recognizer.ts';
import { makeEvent } from '../store/make-event.ts';
import { listPaths } from './key-paths.ts';

/** A webhook of Stream, published by its maker: https://gist.github.com/danleyb2/6d2220c1eae6d9b57a9d246df873dcb7 */
const SAMPLE = {
  hook: {
    target: 'https://webhook.site/3d1d46aa',
    id: 'camera-1',
    event: 'recognition',
    filename: 'camera-1_screenshots/21-09-29/05-56-13.606935.jpg',
  },
  data: {
    camera_id: 'camera-1',
    filename: 'camera-1_screenshots/21-09-29/05-56-13.606935.jpg',
    timestamp: '2021-09-29T05:56:13.606935Z',
    timestamp_local: '2021-09-29 05:56:13.606935+00:00',
    results: [
      {
        box: { xmin: 460, ymin: 57, xmax: 557, ymax: 82 },
        plate: '9jub11',
        region: { code: 'gb', score: 0.413 },
        score: 0.839,
        candidates: [{ plate: '9jub11' }, { plate: 'sju88y' }],
        dscore: 0.441,
        vehicle: { score: 0.267, type: 'Big Truck', box: { xmin: 387, ymin: 23, xmax: 1493, ymax: 577 } },
        direction: '',
        source_url: '/user-data/Elixirtech_Slow2_Indoor.mp4',
        position_sec: 4,
      },
    ],
  },
};

const EVENT = makeEvent({ text: '9JUB11', camera: 'gate' });

test('A webhook of Plate Recognizer Stream has what its sample has, but for what an event does not know', () => {
  const unknown = /dscore|vehicle\.box/;
  const expected = listPaths(SAMPLE).filter((path) => !unknown.test(path));
  const motion = { ...EVENT.motion, direction_deg: null };
  const paths = new Set(listPaths(encodePlateRecognizer({ ...EVENT, motion }, 'https://receiver.example/')));
  expect(expected.filter((path) => !paths.has(path))).toEqual([]);
});

test('Its plate is in lower case, its box has two corners, and its direction counts from the right upwards', () => {
  const event = {
    ...EVENT,
    detected_at: '2021-09-29T05:56:13.606Z',
    plate: { ...EVENT.plate, bbox: [460, 57.2, 96.6, 25] as [number, number, number, number] },
    motion: { ...EVENT.motion, direction_deg: 90 },
  };
  expect(encodePlateRecognizer(event, 'https://receiver.example/')).toMatchObject({
    hook: { target: 'https://receiver.example/', id: 'gate' },
    data: {
      timestamp_local: '2021-09-29 05:56:13.606+00:00',
      results: [{ plate: '9jub11', box: { xmin: 460, ymin: 57, xmax: 557, ymax: 82 }, direction: 270 }],
    },
  });
});
