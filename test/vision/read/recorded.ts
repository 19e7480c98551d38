import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { RgbImage } from '../../../src/vision/image.ts';
import type { Session, Tensor } from '../../../src/vision/session.ts';

const FIXTURES = new URL('../../fixtures/readers/', import.meta.url);

/** What a network answered to one line of text, and what its own project read in that. */
export type RecordedLine = Readonly<{
  text: string;
  score: number;
  steps: number;
  classes: number;
  input: Readonly<{ shape: readonly number[]; every: number; values: readonly number[] }>;
  /** step, class, probability, step, class, …: those of at least one thousandth. */
  above: readonly number[];
}>;

type Recorded = Readonly<{ plates: readonly Readonly<{ file: string; lines: readonly RecordedLine[] }>[] }>;

/** A recording by test/fixtures/readers/make_paddleocr.py. */
export async function readRecording(name: string): Promise<Recorded> {
  return JSON.parse(await readFile(new URL(`${name}.json`, FIXTURES), 'utf8'));
}

/** The dictionary of a recorded network, one character a line. */
export async function readCharacters(name: string): Promise<string[]> {
  return (await readFile(new URL(`${name}.txt`, FIXTURES), 'utf8')).trimEnd().split('\n');
}

/** A recorded plate as packed RGB. */
export async function readPlate(file: string): Promise<RgbImage> {
  const { data, info } = await sharp(await readFile(new URL(file, FIXTURES)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { kind: 'rgb24', width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Plays a recorded network: it answers the lines in the order of the recording and keeps what it was fed. */
export class RecordedSession implements Session {
  readonly provider = 'recorded';
  readonly fed: Tensor[] = [];
  readonly #output: string;
  readonly #lines: RecordedLine[];

  constructor(output: string, lines: readonly RecordedLine[]) {
    this.#output = output;
    this.#lines = [...lines];
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    const [feed] = Object.values(feeds) as [Tensor];
    this.fed.push(feed);
    const lines = this.#lines.splice(0, feed.dims[0]);
    const [{ steps, classes }] = lines as [RecordedLine];
    const data = new Float32Array(lines.length * steps * classes);
    for (const [index, line] of lines.entries()) fillLine(data.subarray(index * steps * classes), line);
    return { [this.#output]: { type: 'float32', dims: [lines.length, steps, classes], data } };
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Each step sums to 1: what was left out is spread over all classes. */
function fillLine(data: Float32Array, { above, steps, classes }: RecordedLine): void {
  const left = new Float64Array(steps).fill(1);
  const triples = Array.from({ length: above.length / 3 }, (_, index) => above.slice(3 * index, 3 * index + 3));
  for (const [step = 0, , p = 0] of triples) left[step] = (left[step] ?? 0) - p;
  for (const [step, rest] of left.entries()) {
    data.fill(Math.max(0, rest) / classes, step * classes, (step + 1) * classes);
  }
  for (const [step = 0, label = 0, p = 0] of triples) {
    const at = step * classes + label;
    data[at] = (data[at] ?? 0) + p;
  }
}
