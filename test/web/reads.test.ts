import { describe, expect, it } from 'vitest';
import { mergeReads } from '../../src/web/data/reads.ts';
import { createEvent } from './generated-events.ts';

const AT = Date.parse('2026-03-01T12:00:00.000Z');

describe('the list of newest reads', () => {
  it('is newest first, whatever the order of arrival', () => {
    const events = [2, 0, 1].map((number) => createEvent({ number, at: AT + number * 1000 }));
    const reads = mergeReads([], events, false);
    expect(reads.map((read) => read.event.detected_at.slice(17, 19))).toEqual(['02', '01', '00']);
  });

  it('replaces an event where it stands when a higher revision comes', () => {
    const first = [0, 1, 2].map((number) => createEvent({ number, at: AT + number * 1000, revision: 1 }));
    const reads = mergeReads(
      mergeReads([], first, false),
      [createEvent({ number: 1, at: AT + 1000, revision: 2 })],
      true,
    );
    expect(reads.map((read) => [read.event.revision, read.live])).toEqual([
      [1, false],
      [2, true],
      [1, false],
    ]);
  });

  it('ignores a revision that is older than the one it has', () => {
    const newer = mergeReads([], [createEvent({ number: 1, at: AT, revision: 3 })], false);
    expect(mergeReads(newer, [createEvent({ number: 1, at: AT, revision: 2 })], true)[0]?.event.revision).toBe(3);
  });

  it('keeps the newest 400', () => {
    const events = Array.from({ length: 450 }, (_, number) => createEvent({ number, at: AT + number }));
    const reads = mergeReads([], events, false);
    expect(reads).toHaveLength(400);
    expect(reads.at(-1)?.event.detected_at).toBe('2026-03-01T12:00:00.050Z');
  });
});
