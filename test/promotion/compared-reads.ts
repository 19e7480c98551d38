import type { Decision } from '../../src/contract/api/review.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import { makeEvent } from '../store/make-event.ts';

/** What two readers said of one plate of which a test knows the truth; what it leaves out is right. */
type Read = Readonly<{ truth: string; reader?: string; challenger?: string; isReviewed?: boolean; camera?: string }>;

type Pair = Readonly<{ reader: string; challenger: string }>;

/** Such a read, and what whoever knows the truth decides on it. */
export type Decided = Readonly<{ event: PlateEvent; decision: Decision }>;

function makeDecided(pair: Pair, { truth, reader = truth, challenger = truth, camera = 'gate' }: Read): Decided {
  const event = makeEvent({ text: reader, camera, candidates: ['OTHER1'] });
  const decision: Decision =
    reader === truth
      ? { action: 'confirm', revision: 1 }
      : { action: 'correct', text: truth, reason: 'seen', revision: 1 };
  return {
    event: {
      ...event,
      plate: { ...event.plate, ocr_model: pair.reader, region: 'gb' },
      processing: { ...event.processing, shadow: { model: pair.challenger, text: challenger, confidence: 0.85 } },
    },
    decision,
  };
}

/** The event of such a read, and what a person made of it. */
export function makeCompared(pair: Pair, read: Read): PlateEvent[] {
  const { event, decision } = makeDecided(pair, read);
  if (!read.isReviewed) return [event];
  return [event, reviseEvent({ revisions: [event], decision, by: { id: '1', name: 'ann' }, at: new Date() })];
}

type Counts = Readonly<{ readerRight: number; challengerRight: number; neither: number }>;

/** Reads to be decided on: as many that only one of both got right, and as many that neither did. */
export function makeUndecided(pair: Pair, { readerRight, challengerRight, neither }: Counts): Decided[] {
  const list = (count: number, read: (number: string) => Read) =>
    Array.from({ length: count }, (_, at) => makeDecided(pair, read(String(1000 + at))));
  return [
    ...list(readerRight, (number) => ({ truth: `AB${number}`, challenger: `A8${number}` })),
    ...list(challengerRight, (number) => ({ truth: `CD${number}`, reader: `C0${number}` })),
    ...list(neither, (number) => ({ truth: `EF${number}`, reader: `E${number}`, challenger: `F${number}` })),
  ];
}

/** The same, decided on. */
export function makeReviewed(pair: Pair, counts: Counts): PlateEvent[] {
  return makeUndecided(pair, counts).flatMap(({ event, decision }) => [
    event,
    reviseEvent({ revisions: [event], decision, by: { id: '1', name: 'ann' }, at: new Date() }),
  ]);
}
