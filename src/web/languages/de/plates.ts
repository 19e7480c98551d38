import type { Messages, Noun } from '../messages.ts';

/** The history of one plate. */
export const plates = {
  seen: 'Gesehen',
  first: 'Zuerst gesehen',
  last: 'Zuletzt gesehen',
  neverSeen: 'Dieses Kennzeichen wurde nicht gelesen, oder nicht dort, wo Sie Zugriff haben.',
  lastThere: (moment) => `zuletzt am ${moment}`,
  near: 'Ähnliche Texte',
  noNear: 'Kein anderer Text könnte dasselbe Kennzeichen sein.',
  reads: 'Alle Erkennungen',
  days: ['Tag', 'Tage'] as Noun,
  calendar: (reads, days) => `${reads}, verteilt auf ${days}`,
  fromTo: (from, to) => `${from} bis ${to}`,
  earlier: 'Früher',
  later: 'Später',
  asList: 'Diese Tage als Liste',
  history: 'Verlauf dieses Kennzeichens',
} satisfies Messages['plates'];
