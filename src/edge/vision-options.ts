import type {
  DetectorOptions,
  PartialPipelineOptions,
  ReaderOptions,
  RecogniseOptions,
  RegionOptions,
} from '../vision/options.ts';
import type { VisionConfig } from './vision-config.ts';

/** The configuration's thresholds by the names that the vision core gives them. */
export function toVisionOptions(config: VisionConfig): Readonly<{
  detector: Partial<DetectorOptions>;
  reader: Partial<ReaderOptions>;
  regions: RegionOptions;
  recognise: Partial<RecogniseOptions>;
  pipeline: PartialPipelineOptions;
}> {
  const { detector, reader, regions, recognise, gate, tracker, fusion, passage } = config;
  return {
    detector: toCamel(detector),
    reader: toCamel(reader),
    regions: toCamel(regions),
    recognise: toCamel(recognise),
    pipeline: {
      gate: toCamel(gate),
      tracker: toCamel(tracker),
      fusion: toCamel(fusion),
      passage: toCamel(passage),
    },
  };
}

type Camel<Key extends string> = Key extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Key;
type Camelled<T> = { [Key in keyof T as Camel<Key & string>]: Exclude<T[Key], undefined> };

/** `min_score` becomes `minScore`; what is left out stays left out. */
function toCamel<T extends Readonly<Record<string, number | boolean | Readonly<Record<string, number>> | undefined>>>(
  section: T,
): Camelled<T> {
  const entries = Object.entries(section).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]),
  ) as Camelled<T>;
}
