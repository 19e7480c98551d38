import { z } from 'zod';
import { DETECTOR, type DetectorOptions } from '../vision/options/detector.ts';
import { FUSION } from '../vision/options/fusion.ts';
import { GATE } from '../vision/options/gate.ts';
import type { Option, Section, ValueOf } from '../vision/options/option.ts';
import { PASSAGE } from '../vision/options/passage.ts';
import type { PartialPipelineOptions } from '../vision/options/pipeline.ts';
import { READER, type ReaderOptions } from '../vision/options/reader.ts';
import { RECOGNISE, type RecogniseOptions } from '../vision/options/recognise.ts';
import { REGIONS, type RegionOptions } from '../vision/options/regions.ts';
import { TRACKER } from '../vision/options/tracker.ts';

/** Every threshold of the vision core by the names that users write. */
export const visionConfigSchema = z
  .strictObject({
    detector: toSchema(DETECTOR).prefault({}).describe('How plates and vehicles are found in a picture.'),
    reader: toSchema(READER).prefault({}).describe('How the two heads of the reader are decoded and combined.'),
    regions: toSchema(REGIONS)
      .prefault({})
      .describe('How the number formats of countries and states re-rank what was read.'),
    recognise: toSchema(RECOGNISE)
      .prefault({})
      .describe('What the plates of a single picture must have to be reported.'),
    gate: toSchema(GATE).prefault({}).describe('Which frames are not worth the detector.'),
    tracker: toSchema(TRACKER).prefault({}).describe('How plates are followed from frame to frame.'),
    fusion: toSchema(FUSION).prefault({}).describe('How the readings of one passage are weighed and fused.'),
    passage: toSchema(PASSAGE).prefault({}).describe('How tracks become passages, and passages events.'),
  })
  .prefault({})
  .describe('Thresholds of recognition.');

export type VisionConfig = Readonly<z.infer<typeof visionConfigSchema>>;

/** The configuration’s thresholds by the names that the vision core gives them. */
export function toVisionOptions(config: VisionConfig): Readonly<{
  detector: DetectorOptions;
  reader: ReaderOptions;
  regions: RegionOptions;
  recognise: RecogniseOptions;
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

type Snake<Name> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Tail>}`
  : '';
type FieldOf<O extends Option> = O extends { default: unknown }
  ? z.ZodDefault<z.ZodType<ValueOf<O>>>
  : z.ZodOptional<z.ZodType<ValueOf<O>>>;
type ShapeOf<S extends Section> = { [K in keyof S as Snake<K>]: FieldOf<S[K]> };

/** The schema of a section: `minScore` of the code is `min_score` for users, also where a sentence refers to it. */
function toSchema<S extends Section>(section: S) {
  const entries = Object.entries(section).map(([name, option]) => [toSnake(name), toField(option)]);
  // Object.fromEntries forgets which name has which schema.
  return z.strictObject(Object.fromEntries(entries) as ShapeOf<S>);
}

function toField(option: Option): z.ZodType {
  const type = toType(option);
  const field = option.default === undefined ? type.optional() : type.default(option.default);
  return field.describe(option.text.replaceAll(/`\w+`/g, toSnake));
}

function toType(option: Option): z.ZodType {
  switch (option.type) {
    case 'share':
      return z.number().min(0).max(1).meta({ unit: 'share' });
    case 'integer':
      return z.int().min(option.min).max(option.max).meta({ unit: option.unit });
    case 'number':
      return z.number().min(option.min).max(option.max).meta({ unit: option.unit });
    case 'boolean':
      return z.boolean();
    case 'weights':
      return z.record(z.string(), z.number().min(option.min).max(option.max).meta({ unit: option.unit }));
  }
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Camel<Key extends string> = Key extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Key;
type Camelled<T> = { [Key in keyof T as Camel<Key & string>]: Exclude<T[Key], undefined> };

/** `min_score` becomes `minScore`; missing fields stay missing. */
function toCamel<T extends Readonly<Record<string, ValueOf<Option> | undefined>>>(section: T): Camelled<T> {
  const entries = Object.entries(section).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]),
  ) as Camelled<T>;
}
