import type { ConfidenceCurve } from '../read/confidence-curve.ts';
import type { RegionKnowledge } from '../regions/region-answer.ts';
import { FUSION_DEFAULTS, type FusionOptions } from './fusion.ts';
import { GATE_DEFAULTS, type GateOptions } from './gate.ts';
import { PASSAGE_DEFAULTS, type PassageOptions } from './passage.ts';
import { TRACKER_DEFAULTS, type TrackerOptions } from './tracker.ts';

/** Everything a camera’s pipeline can be told; what is left out keeps its default. */
export type PipelineOptions = Readonly<{
  gate?: GateOptions;
  tracker?: TrackerOptions;
  fusion?: FusionOptions;
  passage?: PassageOptions;
  /** What calibrates the confidence of a passage; that of its reader when left out. */
  curve?: ConfidenceCurve | undefined;
  /** How plates are numbered, which orders the candidates of a passage; as its reader has it when left out. */
  regions?: RegionKnowledge | undefined;
}>;

/** The same with any field left out. */
export type PartialPipelineOptions = Readonly<{
  [K in keyof Omit<PipelineOptions, 'curve' | 'regions'>]?: Partial<NonNullable<PipelineOptions[K]>>;
}> &
  Pick<PipelineOptions, 'curve' | 'regions'>;

/** Fills in the defaults of each part. */
export function completeOptions(options: PartialPipelineOptions): Required<PipelineOptions> {
  return {
    gate: { ...GATE_DEFAULTS, ...options.gate },
    tracker: { ...TRACKER_DEFAULTS, ...options.tracker },
    fusion: { ...FUSION_DEFAULTS, ...options.fusion },
    passage: { ...PASSAGE_DEFAULTS, ...options.passage },
    curve: options.curve,
    regions: options.regions,
  };
}
