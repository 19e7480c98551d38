import type { Messages, Noun } from '../messages.ts';

/** The history of one plate. */
export const plates = {
  seen: 'Vista',
  first: 'Vista pela primeira vez',
  last: 'Vista pela última vez',
  neverSeen: 'Esta placa não foi lida, ou não onde você tem acesso.',
  lastThere: (moment) => `pela última vez em ${moment}`,
  near: 'Textos parecidos',
  noNear: 'Nenhum outro texto pode ser a mesma placa.',
  reads: 'Todas as leituras',
  days: ['dia', 'dias'] as Noun,
  calendar: (reads, days) => `${reads} em ${days}`,
  fromTo: (from, to) => `De ${from} a ${to}`,
  earlier: 'Antes',
  later: 'Depois',
  asList: 'Estes dias em lista',
  history: 'Histórico desta placa',
} satisfies Messages['plates'];
