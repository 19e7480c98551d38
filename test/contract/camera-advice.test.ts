import { expect, test } from 'vitest';
import { adviseCamera } from '../../src/contract/camera-advice.ts';
import { makeStatus } from '../api/api-fixture.ts';

type Camera = Parameters<typeof adviseCamera>[0];

/** A camera that reads 19 of 20 passages, as it usually does. */
const WELL: Camera = {
  camera_id: 'gate',
  site_id: 'home',
  passages: { read: 190, lost: 10 },
  no_plate: 3,
  share: 0.95,
  before: { read: 180, lost: 9 },
  usual: 0.96,
  losses: { blur: 10 },
  day: { read: 150, lost: 6 },
  night: { read: 40, lost: 4 },
  confidence: 0.97,
  doubtful: 0.04,
  corrected: 0.01,
  char_height_px: 21,
  drift: [],
  clock_offset_s: 0.3,
  newest_at: '2026-11-01T12:00:00.000Z',
  days: [],
  status: { ...makeStatus('gate'), frames_in: 1000, frames_dropped: { queue: 3, late: 2 } },
};

test.each<readonly [string, Partial<Camera>, ReturnType<typeof adviseCamera>]>([
  ['nothing is said of a camera that reads as usual', {}, []],
  ['nor of one of which only its edge has told', { passages: { read: 0, lost: 0 }, before: { read: 0, lost: 0 } }, []],
  [
    'a camera that is down is not blamed for what it does not see',
    { status: { ...makeStatus('gate'), state: 'retrying', frames_dropped: {} }, passages: { read: 0, lost: 0 } },
    [{ code: 'down', state: 'retrying' }],
  ],
  [
    'one that delivers and sees nothing is suspicious where something passed a week before',
    { passages: { read: 0, lost: 0 } },
    [{ code: 'silent', before: 189 }],
  ],
  [
    'below four fifths of the usual the share has fallen, and the main reasons of the losses are named',
    { passages: { read: 70, lost: 30 }, losses: { blur: 20, too_small: 8, empty: 2 } },
    [
      { code: 'fallen', share: 0.7, usual: 0.96 },
      { code: 'loss', reason: 'blur', share: 20 / 30, passages: 20 },
      { code: 'loss', reason: 'too_small', share: 8 / 30, passages: 8 },
    ],
  ],
  ['nineteen passages say nothing', { passages: { read: 2, lost: 17 }, losses: { blur: 17 } }, []],
  ['characters below 14 px are read with doubt', { char_height_px: 9.2 }, [{ code: 'small', height: 9.2, needed: 14 }]],
  [
    'a camera that sees more vehicles without a plate than with one looks at the wrong side',
    { no_plate: 300 },
    [{ code: 'no_plate', share: 0.6, vehicles: 500 }],
  ],
  [
    'a night in which less than four fifths of the day are read needs light',
    { night: { read: 20, lost: 20 } },
    [{ code: 'night', day: 150 / 156, night: 0.5 }],
  ],
  [
    'frames that are dropped are named with the device that is too slow for them',
    { status: { ...makeStatus('gate'), frames_in: 900, frames_dropped: { queue: 100, late: 100 } } },
    [{ code: 'slow', share: 0.2, provider: 'cpu' }],
  ],
  ['so is a clock that is five seconds off', { clock_offset_s: -7 }, [{ code: 'clock', seconds: -7 }]],
  [
    'a quantity whose distribution has shifted is named with its means, and of regions the one that changed most',
    {
      drift: [
        { what: 'char_height', psi: 0.25, reads: 200, reads_before: 300, now: 14, before: 20, bins: [] },
        { what: 'confidence', psi: 0.249, reads: 200, reads_before: 300, now: 0.9, before: 0.97, bins: [] },
        {
          what: 'region',
          psi: 0.6,
          reads: 200,
          reads_before: 300,
          now: null,
          before: null,
          bins: [
            { low: null, high: null, region: 'de', now: 0.5, before: 0.8 },
            { low: null, high: null, region: 'fr', now: 0.45, before: 0.05 },
          ],
        },
      ],
    },
    [
      { code: 'drift', what: 'char_height', region: null, now: 14, before: 20 },
      { code: 'drift', what: 'region', region: 'fr', now: 0.45, before: 0.05 },
    ],
  ],
])('%s', (_, change, advice) => {
  expect(adviseCamera({ ...WELL, ...change })).toEqual(advice);
});
