import type { ClipRecord } from './records.ts';

/** Passages of all clips: what the events of each are held against. */
export type ClipScore = Readonly<{
  clips: number;
  passages: number;
  /** Passages with exactly one event of the right text. */
  right: number;
  /** Passages whose right text came in more than one event. */
  doubled: number;
  /** Passages without any event of the right text. */
  missed: number;
  /** Events whose text is none that goes by: misread plates and things that are no plates. */
  strayEvents: number;
  clipsWithoutPlates: number;
  /** Events in clips in which no plate can be read. */
  falseEvents: number;
}>;

/** Counts passages; undefined where there are no clips. */
export function scoreClips(clips: readonly ClipRecord[]): ClipScore | undefined {
  if (clips.length === 0) return undefined;
  const counts = clips.flatMap(({ truth, events }) =>
    truth.map((text) => events.filter((event) => event.text === text).length),
  );
  const strays = clips.map(({ truth, events }) => events.filter(({ text }) => !truth.includes(text)).length);
  const isEmpty = clips.map(({ truth }) => truth.length === 0);
  const sum = (wanted: boolean) => strays.reduce((all, count, at) => all + (isEmpty[at] === wanted ? count : 0), 0);
  return {
    clips: clips.length,
    passages: counts.length,
    right: counts.filter((count) => count === 1).length,
    doubled: counts.filter((count) => count > 1).length,
    missed: counts.filter((count) => count === 0).length,
    strayEvents: sum(false),
    clipsWithoutPlates: isEmpty.filter(Boolean).length,
    falseEvents: sum(true),
  };
}
