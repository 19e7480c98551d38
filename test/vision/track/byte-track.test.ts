import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../../src/vision/detection.ts';
import { ByteTracker } from '../../../src/vision/track/byte-track.ts';

type Row = [number, number, number, number, number];
type Golden = { sequences: { name: string; frames: Row[][]; tracks: Row[][] }[] };
const golden: Golden = JSON.parse(readFileSync(new URL('./reference/golden.json', import.meta.url), 'utf8'));

function toDetection([x0, y0, x1, y1, score]: Row): Detection {
  return { box: { x0, y0, x1, y1 }, class: 'plate', score };
}

function follow(frames: readonly (readonly Row[])[]): Row[][] {
  const tracker = new ByteTracker();
  return frames.map((rows, time) =>
    tracker
      .update(rows.map(toDetection), { sequence: time, time })
      .tracked.map(({ id, box }) => [id, box.x0, box.y0, box.x1, box.y1]),
  );
}

/** The original numbers new tracks in the order of detections, here in order of score: ids are compared one to one. */
function matchIds(ours: readonly Row[], theirs: readonly Row[], known: Map<number, number>): void {
  expect(ours).toHaveLength(theirs.length);
  for (const [theirId, ...box] of theirs) {
    const isSame = ([, ...own]: Row) => box.every((value, i) => Math.abs(value - (own[i] ?? Number.NaN)) < 0.01);
    const ids = ours.filter(isSame).map(([id]) => id);
    expect(ids).toHaveLength(1);
    for (const id of ids) {
      expect(id).toBe(known.get(theirId) ?? id);
      known.set(theirId, id);
    }
  }
}

describe('ByteTracker against the original implementation', () => {
  for (const { name, frames, tracks } of golden.sequences) {
    it(`follows "${name}" with the same boxes and identities in every frame`, () => {
      const known = new Map<number, number>();
      for (const [index, ours] of follow(frames).entries()) matchIds(ours, tracks[index] ?? [], known);
      expect(known.size).toBeGreaterThan(1);
      expect(new Set(known.values()).size).toBe(known.size);
    });
  }
});

describe('ByteTracker', () => {
  const crowd = golden.sequences[2]?.frames ?? [];

  it('gives the same answer twice and does not care about the order of detections', () => {
    const expected = follow(crowd);
    expect(follow(crowd)).toEqual(expected);
    expect(follow(crowd.map((rows) => rows.toReversed()))).toEqual(expected);
    expect(follow(crowd.map((rows) => rows.toSorted((a, b) => a[0] - b[0])))).toEqual(expected);
  });

  it('never gives an id to a second track', () => {
    const tracker = new ByteTracker();
    const ended = new Set<number>();
    for (const [time, rows] of [...crowd, ...crowd].entries()) {
      const { tracked, lost, removed } = tracker.update(rows.map(toDetection), { sequence: time, time });
      const alive = [...tracked, ...lost].map((track) => track.id);
      expect(new Set(alive).size).toBe(alive.length);
      for (const id of alive) expect(ended.has(id)).toBe(false);
      for (const { id } of removed) ended.add(id);
    }
    expect(ended.size).toBeGreaterThan(5);
  });

  it('counts ids anew in each instance', () => {
    const frame: Row[] = [[10, 10, 60, 40, 0.9]];
    expect(follow([frame])[0]?.map(([id]) => id)).toEqual([1]);
    expect(follow([frame])[0]?.map(([id]) => id)).toEqual([1]);
  });

  it('loses a track that is gone, and removes it when the buffer is over', () => {
    const tracker = new ByteTracker({ bufferTime: 3 });
    const plate = [toDetection([100, 100, 200, 130, 0.9])];
    tracker.update(plate, { sequence: 0, time: 0 });
    const states = [1, 2, 3, 4].map((time) => tracker.update([], { sequence: time, time }));
    expect(states.map(({ lost, removed }) => [lost.length, removed.length])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it('keeps a track alive on weak detections but begins none with them', () => {
    const tracker = new ByteTracker();
    tracker.update([toDetection([100, 100, 200, 130, 0.9])], { sequence: 0, time: 0 });
    const weak = [toDetection([101, 100, 201, 130, 0.2]), toDetection([600, 100, 700, 130, 0.2])];
    const { tracked } = tracker.update(weak, { sequence: 1, time: 1 });
    expect(tracked.map(({ id, hits }) => [id, hits])).toEqual([[1, 2]]);
  });

  it('follows a plate that jumps by more than its own size only with the extension on', () => {
    const jumps: Row[][] = [0, 1, 2, 3, 4, 5].map((frame) => [
      [100 + frame * 180, 300 + frame * 60, 200 + frame * 180, 330 + frame * 60, 0.9],
    ]);
    const ids = (tracker: ByteTracker) =>
      jumps.map((rows, time) =>
        tracker.update(rows.map(toDetection), { sequence: time, time }).tracked.map((track) => track.id),
      );
    expect(ids(new ByteTracker({ confirmHits: 1, reach: 2.5 }))).toEqual([[1], [1], [1], [1], [1], [1]]);
    expect(ids(new ByteTracker({ confirmHits: 1 })).flat()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
