import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../src/camera/ffmpeg-binary.ts';
import { readTruth, type TrueFile, type TruthFilter } from '../../src/eval/truth.ts';
import { HELD_OUT } from '../../tools/evaluate/sets.ts';

/** A picture of the mixed list with its truth. */
export type MixedScene = Readonly<{
  set: string;
  file: TrueFile;
  /** The shipped detector was not trained on the picture. */
  isHeldOut: boolean;
  /** The shipped reader was not trained on its texts, either. */
  isNew: boolean;
  /** One of many pictures of the same vehicles. */
  isSequence: boolean;
}>;

/** `judged`: what of the set the detector never saw; without `isMeasureOnly` only held-out texts are new to the reader. */
type Source = Readonly<{ set: string; all: TruthFilter; judged: TruthFilter; isMeasureOnly?: true }>;

const SOURCES: readonly Source[] = [
  { set: 'det-openlpr', all: { split: 'val', texts: 'ocr-world' }, judged: { split: 'val' } },
  { set: 'det-ocr-french', all: {}, judged: {}, isMeasureOnly: true },
  { set: 'det-ro-dashcam', all: { texts: 'ocr-world' }, judged: { split: 'valid' } },
];

const VIDEOS = 'videos';
const TOLL_GATE = 'misc/parkpow_tollgate_vn.mp4';
/** Eleven pictures out of a second of 18. */
const TOLL_GATE_RATE = 11;

/** Names of the sets of a mixed list, in its order. */
export const MIXED_SETS: readonly string[] = [...SOURCES.map(({ set }) => set), 'toll gate'];

/** Paths of {@link listMixedScenes}. */
export async function listMixedPictures(data: string, folder: string, each: number): Promise<readonly string[]> {
  return (await listMixedScenes(data, folder, each)).map(({ file }) => file.path);
}

/**
 * Close photographs, roadside photographs, dashcam frames and toll-gate frames, `each` of every kind, evenly spaced, and the kinds in
 * turn. Frames are cut from the video into `folder`.
 */
export async function listMixedScenes(
  data: string,
  folder: string,
  each: number,
  alphabet?: string,
): Promise<readonly MixedScene[]> {
  const kinds = [...SOURCES.map((source) => readSource(data, source, alphabet)), cutTollGate(data, folder)];
  const scenes = (await Promise.all(kinds)).map((found) => spread(found, each));
  return Array.from({ length: each }, (_, at) => scenes.flatMap((found) => found[at] ?? [])).flat();
}

async function readSource(data: string, source: Source, alphabet: string | undefined): Promise<readonly MixedScene[]> {
  const { set, judged, isMeasureOnly = false } = source;
  const read = (filter: TruthFilter) => readTruth(join(data, set), filter);
  const texts = source.all.texts === undefined ? undefined : join(data, source.all.texts);
  const all = await read({ ...source.all, texts, alphabet });
  const heldOut = new Set((await read(judged)).map(({ name }) => name));
  const ofNewText = isMeasureOnly
    ? heldOut
    : new Set((await read({ ...judged, texts, heldOut: HELD_OUT })).map(({ name }) => name));
  return all.map((file) => ({
    set,
    file,
    isHeldOut: heldOut.has(file.name),
    isNew: ofNewText.has(file.name),
    isSequence: false,
  }));
}

type Clip = Readonly<{
  file: string;
  fps: number;
  plate_frames: readonly { text: string; frames: [number, number] }[];
}>;

/** Frames of the toll gate, with the texts that can be read in them. */
async function cutTollGate(data: string, folder: string): Promise<readonly MixedScene[]> {
  const { path: ffmpeg } = await findFfmpeg();
  const video = ['-i', join(data, VIDEOS, TOLL_GATE), '-vf', `fps=${TOLL_GATE_RATE}`, '-q:v', '3'];
  await promisify(execFile)(ffmpeg, ['-loglevel', 'error', ...video, join(folder, 'toll-gate-%03d.jpg')]);
  const paths = (await Array.fromAsync(glob(join(folder, 'toll-gate-*.jpg')))).sort();
  const rows = (await readFile(join(data, VIDEOS, 'labels.jsonl'), 'utf8')).trim().split('\n');
  const clip = rows.map((row): Clip => JSON.parse(row)).find(({ file }) => file === TOLL_GATE);
  return paths.map((path, at) => {
    const shown = (at / TOLL_GATE_RATE) * (clip?.fps ?? 0);
    const plates = (clip?.plate_frames ?? []).filter(({ frames: [from, to] }) => shown >= from && shown <= to);
    const truth = { plates: plates.map(({ text }) => ({ text })), hasPlateLabels: false, vehicles: [] };
    const file: TrueFile = { name: basename(path), path, kind: 'scene', ...truth };
    return { set: 'toll gate', file, isHeldOut: true, isNew: true, isSequence: true };
  });
}

function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)] as Item);
}
