import { compareDetections } from '../detect/nms.ts';
import type { Detection } from '../detection.ts';
import { findCentre, measureIou } from '../geometry.ts';
import { REFERENCE_TRACKER, type TrackerOptions } from '../options/tracker.ts';
import { assign, type CostMatrix } from './assignment.ts';
import { costByDistance, costByOverlap } from './association.ts';
import { BoxFilter } from './kalman.ts';
import type { Track } from './track.ts';

/** What one update did, each list by id. Tentative tracks are in none. */
export type TrackerUpdate = Readonly<{
  /** Confirmed tracks that were seen in this frame. */
  tracked: readonly Track[];
  /** Tracks that may still be taken up again. */
  lost: readonly Track[];
  /** Tracks that ended in this update. */
  removed: readonly Track[];
}>;

/** When a frame was taken; `time` is in the unit of the options (frames in the reference, milliseconds in the pipeline). */
export type Instant = Readonly<{ sequence: number; time: number }>;

type Live = {
  id: number;
  filter: BoxFilter;
  state: 'tracked' | 'lost' | 'removed';
  confirmed: boolean;
  detection: Detection;
  firstSequence: number;
  lastSequence: number;
  firstTime: number;
  lastTime: number;
  hits: number;
};

/**
 * ByteTrack (Zhang et al., ECCV 2022): two-pass association of Kalman-predicted boxes, first with sure detections, then with weak
 * ones. Deterministic, independent of the order of detections, ids counted by each instance and never reused. With
 * `reach` above 0 an extension follows sure detections that no longer overlap their track: see {@link TrackerOptions}.
 */
export class ByteTracker {
  readonly #options: TrackerOptions;
  #live: Live[] = [];
  #nextId = 1;
  #lastTime: number | undefined;

  constructor(options: Partial<TrackerOptions> = {}) {
    this.#options = { ...REFERENCE_TRACKER, ...options };
  }

  /**
   * Takes the detections of the next frame. Times must not run backwards. `highScore` is what this frame's detector is sure of, where
   * that is not always the same.
   */
  update(
    detections: readonly Detection[],
    instant: Instant,
    highScore: number = this.#options.highScore,
  ): TrackerUpdate {
    const { lowScore } = this.#options;
    const first = this.#lastTime === undefined;
    this.#predict(instant.time);
    const sorted = detections.toSorted(compareDetections);
    const sure = sorted.filter((detection) => detection.score >= highScore);
    const weak = sorted.filter((detection) => detection.score < highScore && detection.score > lowScore);
    const confirmed = this.#live.filter((track) => track.confirmed);
    const [open, left] = this.#associate(confirmed, sure, this.#options.matchCost, this.#options.fuseScore, instant);
    const seen = open.filter((track) => track.state === 'tracked');
    const [unseen] = this.#associate(seen, weak, this.#options.weakMatchCost, false, instant);
    const missing = open.filter((track) => track.state === 'lost' || unseen.includes(track));
    const [gone, free] = this.#reach(missing, left, instant);
    for (const track of gone) track.state = 'lost';
    const tentative = this.#live.filter((track) => !track.confirmed);
    const [dropped, fresh] = this.#associate(
      tentative,
      free,
      this.#options.tentativeMatchCost,
      this.#options.fuseScore,
      instant,
    );
    for (const track of dropped) track.state = 'removed';
    this.#begin(fresh, instant, first);
    return this.#settle(instant);
  }

  #predict(time: number): void {
    const { stepTime } = this.#options;
    const steps = this.#lastTime === undefined || stepTime <= 0 ? 1 : Math.max(0, time - this.#lastTime) / stepTime;
    this.#lastTime = time;
    for (const track of this.#live) if (track.confirmed) track.filter.predict(steps, track.state === 'lost');
  }

  #associate(
    tracks: readonly Live[],
    detections: readonly Detection[],
    limit: number,
    fuseScore: boolean,
    instant: Instant,
  ): [Live[], Detection[]] {
    const costs = costByOverlap(
      tracks.map((track) => track.filter.box),
      detections,
      fuseScore,
    );
    return takeMatches(tracks, detections, costs, limit, (track, detection) => {
      track.filter.update(detection.box);
      noteHit(track, detection, instant, this.#options.confirmHits);
    });
  }

  /** The extension: by distance of centres, and the speed is then what the jump says. */
  #reach(tracks: Live[], detections: Detection[], instant: Instant): [Live[], Detection[]] {
    const { reach, stepTime } = this.#options;
    if (reach <= 0) return [tracks, detections];
    const step = stepTime > 0 ? stepTime : 1;
    const searches = tracks.map((track) => {
      const { box } = track.filter;
      const steps = Math.min(3, Math.max(1, (instant.time - track.lastTime) / step));
      return { box, reach: reach * (box.x1 - box.x0) * steps * (track.hits > 2 ? 0.5 : 1) };
    });
    return takeMatches(tracks, detections, costByDistance(searches, detections), 1.2, (track, detection) => {
      const from = findCentre(track.detection.box);
      const to = findCentre(detection.box);
      const steps = Math.max(0.1, (instant.time - track.lastTime) / step);
      track.filter.restart(detection.box, (to.x - from.x) / steps, (to.y - from.y) / steps);
      noteHit(track, detection, instant, this.#options.confirmHits);
    });
  }

  #begin(detections: readonly Detection[], instant: Instant, first: boolean): void {
    for (const detection of detections) {
      if (detection.score < this.#options.newScore) continue;
      this.#live.push({
        id: this.#nextId,
        filter: new BoxFilter(detection.box),
        state: 'tracked',
        confirmed: first || this.#options.confirmHits <= 1,
        detection,
        firstSequence: instant.sequence,
        lastSequence: instant.sequence,
        firstTime: instant.time,
        lastTime: instant.time,
        hits: 1,
      });
      this.#nextId += 1;
    }
  }

  #settle(instant: Instant): TrackerUpdate {
    for (const track of this.#live) {
      if (track.state === 'lost' && instant.time - track.lastTime > this.#options.bufferTime) track.state = 'removed';
    }
    this.#dropDuplicates();
    const reported = this.#live.filter((track) => track.confirmed);
    this.#live = this.#live.filter((track) => track.state !== 'removed');
    const list = (state: Track['state']) => reported.filter((track) => track.state === state).map(toTrack);
    return { tracked: list('tracked'), lost: list('lost'), removed: list('removed') };
  }

  /** A tracked and a lost track on the same spot are one: the one that lived longer stays. */
  #dropDuplicates(): void {
    const tracked = this.#live.filter((track) => track.state === 'tracked');
    const lost = this.#live.filter((track) => track.state === 'lost');
    for (const a of tracked) {
      for (const b of lost) {
        if (1 - measureIou(a.filter.box, b.filter.box) >= this.#options.duplicateCost) continue;
        const loser = a.lastTime - a.firstTime > b.lastTime - b.firstTime ? b : a;
        loser.state = 'removed';
      }
    }
  }
}

function takeMatches(
  tracks: readonly Live[],
  detections: readonly Detection[],
  costs: CostMatrix,
  limit: number,
  take: (track: Live, detection: Detection) => void,
): [Live[], Detection[]] {
  const openTracks = new Set(tracks);
  const openDetections = new Set(detections);
  for (const [row, column] of assign(costs, limit)) {
    take(tracks[row], detections[column]);
    openTracks.delete(tracks[row]);
    openDetections.delete(detections[column]);
  }
  return [[...openTracks], [...openDetections]];
}

function noteHit(track: Live, detection: Detection, instant: Instant, confirmHits: number): void {
  track.detection = detection;
  track.lastSequence = instant.sequence;
  track.lastTime = instant.time;
  track.hits += 1;
  track.state = 'tracked';
  track.confirmed ||= track.hits >= confirmHits;
}

function toTrack(live: Live): Track {
  const { id, state, detection, firstSequence, lastSequence, hits } = live;
  return { id, state, box: live.filter.box, detection, firstSequence, lastSequence, hits };
}
