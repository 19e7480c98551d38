import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';
import { runAlpr } from '../commands/run-alpr.ts';

test('Vehicles of a simulated road cross a line in the direction in which they go, and each is in the zone behind it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'crossings-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const road = {
    ...{ id: 'road', kind: 'simulator', realtime: false, night: false, passages: 2, fps: 5, width: 960, height: 540 },
    lines: [
      {
        id: 'gate',
        points: [
          [0, 0.6],
          [1, 0.6],
        ],
      },
    ],
    zones: [
      {
        id: 'near',
        area: [
          [0, 0.6],
          [1, 0.6],
          [1, 1],
          [0, 1],
        ],
      },
    ],
  };
  const { out } = await runAlpr(folder, ['edge', '--set', `cameras=${JSON.stringify([road])}`]);
  const events = out
    .trim()
    .split('\n')
    .map((line): PlateEvent => plateEventSchema.parse(JSON.parse(line)));
  const finals = events.filter(({ status }) => status === 'final');
  expect(finals).toHaveLength(2);
  for (const { motion } of finals) {
    const [first, last] = [motion.path[0], motion.path.at(-1)];
    const down = (last?.y ?? 0) > (first?.y ?? 0);
    expect(motion.crossings).toMatchObject([{ line: 'gate', direction: down ? 'in' : 'out' }]);
    expect(motion.zones).toMatchObject([{ zone: 'near' }]);
    expect(motion.zones?.[0]?.dwell_ms).toBeLessThan(motion.dwell_ms);
  }
  expect(new Set(finals.map(({ motion }) => motion.crossings?.[0]?.direction))).toEqual(new Set(['in', 'out']));
}, 90_000);
