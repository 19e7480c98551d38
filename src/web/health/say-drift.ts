import type { Advice, Drift } from '../../contract/api/camera-quality.ts';
import { nameRegion } from '../regions.ts';
import type { Words } from '../words.ts';

/** A mean that changed by less than this part of itself is as usual. */
const LITTLE = 0.03;

/** A drift as a sentence: what changed, and what to look at. */
export function sayDrift({ what, region, now, before }: Extract<Advice, { code: 'drift' }>, words: Words): string {
  const says = words.t.health.says.drift;
  const told = (value: number) => tellQuantity(what, value, words);
  if (what === 'region') return says.region(nameShare(region, words), words.percent(now), words.percent(before));
  const change = (now - before) / before;
  if (Math.abs(change) < LITTLE) return says.spread(nameQuantity(what, words));
  return says[what][change < 0 ? 'less' : 'more'](told(now), told(before), words.percent(Math.abs(change)));
}

/** What is compared. */
export function nameQuantity(what: Drift['what'], { t }: Words): string {
  const names = {
    confidence: t.health.confidence,
    region: t.read.region,
    sharpness: t.read.sharpness,
    char_height: t.read.characterHeight,
  };
  return names[what];
}

/** A value of it. */
export function tellQuantity(what: Drift['what'], value: number, { percent, number }: Words): string {
  if (what === 'char_height') return `${number(value, 1)} px`;
  return what === 'sharpness' ? number(value, 2) : percent(value);
}

/** A region, none, or all others. */
export function nameShare(region: string | null, words: Words): string {
  if (region === null) return words.t.reports.others;
  return region === '' ? words.t.frame.unknown : nameRegion(region, words);
}
