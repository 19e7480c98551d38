import type { Noun } from './frame.ts';

/** The history of one plate. */
export const plates = {
  seen: 'Seen',
  first: 'First seen',
  last: 'Last seen',
  neverSeen: 'This plate has not been read, at least not at cameras you may see.',
  lastThere: (moment: string) => `last on ${moment}`,
  near: 'Similar texts',
  noNear: 'No other text is likely to be this plate.',
  reads: 'All reads',
  days: ['day', 'days'] as Noun,
  calendar: (reads: string, days: string) => `${reads} on ${days}`,
  fromTo: (from: string, to: string) => `${from} to ${to}`,
  earlier: 'Earlier',
  later: 'Later',
  asList: 'These days as a list',
  history: 'History of this plate',
};
