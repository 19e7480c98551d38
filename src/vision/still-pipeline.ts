import type { Frame } from './frame.ts';
import type { Ended } from './fuse/passage-book.ts';
import type { Sighting } from './fuse/sighting.ts';
import { CameraPipeline, type Observation, type Pipeline, type PipelineParts } from './pipeline.ts';

/** One look is all there is: what a passage must show over several frames does not apply. */
const ONE_LOOK = { minHits: 1, minAgreeing: 1, minEvidence: 0 };

/** For pictures that have nothing to do with each other: every plate of every frame is a passage of its own. */
export class StillPipeline implements Pipeline {
  readonly #parts: PipelineParts;

  constructor(parts: PipelineParts) {
    const { options } = parts;
    const gate = { ...options?.gate, enabled: false };
    this.#parts = { ...parts, options: { ...options, gate, passage: { ...options?.passage, ...ONE_LOOK } } };
  }

  async observe(frame: Frame): Promise<Observation> {
    const pipeline = new CameraPipeline(this.#parts);
    const observation = await pipeline.observe(frame);
    const { sightings, lost } = await pipeline.end();
    return {
      ...observation,
      unplated: [],
      lost: [...observation.lost, ...lost],
      sightings: sightings.map((sighting) => renumber(sighting, frame)),
    };
  }

  async end(): Promise<Ended> {
    return { sightings: [], lost: [] };
  }
}

/** Each frame's passages are counted from one: the frame's own number makes them unique. */
function renumber(sighting: Sighting, frame: Frame): Sighting {
  return { ...sighting, revision: 1, passageId: `${frame.sequence}-${sighting.passageId}` };
}
