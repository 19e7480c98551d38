import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import { makeEvent } from '../store/make-event.ts';

/** What two readers said of one plate of which a test knows the truth; what it leaves out is right. */
type Read = Readonly<{ truth: string; reader?: string; challenger?: string; isReviewed?: boolean; camera?: string }>;

/** The event of such a read, and what a person made of it. */
export function makeCompared(pair: Readonly<{ reader: string; challenger: string }>, read: Read): PlateEvent[] {
  const { truth, reader = truth, challenger = truth, isReviewed = false, camera = 'gate' } = read;
  const event = makeEvent({ text: reader, camera, candidates: ['OTHER1'] });
  const compared: PlateEvent = {
    ...event,
    plate: { ...event.plate, ocr_model: pair.reader, region: 'gb' },
    processing: { ...event.processing, shadow: { model: pair.challenger, text: challenger, confidence: 0.85 } },
  };
  if (!isReviewed) return [compared];
  const decision =
    reader === truth
      ? ({ action: 'confirm', revision: 1 } as const)
      : ({ action: 'correct', text: truth, reason: 'seen', revision: 1 } as const);
  const by = { id: '1', name: 'ann' };
  return [compared, reviseEvent({ revisions: [compared], decision, by, at: new Date() })];
}

/** Reviewed reads: as many that only one of both got right, and as many that neither did. */
export function makeReviewed(
  pair: Readonly<{ reader: string; challenger: string }>,
  {
    readerRight,
    challengerRight,
    neither,
  }: Readonly<{ readerRight: number; challengerRight: number; neither: number }>,
): PlateEvent[] {
  const list = (count: number, read: (number: string) => Read) =>
    Array.from({ length: count }, (_, at) =>
      makeCompared(pair, { ...read(String(1000 + at)), isReviewed: true }),
    ).flat();
  return [
    ...list(readerRight, (number) => ({ truth: `AB${number}`, challenger: `A8${number}` })),
    ...list(challengerRight, (number) => ({ truth: `CD${number}`, reader: `C0${number}` })),
    ...list(neither, (number) => ({ truth: `EF${number}`, reader: `E${number}`, challenger: `F${number}` })),
  ];
}
