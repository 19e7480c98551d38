import type { Messages, Noun } from '../messages.ts';

/** The history of one plate. */
export const plates = {
  seen: 'Vista',
  first: 'Vista por primera vez',
  last: 'Vista por última vez',
  neverSeen: 'Esta matrícula no se ha leído, o no donde usted tiene acceso.',
  lastThere: (moment) => `por última vez el ${moment}`,
  near: 'Textos parecidos',
  noNear: 'Ningún otro texto podría ser la misma matrícula.',
  reads: 'Todas las lecturas',
  days: ['día', 'días'] as Noun,
  calendar: (reads, days) => `${reads} en ${days}`,
  fromTo: (from, to) => `Del ${from} al ${to}`,
  earlier: 'Antes',
  later: 'Después',
  asList: 'Estos días en una lista',
  history: 'Historial de esta matrícula',
} satisfies Messages['plates'];
