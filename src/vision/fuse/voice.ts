import type { ConfidenceCurve } from '../read/confidence-curve.ts';
import type { RegionKnowledge } from '../regions/region-answer.ts';
import type { BestLook, Sighting } from './sighting.ts';

/** The reader that made a reading, as far as the fusion must know it: readers may change while a vehicle goes by. */
export type Voice = Readonly<{
  /** Name of its model. */
  model?: string | undefined;
  /** What calibrates the confidence of a passage that it read. */
  curve?: ConfidenceCurve | undefined;
  /** How plates are numbered, where that orders its readings. */
  regions?: RegionKnowledge | undefined;
}>;

type Heard = Readonly<{ weight: number; voice?: Voice | undefined }>;

/**
 * Of the readers that looked at one passage, the one whose looks weigh most; of two alike the later. The looks of the others take part
 * in the fusion, but it is calibrated as this one's, and the passage names this one.
 */
export function findVoice(looks: readonly Heard[]): Voice | undefined {
  const weights = new Map<string | undefined, number>();
  let best: Voice | undefined;
  for (const { voice, weight } of looks) if (voice) weights.set(voice.model, (weights.get(voice.model) ?? 0) + weight);
  for (const { voice } of looks) {
    if (voice && (!best || (weights.get(voice.model) ?? 0) >= (weights.get(best.model) ?? 0))) best = voice;
  }
  return best;
}

/** The networks that a passage names: those of its best look, but the reader that said most. */
export function nameModels({ models }: BestLook, voice: Voice | undefined): Pick<Sighting, 'models'> {
  return models ? { models: { ...models, reader: voice?.model ?? models.reader } } : {};
}
