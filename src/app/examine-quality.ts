import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { createLog } from '../base/log.ts';
import type { Advice } from '../contract/api/camera-quality.ts';
import { adviseCamera, FEW_PASSAGES } from '../contract/camera-advice.ts';
import { openDatabase } from '../db/open.ts';
import { type CameraHealth, readCameraHealth } from '../store/camera-health.ts';
import { readDatabaseStatus } from '../store/upkeep/status.ts';
import type { Config } from './config.ts';
import type { Finding } from './examine-camera.ts';

/** How well each camera read in the last 24 hours, from the database; nothing where there is none yet, or it does not answer. */
export async function examineQuality(config: Config): Promise<readonly Finding[]> {
  const { database, data } = config;
  if (database.kind === 'embedded' && !existsSync(resolve(data, database.folder))) return [];
  try {
    const log = createLog({ level: 'silent' });
    await using opened = await openDatabase({ config: database, dataFolder: data, log, isShared: true });
    const { pending } = await readDatabaseStatus(opened.sql);
    return pending.length > 0 ? [] : (await readCameraHealth(opened.sql, undefined)).flatMap(describeHealth);
  } catch (error) {
    // A server that is named is examined with the others.
    return database.kind === 'embedded' ? [{ level: 'fault', text: `Database: ${messageOf(error)}` }] : [];
  }
}

/** A camera in words: its share, then what to do. */
export function describeHealth(health: CameraHealth): readonly Finding[] {
  const { camera_id: id, passages, share, usual } = health;
  const seen = passages.read + passages.lost;
  const advice = adviseCamera({ ...health, status: null });
  const usually = usual === null ? '' : `, usually ${toPercent(usual)}`;
  const text =
    share === null
      ? `Camera ${id}: ${seen} passages in the last 24 h, too few to judge (from ${FEW_PASSAGES} on)`
      : `Camera ${id}: ${toPercent(share)} of ${seen} passages were read in the last 24 h${usually}`;
  const level = advice.some(({ code }) => code === 'fallen' || code === 'loss') ? 'advice' : 'good';
  return [{ level, text }, ...advice.map((one): Finding => ({ level: 'advice', text: `Camera ${id}: ${say(one)}` }))];
}

const REMEDIES: Readonly<Record<string, string>> = {
  too_small: 'characters too small; zoom in, or mount the camera closer to the road',
  blur: 'too blurred; shorten the exposure, add light, or correct the focus',
  low_score: 'plate uncertain; reduce glare and exposure, clean the lens, or choose a flatter angle',
  empty: 'nothing to be read; mask out signs and lamps that are taken for plates',
};

function say(advice: Advice): string {
  switch (advice.code) {
    case 'down':
      return `it is ${advice.state}`;
    case 'silent':
      return `nothing passed, a week before it was ${advice.before} passages; see whether it still looks at the road`;
    case 'fallen':
      return `it reads less than usual; compare its picture with an older one, and check lens, focus and direction`;
    case 'loss':
      return `${toPercent(advice.share)} of what is lost: ${REMEDIES[advice.reason] ?? advice.reason}`;
    case 'no_plate':
      return `${toPercent(advice.share)} of ${advice.vehicles} vehicles passed without a plate in sight; let it look at the side that has the plate`;
    case 'small':
      return `characters are ${advice.height.toFixed(1)} px high; at ${advice.needed} px or more, plates are read more reliably`;
    case 'night':
      return `at night ${toPercent(advice.night)} are read, by day ${toPercent(advice.day)}; add infrared light, or shorten the exposure at night`;
    case 'slow':
      return `${toPercent(advice.share)} of the frames are skipped to keep up; the detector runs on ${advice.provider.toUpperCase()}`;
    case 'clock':
      return `the clock of its machine is ${Math.abs(advice.seconds).toFixed(0)} s ${advice.seconds > 0 ? 'ahead' : 'behind'}; set it by NTP`;
    case 'drift':
      return sayDrift(advice);
  }
}

const DRIFTS = {
  char_height: {
    name: 'characters',
    less: 'smaller',
    more: 'larger',
    ask: 'was the camera moved, or its zoom changed?',
  },
  sharpness: {
    name: 'pictures of plates',
    less: 'less sharp',
    more: 'sharper',
    ask: 'check the focus, the lens and the light',
  },
  confidence: {
    name: 'reads',
    less: 'less certain',
    more: 'more certain',
    ask: 'look at the newest: other pictures, plates, or model?',
  },
};

function sayDrift({ what, region, now, before }: Extract<Advice, { code: 'drift' }>): string {
  if (what === 'region') {
    const name = region === null ? 'other regions' : region === '' ? 'no region' : `region ${region}`;
    return `${name}: ${toPercent(now)} of the reads, usually ${toPercent(before)}; has the traffic changed, or the direction of the camera?`;
  }
  const { name, less, more, ask } = DRIFTS[what];
  const change = (now - before) / before;
  return `${name} are ${toPercent(Math.abs(change))} ${change < 0 ? less : more} than usual; ${ask}`;
}

function toPercent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
