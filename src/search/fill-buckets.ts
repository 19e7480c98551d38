import { AlprError } from '../base/errors.ts';
import type { Bucket, BucketCount } from '../contract/api/search.ts';

const MAX_BUCKETS = 10_000;

/**
 * Inserts an empty bucket wherever one is missing between the first and the last; INPUT_INVALID above 10,000 buckets.
 */
export function fillBuckets(reads: readonly BucketCount[], bucket: Bucket): BucketCount[] {
  const [first, last] = [reads[0], reads.at(-1)];
  if (!first || !last) return [];
  const byTime = new Map(reads.map((one) => [Date.parse(one.at), one]));
  const filled: BucketCount[] = [];
  for (let at = Date.parse(first.at); at <= Date.parse(last.at); at = nextBucket(at, bucket)) {
    if (filled.length === MAX_BUCKETS) {
      throw new AlprError('INPUT_INVALID', `Expected at most ${MAX_BUCKETS} buckets; ask for longer ones or less time`);
    }
    filled.push(byTime.get(at) ?? { at: new Date(at).toISOString(), events: 0, mean_confidence: null });
  }
  return filled;
}

function nextBucket(at: number, bucket: Bucket): number {
  const hour = 3_600_000;
  switch (bucket) {
    case 'hour':
      return at + hour;
    case 'day':
      return at + 24 * hour;
    case 'week':
      return at + 7 * 24 * hour;
    case 'month': {
      const date = new Date(at);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    }
  }
}
