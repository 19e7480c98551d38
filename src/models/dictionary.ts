import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlprError } from '../base/errors.ts';
import type { Manifest } from './manifest.ts';

type PaddleOcrManifest = Extract<Manifest, { decoder: 'paddleocr' }>;

/** A manifest whose dictionary, if it has one, was read from its file. */
export type LoadedManifest =
  | Exclude<Manifest, { decoder: 'paddleocr' }>
  | (Omit<PaddleOcrManifest, 'dictionary'> & Readonly<{ dictionary: readonly string[] }>);

/** Reads the dictionary file that model.json names; MODEL_INVALID when it is missing or empty. */
export async function loadDictionary(manifest: Manifest, folder: string): Promise<LoadedManifest> {
  if (manifest.decoder !== 'paddleocr') return manifest;
  const { dictionary } = manifest;
  if (Array.isArray(dictionary)) return { ...manifest, dictionary };
  return { ...manifest, dictionary: await readDictionary(join(folder, dictionary.file)) };
}

/**
 * The characters of a dictionary file, one on each line, in the order of the network's outputs, without blank and
 * space.
 */
export async function readDictionary(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code})`;
    const message = `The dictionary ${path} ${why}. Expected a text file with one character a line, as PaddleOCR's *_dict.txt and ppocr_keys_v1.txt are.`;
    throw new AlprError('MODEL_INVALID', message, { cause });
  });
  const characters = splitDictionary(text);
  if (characters.length === 0) throw new AlprError('MODEL_INVALID', `The dictionary ${path} is empty. Copy it again.`);
  if (text.includes('\u0000') || text.includes('\uFFFD')) {
    throw new AlprError('MODEL_INVALID', `The dictionary ${path} is not UTF-8 text. Expected one character a line.`);
  }
  return characters;
}

/** Lines end only with \n or \r\n: other Unicode separators are characters of some dictionaries. */
export function splitDictionary(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(/\r$/, ''));
}
