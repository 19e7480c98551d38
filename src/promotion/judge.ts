import type { Judgement, ShadowCounts } from '../contract/api/models.ts';
import { testPaired } from '../contract/mcnemar.ts';
import type { PromotionConfig } from './config.ts';

/** What the reviewed differences say of a challenger: better or worse once there are enough of them and chance is unlikely. */
export function judgeChallenger(counts: ShadowCounts, rule: Pick<PromotionConfig, 'min_reviewed' | 'p'>): Judgement {
  const { reviewed, reader_right, challenger_right } = counts;
  const p = testPaired(reader_right, challenger_right);
  const isOpen = reviewed < rule.min_reviewed || p >= rule.p;
  return { ...counts, p, verdict: isOpen ? 'open' : challenger_right > reader_right ? 'better' : 'worse' };
}
