import { describe, expect, it } from 'vitest';
import { READER_DEFAULTS } from '../../../src/vision/options/reader.ts';
import { createPaddleOcrDecoder, type PaddleOcrModel } from '../../../src/vision/read/decode-paddleocr.ts';
import { type RecordedLine, RecordedSession, readCharacters, readPlate, readRecording } from './recorded.ts';

const OUTPUT = 'softmax_11.tmp_0';
const NETWORKS = ['ppocrv4', 'ppocrv6'] as const;

async function describeModel(name: string, change: Partial<PaddleOcrModel> = {}): Promise<PaddleOcrModel> {
  const dictionary = await readCharacters(name);
  return {
    name,
    decoder: 'paddleocr',
    input: {
      name: 'x',
      type: 'float32',
      layout: 'NCHW',
      channels: 'BGR',
      width: 320,
      height: 48,
      sizes: 'dynamic',
      scale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    outputs: [{ name: OUTPUT, shape: [-1, -1, dictionary.length + 2] }],
    crop: { margin_x: 0, margin_y: 0 },
    calibration: { temperature: 1 },
    dictionary,
    use_space_char: true,
    max_width: 960,
    alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    two_lines: { below_aspect: 2.6, overlap: 8 },
    ...change,
  };
}

/** What plates bear of a text. */
function plain(text: string): string {
  return text.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

function decode(session: RecordedSession, model: PaddleOcrModel) {
  return createPaddleOcrDecoder({ session, model, options: READER_DEFAULTS });
}

describe.each(NETWORKS)('createPaddleOcrDecoder with the recorded %s', (name) => {
  it('reads one-line plates as the code of its own project does, and feeds the network the same numbers', async () => {
    const model = await describeModel(name);
    const { plates } = await readRecording(name);
    for (const { file, lines } of plates.filter((plate) => plate.lines.length === 1)) {
      const session = new RecordedSession(OUTPUT, lines);
      const [reading] = await decode(session, model).read([await readPlate(file)]);
      const [line] = lines as [RecordedLine];
      expect(reading?.text).toBe(plain(line.text));
      expect(reading?.lines).toBe(1);
      const [feed] = session.fed;
      expect(feed?.dims).toEqual([1, ...line.input.shape]);
      for (const [at, value] of line.input.values.entries())
        expect(feed?.data[at * line.input.every]).toBeCloseTo(value, 4);
    }
  });

  it('gives distributions, candidates and a confidence that are probabilities', async () => {
    const model = await describeModel(name);
    const { plates } = await readRecording(name);
    for (const { file, lines } of plates.filter((plate) => plate.lines.length === 1)) {
      const [reading] = await decode(new RecordedSession(OUTPUT, lines), model).read([await readPlate(file)]);
      expect(reading?.chars.map(([best]) => best?.char).join('')).toBe(reading?.text);
      expect(reading?.candidates[0]).toEqual({ text: reading?.text, p: reading?.confidence });
      expect(reading?.candidates.reduce((sum, { p }) => sum + p, 0)).toBeLessThanOrEqual(1.0001);
      for (const char of reading?.chars ?? []) expect(char.reduce((sum, { p }) => sum + p, 0)).toBeLessThan(1.0001);
    }
  });

  it('joins the two lines of a plate where they are surer than the whole', async () => {
    const model = await describeModel(name);
    const { plates } = await readRecording(name);
    const two = plates.find(({ file }) => file === 'MXV027.png');
    const [upper, lower] = (two?.lines ?? []) as [RecordedLine, RecordedLine];
    const nothing = { ...upper, above: [] };
    const session = new RecordedSession(OUTPUT, [nothing, upper, lower]);
    const [reading] = await decode(session, model).read([await readPlate('MXV027.png')]);
    expect(reading).toMatchObject({ text: plain(upper.text) + plain(lower.text), lines: 2 });
    expect(session.fed.map(({ dims }) => dims)).toEqual([[3, 3, 48, 320]]);
  });
});

describe('createPaddleOcrDecoder', () => {
  it('cuts only plates of low aspect, and none where that is switched off', async () => {
    const model = await describeModel('ppocrv4');
    const image = await readPlate('MXV027.png');
    const quad = (width: number, height: number) =>
      [
        { x: 0, y: 0 },
        { x: width, y: 0 },
        { x: width, y: height },
        { x: 0, y: height },
      ] as const;
    const session = new RecordedSession(OUTPUT, []);
    const sizes = (change: Partial<PaddleOcrModel>, width: number) => {
      const { width: w, height } = decode(session, { ...model, ...change }).rectify(image, quad(width, 40));
      return [w, height];
    };
    expect(sizes({}, 80)).toEqual([176, 88]);
    expect(sizes({}, 120)).toEqual([144, 48]);
    expect(sizes({ two_lines: { below_aspect: 0, overlap: 8 } }, 80)).toEqual([96, 48]);
    expect(sizes({ max_width: 320 }, 400)).toEqual([320, 48]);
  });

  it('runs a network that takes one picture at a time once for each line', async () => {
    const model = await describeModel('ppocrv4', { max_batch: 1 });
    const { plates } = await readRecording('ppocrv4');
    const lines = plates.find(({ file }) => file === 'MXV027.png')?.lines ?? [];
    const [upper, lower] = lines as [RecordedLine, RecordedLine];
    const session = new RecordedSession(OUTPUT, [{ ...upper, above: [] }, upper, lower]);
    const [reading] = await decode(session, model).read([await readPlate('MXV027.png')]);
    expect(reading?.text).toBe('MXV027');
    expect(session.fed).toHaveLength(3);
  });

  it('refuses a dictionary that is not that of the network, with both counts', async () => {
    const model = await describeModel('ppocrv4', { dictionary: ['A', 'B'] });
    expect(() => decode(new RecordedSession(OUTPUT, []), model)).toThrow(
      /2 characters, the blank and the space make 4 classes, but the network gives 6625/,
    );
  });
});
