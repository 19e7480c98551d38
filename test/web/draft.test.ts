import { expect, test } from 'vitest';
import { chooseOption, moveDraft, readDraft, startDraft, writeDraft } from '../../src/web/review/draft.ts';
import { createEvent } from './generated-events.ts';

/** The reader doubts between 8 and B in the third place. */
const { plate } = createEvent({ number: 2, at: 0, text: 'AK8XCCC' });

test('a review begins at the most doubtful character, and an alternative takes its place', () => {
  const draft = startDraft(plate);
  expect([draft.at, readDraft(draft)]).toEqual([2, 'AK8XCCC']);
  expect(draft.signs[2]?.options.map(({ c }) => c)).toEqual(['8', 'B', 'R', 'E']);
  expect(readDraft(chooseOption(draft, 1))).toBe('AKBXCCC');
  expect(readDraft(chooseOption(chooseOption(draft, 1), 0))).toBe('AK8XCCC');
  expect(chooseOption(draft, 7)).toBe(draft);
});

test('an alternative that is no character removes it', () => {
  const chars = plate.chars.map((char, index) => (index === 2 ? { ...char, alt: [{ c: '', p: 0.3 }] } : char));
  expect(readDraft(chooseOption(startDraft({ ...plate, chars }), 1))).toBe('AKXCCC');
});

test('a typed text keeps the alternatives while it is as long, and no key leads past its ends', () => {
  const typed = writeDraft(startDraft(plate), 'zk8-xccc');
  expect([readDraft(typed), typed.signs[2]?.options.length]).toEqual(['ZK8XCCC', 4]);
  const shorter = writeDraft(typed, 'AK');
  expect([readDraft(shorter), shorter.at]).toEqual(['AK', 1]);
  expect(moveDraft(shorter, 1).at).toBe(1);
  expect(moveDraft(moveDraft(shorter, -1), -1).at).toBe(0);
});

test('a text that a person corrected is reviewed as it is now', () => {
  const draft = startDraft({ ...plate, text_normalized: 'AB12' });
  expect([readDraft(draft), draft.at]).toEqual(['AB12', 0]);
});
