import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';
import { decodePicture } from '../camera/pictures.ts';
import { plainFile } from '../models/manifest-common.ts';
import type { OpenedModel } from '../models/open.ts';
import { packPictures } from '../vision/model-input.ts';
import type { Tensor } from '../vision/session.ts';

const row = z.array(z.number());
/** Of a reader: probabilities of each head, by the names of the outputs. */
const readings = z.looseObject({ inputs: z.array(plainFile).min(1).max(64) });
/** Of a detector: rows of its output for one class above a score. */
const detections = z.looseObject({
  input: plainFile,
  score_above: z.number(),
  columns: z.array(z.string()),
  detections: z.array(row),
});
const goldenSchema = z.union([detections, readings]);
type Golden = z.infer<typeof goldenSchema>;

/** Another runtime, or one of half precision, rounds differently: probabilities may be this far away, and corners so many pixels. */
const NEAR = 0.05;
const NEAR_PIXELS = 2;

/**
 * Runs a model on the golden pictures of its folder and compares the answers with those of the runtime it was exported with. Resolves
 * with how many pictures there were, 0 for a model without any; MODEL_INVALID names the first difference.
 */
export async function checkGolden(
  { manifest, session }: Pick<OpenedModel, 'manifest' | 'session'>,
  folder: string,
): Promise<number> {
  if (manifest.golden === undefined) return 0;
  const file = join(folder, manifest.golden);
  const golden = await readGolden(file);
  const names = 'inputs' in golden ? (golden.inputs as readonly string[]) : [golden.input as string];
  const pictures = await Promise.all(names.map((name) => decodePicture(join(dirname(file), name))));
  const output = await session.run({ [manifest.input.name]: packPictures(pictures, manifest.input) });
  const fault = isDetections(golden) ? compareRows(golden, Object.values(output)) : compareHeads(golden, output);
  if (fault)
    throw new AlprError(
      'MODEL_INVALID',
      `${file} and what the network answers on ${session.provider} differ: ${fault}`,
    );
  return pictures.length;
}

function isDetections(golden: Golden): golden is z.infer<typeof detections> {
  return 'detections' in golden;
}

async function readGolden(file: string): Promise<Golden> {
  try {
    return goldenSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause);
    throw new AlprError('MODEL_INVALID', `Expected golden answers in ${file}: ${why}`, { cause });
  }
}

function compareHeads(golden: Golden, output: Readonly<Record<string, Tensor>>): string | undefined {
  const heads = Object.entries(output).filter(([name]) => Array.isArray(golden[name]));
  if (heads.length === 0) return `it has none of the outputs ${Object.keys(output).join(', ')}`;
  for (const [name, { data }] of heads) {
    const expected = (golden[name] as readonly unknown[]).flat(8).map(Number);
    if (expected.length !== data.length) return `${name} has ${data.length} values in place of ${expected.length}`;
    const far = expected.findIndex((value, at) => !(Math.abs(value - (data[at] ?? Number.NaN)) <= NEAR));
    if (far >= 0) return `value ${far} of ${name} is ${data[far]} in place of ${expected[far]}`;
  }
  return undefined;
}

function compareRows(golden: z.infer<typeof detections>, [output]: readonly Tensor[]): string | undefined {
  const { columns, score_above: least, detections: expected } = golden;
  const score = columns.indexOf('score');
  const kind = columns.indexOf('class');
  const kinds = new Set(expected.map((row) => row[kind]));
  const found = splitRows(output?.data ?? [], columns.length)
    .filter((row) => (row[score] ?? 0) > least && kinds.has(row[kind]))
    .toSorted((a, b) => (b[score] ?? 0) - (a[score] ?? 0));
  if (found.length !== expected.length) return `it finds ${found.length} plates in place of ${expected.length}`;
  for (const [index, row] of expected.entries()) {
    const far = row.findIndex((value, at) => {
      const near = at === score || at === kind ? NEAR : NEAR_PIXELS;
      return !(Math.abs(value - (found[index]?.[at] ?? Number.NaN)) <= near);
    });
    if (far >= 0) return `${columns[far]} of plate ${index} is ${found[index]?.[far]} in place of ${row[far]}`;
  }
  return undefined;
}

function splitRows(data: ArrayLike<number>, width: number): number[][] {
  const values = Array.from(data);
  return Array.from({ length: Math.floor(values.length / width) }, (_, at) =>
    values.slice(at * width, (at + 1) * width),
  );
}
