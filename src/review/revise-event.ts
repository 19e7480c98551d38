import type { Decision } from '../contract/api/review.ts';
import { FIRST_REVIEW, type PlateEvent } from '../contract/plate-event.ts';

/** Most candidates that an event holds. */
const MAX_CANDIDATES = 10;

type Reviewed = Readonly<{
  /** All revisions in order; the last one is what the person saw. */
  revisions: readonly PlateEvent[];
  decision: Decision;
  by: Readonly<{ id: string; name: string }>;
  at: Date;
}>;

/**
 * The revision that a person's decision makes of an event. What the machine read stays: `text_raw`, its characters, and the
 * text that was replaced among the candidates, so that a search finds the event by both.
 */
export function reviseEvent({ revisions, decision, by, at }: Reviewed): PlateEvent {
  const event = revisions.at(-1);
  if (!event) throw new Error('expected at least one revision');
  const machine = revisions.findLast(({ revision }) => revision < FIRST_REVIEW) ?? event;
  const text = decision.action === 'correct' ? decision.text : event.plate.text_normalized;
  const isGone = decision.action === 'reject' || decision.action === 'merge';
  const isMachines = text === machine.plate.text_normalized;
  return {
    ...event,
    revision: Math.max(event.revision + 1, FIRST_REVIEW),
    status: isGone ? 'retracted' : isMachines ? 'final' : 'corrected',
    time: { ...event.time, published: at.toISOString() },
    plate: isGone ? event.plate : { ...machine.plate, ...describeText(text, event, machine) },
    review: {
      by: by.name,
      by_id: by.id,
      at: at.toISOString(),
      action: decision.action,
      text: decision.action === 'correct' ? text : null,
      into: decision.action === 'merge' ? decision.into : null,
      of: decision.revision,
      reason: decision.reason ?? '',
    },
  };
}

/** A person is certain. Whether a text fits its region was asked of the machine's alone. */
function describeText(text: string, event: PlateEvent, machine: PlateEvent): Partial<PlateEvent['plate']> {
  const read = { text: machine.plate.text_normalized, p: machine.plate.confidence };
  const before = { text: event.plate.text_normalized, p: 0 };
  const others = [read, before, ...machine.plate.candidates].filter((one) => one.text !== text && one.text !== '');
  const different = [...new Map(others.toReversed().map((one) => [one.text, one])).values()].toReversed();
  return {
    text_normalized: text,
    confidence: 1,
    candidates: [{ text, p: 1 }, ...different].slice(0, MAX_CANDIDATES),
    ...(text !== read.text && { matches_format: null }),
  };
}
