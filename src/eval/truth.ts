import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { AlprError } from '../base/errors.ts';
import { VIDEOS } from '../camera/video-file.ts';
import type { Box, Quad } from '../vision/box.ts';
import type { DetectionClass } from '../vision/detection.ts';
import { mapQuad } from '../vision/geometry.ts';
import { normalizeTruth } from './normalize-truth.ts';
import { type LabelRow, type PlateRow, readTruthRows, type VehicleRow } from './truth-rows.ts';

/** What is known of one plate of a picture; `text` only where it is certain. */
export type TruePlate = Readonly<{ text?: string; box?: Box; corners?: Quad; region?: string; lines?: number }>;

/** A labelled vehicle; without a class where the label does not say which. */
export type TrueVehicle = Readonly<{ box: Box; class?: DetectionClass }>;

/** One file with its truth. A `crop` shows a plate and little else and is read, a `scene` is searched, a `clip` is a video. */
export type TrueFile = Readonly<{
  /** As the label names it. */
  name: string;
  path: string;
  kind: 'crop' | 'scene' | 'clip';
  plates: readonly TruePlate[];
  /** Whether `plates` says of a scene which plates it has. */
  hasPlateLabels: boolean;
  vehicles: readonly TrueVehicle[];
}>;

export type TruthFilter = Readonly<{
  /** Every picture is a crop of one plate. */
  crops?: boolean | undefined;
  split?: string | undefined;
  limit?: number | undefined;
  /** Only files whose name begins with this. */
  only?: string | undefined;
  /** Only texts whose md5, as a number, modulo 100 is below this: the share that training holds out. */
  heldOut?: number | undefined;
  /** Only scenes with exactly one plate, whose text is known. */
  single?: boolean | undefined;
  /** Folder of crops with `source`: their texts are those of this folder's pictures. */
  texts?: string | undefined;
  /** Characters the reader knows: others are left out of the truth. */
  alphabet?: string | undefined;
  /** Shares of width and height by which labelled boxes are too large on each side. */
  looseBox?: readonly [number, number] | undefined;
}>;

/** The files of a folder with their truth, from `labels.jsonl` or `truth.csv`; INPUT_INVALID when the filter leaves none. */
export async function readTruth(folder: string, filter: TruthFilter): Promise<readonly TrueFile[]> {
  const texts = filter.texts === undefined ? undefined : await readTextsBySource(filter.texts, filter);
  const rows = await readTruthRows(folder);
  const files = rows
    .filter((row) => row.certain !== false && (filter.split === undefined || row.split === filter.split))
    .filter((row) => row.file.startsWith(filter.only ?? ''))
    .map((row) => toFile(row, folder, filter))
    .map((file) => takeTexts(file, texts, folder))
    .map((file) => (filter.heldOut === undefined ? file : forgetTrained(file, filter.heldOut)))
    .filter(({ plates }) => filter.heldOut === undefined || plates.some(({ text }) => text !== undefined))
    .filter(({ plates }) => !filter.single || (plates.length === 1 && plates[0]?.text !== undefined));
  if (files.length > 0) return files.slice(0, filter.limit);
  const why = rows.length === 0 ? 'its truth has no rows' : 'the options leave none of its rows';
  throw new AlprError('INPUT_INVALID', `There is nothing to measure in ${folder}: ${why}`);
}

function toFile(row: LabelRow, folder: string, filter: TruthFilter): TrueFile {
  const clip = VIDEOS.has(extname(row.file).toLowerCase());
  const crop = !clip && (filter.crops || (row.plates === undefined && row.vehicles === undefined));
  const plates = row.plates ?? (crop || clip ? [row] : []);
  return {
    name: row.file,
    path: join(folder, row.file),
    kind: clip ? 'clip' : crop ? 'crop' : 'scene',
    plates: plates.map((plate) => toPlate(typeof plate === 'string' ? { text: plate } : plate, row, filter)),
    hasPlateLabels: row.plates !== undefined,
    vehicles: (row.vehicles ?? []).filter(({ cls }) => cls !== 'person').map(toVehicle),
  };
}

function toPlate(plate: PlateRow, row: LabelRow, { alphabet, looseBox }: TruthFilter): TruePlate {
  const text = plate.certain === false ? '' : normalizeTruth(plate.text ?? '', alphabet);
  const region = plate.region || row.region;
  const [cutX, cutY] = looseBox ?? [0, 0];
  const [x0, y0, x1, y1] = plate.box ?? [0, 0, 0, 0];
  const [dx, dy] = [cutX * (x1 - x0), cutY * (y1 - y0)];
  return {
    ...(text ? { text } : {}),
    ...(plate.box ? { box: { x0: x0 + dx, y0: y0 + dy, x1: x1 - dx, y1: y1 - dy } } : {}),
    ...(plate.corners ? { corners: mapQuad(plate.corners, ([x, y]) => ({ x, y })) } : {}),
    ...(region ? { region } : {}),
    ...(plate.lines ? { lines: plate.lines } : {}),
  };
}

const VEHICLES: Readonly<Record<string, DetectionClass>> = {
  car: 'car',
  truck: 'truck',
  bus: 'bus',
  motorcycle: 'motorcycle',
  motorbike: 'motorcycle',
};

function toVehicle({ box: [x0, y0, x1, y1], cls, label }: VehicleRow): TrueVehicle {
  const name = VEHICLES[cls ?? label ?? ''];
  return { box: { x0, y0, x1, y1 }, ...(name ? { class: name } : {}) };
}

type SourcedText = Readonly<{ text?: string; region?: string; lines?: number }>;

async function readTextsBySource(folder: string, filter: TruthFilter): Promise<Map<string, SourcedText[]>> {
  const bySource = new Map<string, SourcedText[]>();
  for (const row of await readTruthRows(folder)) {
    if (row.source === undefined) continue;
    const { text, region, lines } = toPlate(row, row, filter);
    const plate = { ...(text ? { text } : {}), ...(region ? { region } : {}), ...(lines ? { lines } : {}) };
    bySource.set(row.source, [...(bySource.get(row.source) ?? []), plate]);
  }
  return bySource;
}

/** A text belongs to a scene's plate only where the scene has one plate and one text. */
function takeTexts(file: TrueFile, texts: Map<string, SourcedText[]> | undefined, folder: string): TrueFile {
  const [found, ...more] = texts?.get(`${folder.split('/').at(-1)}/${file.name}`) ?? [];
  if (found === undefined || more.length > 0 || file.plates.length !== 1) return file;
  return { ...file, plates: [{ ...file.plates[0], ...found }] };
}

/** Texts that may have been trained on are taken for unknown; where the plates are stays known. */
function forgetTrained(file: TrueFile, percent: number): TrueFile {
  const forget = ({ text, ...plate }: TruePlate) =>
    text !== undefined && isHeldOut(text, percent) ? { ...plate, text } : plate;
  return { ...file, plates: file.plates.map(forget) };
}

function isHeldOut(text: string, percent: number): boolean {
  return Number(BigInt(`0x${createHash('md5').update(text).digest('hex')}`) % 100n) < percent;
}
