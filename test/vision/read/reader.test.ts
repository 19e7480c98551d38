import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/vision/read/reader.ts';
import type { Session } from '../../../src/vision/session.ts';
import { openSession, readModelJson, readModelPicture } from '../onnx-session.ts';

/** Golden plates are rectified already: each fills its picture. */
const corners = [
  { x: 0, y: 0 },
  { x: 128, y: 0 },
  { x: 128, y: 64 },
  { x: 0, y: 64 },
] as const;

let session: Session;
beforeAll(async () => {
  session = await openSession('alpr-read');
});
afterAll(() => session[Symbol.asyncDispose]());

describe('createReader', () => {
  it('reads the golden plates as the reference decoder did, in one batch', async () => {
    const golden = await readModelJson('alpr-read/golden/output.json');
    const model = await readModelJson('alpr-read/model.json');
    const plates = await Promise.all(golden.inputs.map((name: string) => readModelPicture(`alpr-read/golden/${name}`)));
    const readings = await createReader({ session, model }).read(
      plates.map((plate) => ({ image: plate, corners, plate })),
    );
    expect(readings.map((reading) => reading.text)).toEqual(golden.texts);
    for (const { chars, text, confidence, candidates } of readings) {
      expect(chars).toHaveLength(text.length);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(candidates[0]?.text).toBe(text);
      for (const char of chars) expect(char.reduce((sum, { p }) => sum + p, 0)).toBeLessThanOrEqual(1.0001);
    }
  });

  it('lets words weigh the regions of each look, but not of those whose words are known', async () => {
    const model = await readModelJson('alpr-read/model.json');
    const plate = await readModelPicture('alpr-read/golden/input_0.png');
    const said = [{ code: 'us-nc', score: 1 }];
    const look = { image: plate, corners, plate };
    const readings = await createReader({ session, model, words: { weigh: async () => said } }).read([
      look,
      { ...look, wordsKnown: true },
    ]);
    expect(readings[0]?.regions).toEqual(said);
    expect(readings[1]?.regions?.length).toBeGreaterThan(1);
  });

  it('gives nothing for nothing and refuses another decoder', async () => {
    const model = await readModelJson('alpr-read/model.json');
    expect(await createReader({ session, model }).read([])).toEqual([]);
    expect(() => createReader({ session, model: { ...model, decoder: 'ppocr' } })).toThrow(/alpr-read/);
  });
});
