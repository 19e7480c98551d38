import type { Messages, Noun } from '../messages.ts';

/** The history of one plate. */
export const plates = {
  seen: 'Vue',
  first: 'Vue la première fois',
  last: 'Vue la dernière fois',
  neverSeen: 'Cette plaque n’a pas été lue, ou pas là où vous avez accès.',
  lastThere: (moment) => `la dernière fois le ${moment}`,
  near: 'Textes proches',
  noNear: 'Aucun autre texte ne pourrait être la même plaque.',
  reads: 'Toutes les lectures',
  days: ['jour', 'jours'] as Noun,
  calendar: (reads, days) => `${reads} en ${days}`,
  fromTo: (from, to) => `Du ${from} au ${to}`,
  earlier: 'Avant',
  later: 'Après',
  asList: 'Ces jours en liste',
  history: 'Historique de cette plaque',
} satisfies Messages['plates'];
