import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DETECTOR_DEFAULTS,
  FUSION_DEFAULTS,
  GATE_DEFAULTS,
  PASSAGE_DEFAULTS,
  PLATE_TRACKER,
  READER_DEFAULTS,
  RECOGNISE_DEFAULTS,
  REGION_DEFAULTS,
} from '../../src/vision/options.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TARGET = join(ROOT, 'src', 'edge', 'vision-config.ts');

/** The options of the vision core that a user can set: section, type in options.ts, its defaults, what the section is about. */
const SECTIONS = [
  ['detector', 'DetectorOptions', DETECTOR_DEFAULTS],
  ['reader', 'ReaderOptions', READER_DEFAULTS],
  ['regions', 'RegionOptions', REGION_DEFAULTS],
  ['recognise', 'RecogniseOptions', RECOGNISE_DEFAULTS],
  ['gate', 'GateOptions', GATE_DEFAULTS],
  ['tracker', 'TrackerOptions', PLATE_TRACKER],
  ['fusion', 'FusionOptions', FUSION_DEFAULTS],
  ['passage', 'PassageOptions', PASSAGE_DEFAULTS],
] as const;

/** Left out, these come from the model's own manifest. */
const FROM_MODEL = new Set(['tracker.highScore']);

type Field = Readonly<{ name: string; optional: boolean; type: string; docs: string }>;

/** The text of src/edge/vision-config.ts: vision is pure and knows no zod, so its options are told to zod here. */
export function generateVisionConfig(): string {
  const source = readFileSync(join(ROOT, 'src', 'vision', 'options.ts'), 'utf8');
  const sections = SECTIONS.map(([name, type, defaults]) => {
    const fields = readFields(source, type).map((field) =>
      writeField(`${name}.${field.name}`, field, defaults as Record<string, unknown>),
    );
    return `    ${name}: z\n      .strictObject({\n${fields.join('')}      })\n      .prefault({}),\n`;
  });
  return `// Made from src/vision/options.ts by tools/docs/generate-vision-config.ts; change it there and run \`npm run docs\`.
import { z } from 'zod';

/** Every threshold of detector, reader, regions, tracker, fusion and passages. */
export const visionConfigSchema = z
  .strictObject({
${sections.join('')}  })
  .prefault({});

export type VisionConfig = Readonly<z.infer<typeof visionConfigSchema>>;
`;
}

/** Fields of \`export type TYPE = Readonly<{ … }>\`: each has one doc comment, which may serve several fields in a row. */
function readFields(source: string, type: string): readonly Field[] {
  const body = new RegExp(`export type ${type} = Readonly<\\{([\\s\\S]*?)\\n\\}>`).exec(source)?.[1];
  if (body === undefined) throw new RangeError(`options.ts has no type ${type}`);
  let docs = '';
  return [...body.matchAll(/\/\*\*([\s\S]*?)\*\/|^ {2}(\w+)(\??): (\w+);/gm)].flatMap((match) => {
    if (match[1] !== undefined) docs = match[1].replaceAll(/\s*\n\s*\*\s*/g, ' ').trim();
    return match[2] === undefined
      ? []
      : [{ name: match[2], optional: match[3] === '?', type: match[4] as string, docs }];
  });
}

function writeField(path: string, field: Field, defaults: Record<string, unknown>): string {
  const share = /\(0–1\)|\(IoU, 0–1\)/.test(field.docs);
  const kinds: Record<string, string> = {
    boolean: 'z.boolean()',
    RegionWeights: 'z.record(z.string(), z.number().min(0))',
    number: share ? 'z.number().min(0).max(1)' : 'z.number().min(0)',
  };
  const kind = kinds[field.type];
  if (kind === undefined)
    throw new RangeError(`Option ${field.name} has the type ${field.type}, expected number, boolean or RegionWeights`);
  const rest =
    field.optional || FROM_MODEL.has(path) ? '.optional()' : `.default(${JSON.stringify(defaults[field.name])})`;
  return `        ${toSnake(field.name)}: ${kind}${rest}.describe(${JSON.stringify(field.docs)}),\n`;
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

if (import.meta.main) writeFileSync(TARGET, generateVisionConfig());
