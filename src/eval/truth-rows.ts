import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { AlprError, messageOf } from '../base/errors.ts';

const pair = z.tuple([z.number(), z.number()]);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const plateRow = z.looseObject({
  text: z.string().nullish(),
  box: box.nullish(),
  corners: z.tuple([pair, pair, pair, pair]).nullish(),
  region: z.string().nullish(),
  lines: z.int().min(1).nullish(),
  certain: z.boolean().nullish(),
});

const vehicleRow = z.looseObject({ box, cls: z.string().optional(), label: z.string().optional() });

const labelRow = z.looseObject({
  ...plateRow.shape,
  file: z.string().min(1),
  split: z.string().optional(),
  /** Plates of a picture; of a video the texts that go by. */
  plates: z.array(z.union([plateRow, z.string().min(1)])).optional(),
  vehicles: z.array(vehicleRow).optional(),
  /** Of a crop: the picture it was cut from, relative to the folder above. */
  source: z.string().optional(),
});

export type PlateRow = z.infer<typeof plateRow>;
export type VehicleRow = z.infer<typeof vehicleRow>;
export type LabelRow = z.infer<typeof labelRow>;

/** Rows of `labels.jsonl` or `truth.csv` (`file,text` and optionally `x0,y0,x1,y1`) of a folder; NOT_FOUND without either. */
export async function readTruthRows(folder: string): Promise<readonly LabelRow[]> {
  const labels = await readIfThere(join(folder, 'labels.jsonl'));
  if (labels !== undefined) return parseLabels(labels, join(folder, 'labels.jsonl'));
  const table = await readIfThere(join(folder, 'truth.csv'));
  if (table !== undefined) return parseTable(table, join(folder, 'truth.csv'));
  throw new AlprError(
    'NOT_FOUND',
    `Expected ${folder} to hold labels.jsonl or truth.csv; see docs/guide/evaluation.md`,
  );
}

function parseLabels(text: string, path: string): LabelRow[] {
  const lines = text.split('\n').map((line, at) => ({ line, at: at + 1 }));
  return lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => {
      const result = labelRow.safeParse(parseJson(line));
      if (result.success) return result.data;
      const issue = result.error.issues[0];
      const why = `${issue?.path.join('.') || 'the row'}: ${issue?.message}`;
      throw new AlprError('INPUT_INVALID', `Line ${at} of ${path} is not a label: ${why}`);
    });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Line = Readonly<{ cells: Readonly<Record<string, string>>; number: number }>;

function parseTable(text: string, path: string): LabelRow[] {
  const rows = new Map<string, LabelRow & { plates: PlateRow[] }>();
  for (const { cells, number } of readLines(text, path)) {
    const take = (name: string) => cells[name] ?? '';
    const file = take('file');
    if (file === '') throw new AlprError('INPUT_INVALID', `Line ${number} of ${path} names no file`);
    const row = rows.get(file) ?? { file, plates: [] };
    row.plates.push({ text: take('text'), ...takeBox(['x0', 'y0', 'x1', 'y1'].map(take), `${path}:${number}`) });
    rows.set(file, row);
  }
  return [...rows.values()];
}

function readLines(text: string, path: string): readonly Line[] {
  const needHeader = (names: string[]) => {
    if (names.includes('file') && names.includes('text')) return names;
    const found = `found "${names.join(',')}"`;
    throw new AlprError('INPUT_INVALID', `Expected the first line of ${path} to name file,text, ${found}`);
  };
  try {
    return parse<Line, Line['cells']>(text, {
      bom: true,
      columns: needHeader,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (cells, { lines }) => ({ cells, number: lines }),
    });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new AlprError('INPUT_INVALID', `${path} is not a table of comma-separated values: ${cause.message}`, {
      cause,
    });
  }
}

function takeBox(cells: readonly string[], place: string): Pick<PlateRow, 'box'> {
  if (cells.every((cell) => cell === '')) return {};
  const result = box.safeParse(cells.map((cell) => (cell === '' ? Number.NaN : Number(cell))));
  if (result.success) return { box: result.data };
  throw new AlprError('INPUT_INVALID', `Expected four numbers x0,y0,x1,y1 at ${place}, found "${cells.join(',')}"`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new AlprError('INPUT_INVALID', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
