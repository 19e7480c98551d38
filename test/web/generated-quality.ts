import type { CameraQuality, QualityDetail } from '../../src/contract/api/camera-quality.ts';
import { adviseCamera } from '../../src/contract/camera-advice.ts';
import type { CameraStatus } from '../../src/contract/live.ts';

const HOUR_MS = 3_600_000;

const SHARES: readonly (readonly [number, number])[] = [
  [0.62, 0.2],
  [0.24, 0.21],
  [0.1, 0.19],
  [0.03, 0.2],
  [0.01, 0.2],
];
const DRIFTS: CameraQuality['drift'] = [
  {
    what: 'char_height',
    psi: 1.31,
    reads: 160,
    reads_before: 336,
    now: 9.4,
    before: 13.6,
    bins: SHARES.map(([now, before], part) => ({
      low: part === 0 ? null : 9 + 2 * part,
      high: part === 4 ? null : 11 + 2 * part,
      region: null,
      now,
      before,
    })),
  },
  {
    what: 'region',
    psi: 0.02,
    reads: 160,
    reads_before: 336,
    now: null,
    before: null,
    bins: [
      { low: null, high: null, region: 'de', now: 0.7, before: 0.74 },
      { low: null, high: null, region: '', now: 0.2, before: 0.2 },
      { low: null, high: null, region: null, now: 0.1, before: 0.06 },
    ],
  },
];

/** How a camera does: the gate loses every third passage, the others read nearly all. */
export function createQuality(status: CameraStatus, now: number): CameraQuality {
  const isPoor = status.camera_id === 'gate';
  const passages = isPoor ? { read: 160, lost: 80 } : { read: 236, lost: 4 };
  const known = {
    camera_id: status.camera_id,
    site_id: 'home',
    passages,
    no_plate: 6,
    share: passages.read / 240,
    before: { read: 230, lost: 12 },
    usual: 0.95,
    losses: isPoor ? { too_small: 50, blur: 24, low_score: 6 } : { blur: 4 },
    day: isPoor ? { read: 140, lost: 40 } : { read: 180, lost: 2 },
    night: isPoor ? { read: 20, lost: 40 } : { read: 56, lost: 2 },
    confidence: 0.962,
    doubtful: 0.05,
    corrected: 0.01,
    char_height_px: isPoor ? 9.4 : 22,
    drift: isPoor ? DRIFTS : [],
    clock_offset_s: 0.2,
    newest_at: new Date(now - 90_000).toISOString(),
    days: Array.from({ length: 15 }, (_, day) => ({
      at: new Date(now - (14 - day) * 24 * HOUR_MS).toISOString(),
      read: isPoor && day > 12 ? 160 : 230,
      lost: isPoor && day > 12 ? 80 : 10 + (day % 3),
    })),
    status,
  };
  return { ...known, advice: [...adviseCamera(known)] };
}

/** The same with its hours and three plates that it lost. */
export function createQualityDetail(status: CameraStatus, now: number, hours: number): QualityDetail {
  return {
    camera: createQuality(status, now),
    by_hour: Array.from({ length: hours }, (_, hour) => ({
      at: new Date(Math.floor(now / HOUR_MS) * HOUR_MS - (hours - 1 - hour) * HOUR_MS).toISOString(),
      read: hour % 6 === 0 ? 0 : 5 + (hour % 5),
      lost: hour % 6 === 0 ? 0 : (hour % 4) + 1,
      before: { read: 9 + (hour % 3), lost: hour % 2 },
    })),
    lost: ['too_small', 'blur', 'low_score'].map((reason, index) => ({
      key: `home/${status.camera_id}/lost/${now - index * 600_000}-${reason}-94-20.jpg`,
      at: new Date(now - index * 600_000).toISOString(),
      reason,
      char_height_px: 9.4,
      sharpness: 0.2,
    })),
  };
}
