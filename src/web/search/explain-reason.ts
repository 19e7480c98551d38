import type { Reason } from '../data/answers.ts';

const WORDS: Record<string, string> = {
  exact: 'exactly this',
  prefix: 'starts with it',
  suffix: 'ends with it',
  contains: 'contains it',
  wildcard: 'fits the pattern',
};

/** Why an event was found, in words: the API's detail where it gives one, else its kind and distance. */
export function explainReason(reason: Reason): string {
  if (reason.detail) return reason.detail;
  if (reason.kind in WORDS) return WORDS[reason.kind] as string;
  const distance = reason.distance ?? 0;
  if (distance > 0) return `${distance} ${distance === 1 ? 'edit' : 'edits'}`;
  return reason.kind.replaceAll(/[_-]+/g, ' ');
}
