import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AlprError } from '../base/errors.ts';
import type { Box, Quad } from '../vision/box.ts';

/** What is known of one plate of a picture. */
export type TruePlate = Readonly<{ text?: string; box?: Box; corners?: Quad }>;

/** One picture with its truth. `crop` pictures show a plate and little else: they are read, not searched. */
export type TruePicture = Readonly<{ file: string; plates: readonly TruePlate[]; crop: boolean }>;

export type TruthFilter = Readonly<{
  /** Every picture is a crop of one plate. */
  crops?: boolean | undefined;
  split?: string | undefined;
  limit?: number | undefined;
  /** Only texts whose md5, as a number, modulo 100 is below this: the share that training holds out. */
  heldOut?: number | undefined;
}>;

const pair = z.tuple([z.number(), z.number()]);
const boxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const cornersSchema = z.tuple([pair, pair, pair, pair]);
const plateRow = z.looseObject({
  text: z.string().nullish(),
  box: boxSchema.nullish(),
  corners: cornersSchema.nullish(),
});
const labelRow = z.looseObject({
  file: z.string(),
  split: z.string().optional(),
  certain: z.boolean().optional(),
  plates: z.array(plateRow).optional(),
  ...plateRow.shape,
});

type LabelRow = z.infer<typeof labelRow>;

/** Reads `labels.jsonl` or `truth.csv` (`file,text` and optionally `x0,y0,x1,y1`) of a folder; NOT_FOUND without either. */
export async function readTruth(folder: string, filter: TruthFilter): Promise<readonly TruePicture[]> {
  const labels = await readIfThere(join(folder, 'labels.jsonl'));
  const table = labels === undefined ? await readIfThere(join(folder, 'truth.csv')) : undefined;
  if (labels === undefined && table === undefined) {
    throw new AlprError('NOT_FOUND', `Expected ${folder} to hold labels.jsonl or truth.csv; see docs/evaluation.md`);
  }
  const rows = labels === undefined ? parseTable(table as string, folder) : parseLabels(labels, folder);
  return rows
    .filter((row) => row.certain !== false && (filter.split === undefined || row.split === filter.split))
    .map((row) => toPicture(row, folder, filter.crops ?? false))
    .filter((picture) => filter.heldOut === undefined || isHeldOut(picture, filter.heldOut))
    .slice(0, filter.limit);
}

function parseLabels(text: string, folder: string): LabelRow[] {
  return text
    .split('\n')
    .map((line, at) => ({ line, at: at + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => {
      const result = labelRow.safeParse(parseJson(line));
      if (result.success) return result.data;
      const issue = result.error.issues[0];
      const why = `${issue?.path.join('.') || 'the row'}: ${issue?.message}`;
      throw new AlprError('INPUT_INVALID', `Line ${at} of ${join(folder, 'labels.jsonl')} is not a label: ${why}`);
    });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function parseTable(text: string, folder: string): LabelRow[] {
  const [header = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const names = header.split(',').map((name) => name.trim());
  if (!names.includes('file') || !names.includes('text')) {
    throw new AlprError('INPUT_INVALID', `Expected the first line of ${join(folder, 'truth.csv')} to name file,text`);
  }
  const rows = new Map<string, LabelRow>();
  for (const line of lines) {
    const cells = line.split(',').map((cell) => cell.trim());
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const box = ['x0', 'y0', 'x1', 'y1'].map((name) => Number.parseFloat(cell(name)));
    const plate = box.every(Number.isFinite)
      ? { text: cell('text'), box: boxSchema.parse(box) }
      : { text: cell('text') };
    const row = rows.get(cell('file')) ?? { file: cell('file'), plates: [] };
    row.plates?.push(plate);
    rows.set(row.file, row);
  }
  return [...rows.values()];
}

function toPicture(row: LabelRow, folder: string, crop: boolean): TruePicture {
  const plates = (row.plates ?? [row]).map(toPlate);
  return { file: join(folder, row.file), plates, crop: crop || row.plates === undefined };
}

function toPlate(row: z.infer<typeof plateRow>): TruePlate {
  const [x0, y0, x1, y1] = row.box ?? [];
  const hasBox = x0 !== undefined && y0 !== undefined && x1 !== undefined && y1 !== undefined;
  return {
    ...(row.text ? { text: row.text } : {}),
    ...(hasBox ? { box: { x0, y0, x1, y1 } } : {}),
    ...(row.corners ? { corners: row.corners.map(([x, y]) => ({ x, y })) as unknown as Quad } : {}),
  };
}

function isHeldOut(picture: TruePicture, percent: number): boolean {
  return picture.plates.some(({ text }) => {
    if (!text) return false;
    const digest = createHash('md5').update(text).digest('hex');
    return Number(BigInt(`0x${digest}`) % 100n) < percent;
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AlprError('INPUT_INVALID', `${path} cannot be read`, { cause: error });
  }
}
