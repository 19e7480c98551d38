import type { BackTestProgress, BackTestSample } from '../../contract/api/back-test.ts';
import { type Rule, spanMs } from '../../contract/rule.ts';
import { isScheduled } from '../schedule.ts';
import { Zones } from '../zones.ts';

/** One alert that a rule would have made; its time in milliseconds. */
export type WouldBe = Readonly<{ id: string; at: number; camera: string; text: string; p: number }>;

/** What the rule would have done, and, where there is one, what the rule before would have. */
export type Outcome = Readonly<{ hits: readonly WouldBe[]; added: readonly WouldBe[]; removed: readonly WouldBe[] }>;

const SAMPLES = 20;

type Work = Readonly<{ rule: Rule; hasBefore: boolean; done: number; reads: number }>;

/** Adds up what would have been. */
export function summarize({ hits, added, removed }: Outcome, { rule, hasBefore, done, reads }: Work): BackTestProgress {
  const hours = new Array<number>(24).fill(0);
  for (const { at } of hits) hours[new Date(at).getUTCHours()] = (hours[new Date(at).getUTCHours()] ?? 0) + 1;
  const change = {
    added: added.length,
    removed: removed.length,
    added_samples: sampleOf(added),
    removed_samples: sampleOf(removed),
  };
  return {
    done,
    reads,
    alerts: hits.length,
    sent: countSent(hits, rule),
    likely_false: hits.reduce((sum, { p }) => sum + 1 - p, 0),
    by_day: countBy(hits, ({ at }) => new Date(at).toISOString().slice(0, 10)).map(([day, alerts]) => ({
      day,
      alerts,
    })),
    by_hour: hours,
    by_camera: countBy(hits, ({ camera }) => camera).map(([camera_id, alerts]) => ({ camera_id, alerts })),
    samples: sampleOf(hits),
    change: hasBefore ? change : null,
  };
}

function countBy(hits: readonly WouldBe[], keyOf: (hit: WouldBe) => string): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const hit of hits) counts.set(keyOf(hit), (counts.get(keyOf(hit)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** In the order of time, as each alert silences those after it. */
function countSent(hits: readonly WouldBe[], { cooldown, quiet }: Rule): number {
  const zones = new Zones();
  const until = new Map<string, number>();
  let sent = 0;
  for (const hit of cooldown ? hits.toSorted(byTime) : hits) {
    const key = subjectOf(hit, cooldown?.per);
    if (hit.at < (until.get(key) ?? Number.NEGATIVE_INFINITY) || (quiet && isScheduled(quiet, hit.at, zones))) continue;
    if (cooldown) until.set(key, hit.at + spanMs(cooldown.for));
    sent += 1;
  }
  return sent;
}

function subjectOf({ text, camera }: WouldBe, per: 'plate' | 'plate_and_camera' | 'rule' = 'plate'): string {
  return per === 'rule' ? '' : per === 'plate' ? text : `${text} ${camera}`;
}

function sampleOf(hits: readonly WouldBe[]): readonly BackTestSample[] {
  return hits
    .toSorted((a, b) => byTime(b, a))
    .slice(0, SAMPLES)
    .map(({ id, at, camera, text, p }) => {
      return { event_id: id, detected_at: new Date(at).toISOString(), camera_id: camera, text, p };
    });
}

function byTime(a: WouldBe, b: WouldBe): number {
  return a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at - b.at;
}
