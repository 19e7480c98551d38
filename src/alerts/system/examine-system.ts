import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Rule, type SystemMatch, spanMs } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { readBacklogs, readShares } from '../../store/alerts/system-states.ts';
import type { CameraState } from './camera-states.ts';

/** What a rule says of one camera, disk or channel. What is not known, or not long enough, is no finding. */
export type Finding = Readonly<{
  rule: Rule;
  what: keyof SystemMatch;
  subject: string;
  /** Since when it is as the rule says, milliseconds since the epoch; undefined where it is well. */
  since: number | undefined;
  value: number | null;
  /** A sentence for people, of whichever it is. */
  why: string;
}>;

type Examined = Readonly<{ sql: Sql; dataFolder: string; cameras: readonly CameraState[]; now: number }>;

/** A disk that is at the edge is not told of again and again. */
const SPARE = 1.05;

/** Holds the system against the rules about it. */
export async function examineSystem(rules: readonly Rule[], examined: Examined): Promise<readonly Finding[]> {
  const findings = await Promise.all(rules.map((rule) => examine(rule, rule.system ?? {}, examined)));
  return findings.flat();
}

async function examine(rule: Rule, system: SystemMatch, examined: Examined): Promise<readonly Finding[]> {
  const { camera_down: down, read_rate_below: rate, disk_free_below: disk, nothing_delivered_for: silent } = system;
  if (down) return findDownCameras(rule, down, examined);
  if (rate) return findPoorCameras(rule, rate, examined);
  if (disk) return findFullDisk(rule, disk.share, examined);
  return silent ? findSilentChannels(rule, spanMs(silent.span), examined) : [];
}

function findDownCameras(
  rule: Rule,
  { for: span, camera }: NonNullable<SystemMatch['camera_down']>,
  { cameras, now }: Examined,
): readonly Finding[] {
  return cameras.flatMap(({ id, name, downSince }): readonly Finding[] => {
    if (camera && !camera.includes(id)) return [];
    const found = { rule, what: 'camera_down', subject: id, value: null } as const;
    if (downSince === undefined) return [{ ...found, since: undefined, why: `${name} delivers frames again` }];
    if (now - downSince < spanMs(span)) return [];
    return [{ ...found, since: downSince, why: `${name} delivers no frames since ${clockOf(downSince)}` }];
  });
}

async function findPoorCameras(
  rule: Rule,
  { share_of_usual: least, days, camera }: NonNullable<SystemMatch['read_rate_below']>,
  { sql, now }: Examined,
): Promise<readonly Finding[]> {
  return (await readShares(sql, days)).flatMap(({ camera: id, share, usual }) => {
    if (camera && !camera.includes(id)) return [];
    const why = `${toPercent(share)} of the passages of ${id} were read in the last day; usual are ${toPercent(usual)}`;
    const since = share < least * usual ? now : undefined;
    return [{ rule, what: 'read_rate_below', subject: id, since, value: share, why }];
  });
}

async function findFullDisk(rule: Rule, least: number, { dataFolder, now }: Examined): Promise<readonly Finding[]> {
  const { bavail, blocks } = await statfs(dataFolder);
  const share = blocks === 0 ? 1 : bavail / blocks;
  const found = {
    rule,
    what: 'disk_free_below',
    subject: `${hostname()}:${dataFolder}`.slice(0, 200),
    value: share,
  } as const;
  const why = `${toPercent(share)} of the disk of ${found.subject} are free`;
  if (share < least) return [{ ...found, since: now, why }];
  return share >= least * SPARE ? [{ ...found, since: undefined, why }] : [];
}

async function findSilentChannels(rule: Rule, span: number, { sql, now }: Examined): Promise<readonly Finding[]> {
  return (await readBacklogs(sql)).flatMap(({ channel, waitingSince, lastSent }) => {
    const since = Math.max(waitingSince, lastSent ?? 0);
    if (now - since < span) return [];
    const why = `Messages wait for the channel ${channel}, and it took none since ${clockOf(since)}`;
    return [{ rule, what: 'nothing_delivered_for', subject: channel, since, value: null, why }];
  });
}

function toPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function clockOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
