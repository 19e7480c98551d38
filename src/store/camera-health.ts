import type { Scope } from '../contract/access.ts';
import type { CameraQuality as JudgedCamera, QualityDetail, Tally } from '../contract/api/camera-quality.ts';
import { shareOf } from '../contract/camera-advice.ts';
import type { Sql } from '../db/sql.ts';
import { type CameraDrift, readCameraDrift } from './camera-drift.ts';
import {
  type CameraQuality,
  readCameraQuality,
  readUsualQuality,
  readVehicleHours,
  type UsualQuality,
  type Vehicles,
} from './camera-quality.ts';
import { type PassageTrend, readPassageTrends } from './passage-trend.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** How a camera does, as far as the database knows. */
export type CameraHealth = Omit<JudgedCamera, 'status' | 'advice'>;

/** How each camera does now, usually and a week before, by their ids. */
export async function readCameraHealth(sql: Sql, scope: Scope): Promise<readonly CameraHealth[]> {
  const [now, usual, trends, drifts] = await Promise.all([
    readCameraQuality(sql, scope),
    readUsualQuality(sql, scope),
    readPassageTrends(sql, scope),
    readCameraDrift(sql, scope),
  ]);
  const [usualOf, trendOf] = [indexByPlace(usual), indexByPlace(trends)];
  const driftOf = Map.groupBy(drifts, keyOf);
  return now.map((quality) => {
    const key = keyOf(quality);
    return describe(quality, { usual: usualOf.get(key), trend: trendOf.get(key), drift: driftOf.get(key) });
  });
}

/** What is known of a camera that has seen nothing yet. */
export function unknownHealth(camera: string, site: string): CameraHealth {
  const nothing = {
    readRatio: null,
    meanConfidence: null,
    doubtfulRatio: null,
    charHeightPx: null,
    clockOffsetS: null,
  };
  return describe({ camera, site, ...nothing, vehicles: [], newestEventAt: null }, {});
}

type Hours = QualityDetail['by_hour'];

/** The newest hours of a camera one by one, each with the same hour a week before; those without a passage too. */
export async function readHealthByHour(
  sql: Sql,
  { place, hours, scope, now }: Readonly<{ place: Placed; hours: number; scope: Scope; now: number }>,
): Promise<Hours> {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  const first = last - (hours - 1) * HOUR_MS;
  const read = async (back: number) => {
    const span = { from: new Date(first - back), to: new Date(last + HOUR_MS - back) };
    return Map.groupBy(await readVehicleHours(sql, { place, scope, ...span }), ({ hour }) => Date.parse(hour) + back);
  };
  const [newest, earlier] = await Promise.all([read(0), read(WEEK_MS)]);
  return Array.from({ length: hours }, (_, index) => {
    const at = first + index * HOUR_MS;
    return {
      at: new Date(at).toISOString(),
      ...tally(newest.get(at) ?? []),
      before: tally(earlier.get(at) ?? []),
    };
  });
}

type Past = Readonly<{
  usual?: UsualQuality | undefined;
  trend?: PassageTrend | undefined;
  drift?: readonly CameraDrift[] | undefined;
}>;

function describe(quality: CameraQuality, { usual, trend, drift = [] }: Past): CameraHealth {
  const { vehicles } = quality;
  const passages = tally(vehicles);
  const reasons = Map.groupBy(
    vehicles.filter(({ outcome }) => outcome === 'lost'),
    ({ reason }) => reason,
  );
  return {
    camera_id: quality.camera,
    site_id: quality.site,
    passages,
    no_plate: add(vehicles.filter(({ outcome }) => outcome === 'no_plate')),
    share: shareOf(passages),
    before: trend?.before ?? { read: 0, lost: 0 },
    usual: usual?.readRatio ?? null,
    losses: Object.fromEntries([...reasons].map(([reason, lost]) => [reason, add(lost)])),
    day: tally(vehicles.filter(({ light }) => light === 'day')),
    night: tally(vehicles.filter(({ light }) => light === 'night')),
    confidence: quality.meanConfidence,
    doubtful: quality.doubtfulRatio,
    corrected: usual?.correctedRatio ?? null,
    char_height_px: quality.charHeightPx,
    drift: drift.map(({ site: _site, camera: _camera, ...one }) => one),
    clock_offset_s: quality.clockOffsetS,
    newest_at: quality.newestEventAt,
    days: [...(trend?.days ?? [])],
  };
}

function tally(vehicles: readonly Vehicles[]): Tally {
  const count = (wanted: Vehicles['outcome']) => add(vehicles.filter(({ outcome }) => outcome === wanted));
  return { read: count('read'), lost: count('lost') };
}

function add(vehicles: readonly Vehicles[]): number {
  return vehicles.reduce((sum, one) => sum + one.vehicles, 0);
}

type Placed = Readonly<{ site: string; camera: string }>;

function indexByPlace<T extends Placed>(all: readonly T[]): ReadonlyMap<string, T> {
  return new Map(all.map((one) => [keyOf(one), one]));
}

function keyOf({ site, camera }: Placed): string {
  return JSON.stringify([site, camera]);
}
