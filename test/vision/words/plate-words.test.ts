import { beforeAll, describe, expect, test } from 'vitest';
import { readFormats } from '../../../src/models/formats.ts';
import { toQuad } from '../../../src/vision/geometry.ts';
import type { RgbImage } from '../../../src/vision/image.ts';
import { createRegionKnowledge } from '../../../src/vision/regions/region-knowledge.ts';
import type { Session } from '../../../src/vision/session.ts';
import { cutStrips } from '../../../src/vision/words/cut-strips.ts';
import { createPlateWords, type PlateWords } from '../../../src/vision/words/plate-words.ts';
import { openSession, readModelJson, readModelPicture } from '../onnx-session.ts';

const FORMATS = new URL('../../../plate-formats/plates.json', import.meta.url).pathname;
/** A rendered plate: "North Carolina" above its number, "FIRST IN FREEDOM" below. */
const PLATE = '../test/fixtures/words/north-carolina.png';

let session: Session;
let image: RgbImage;
let words: PlateWords;
let model: Parameters<typeof createPlateWords>[0]['model'];
let runs = 0;

beforeAll(async () => {
  session = await openSession('alpr-words');
  image = await readModelPicture(PLATE);
  model = await readModelJson('alpr-words/model.json');
  const counting = {
    ...session,
    run: (feeds: Parameters<Session['run']>[0]) => {
      runs += 1;
      return session.run(feeds);
    },
  };
  words = createPlateWords({
    session: counting,
    model,
    words: createRegionKnowledge(await readFormats(FORMATS)).words,
  });
  return () => session[Symbol.asyncDispose]();
});

const corners = () => toQuad({ x0: 0, y0: 0, x1: image.width, y1: image.height });

describe('createPlateWords', () => {
  test('names the state that the plate says, against a look that prefers another', async () => {
    const shown = [
      { code: 'us-sc', score: 0.6 },
      { code: 'us-nc', score: 0.1 },
      { code: 'us-wa', score: 0.3 },
    ];
    const [best] = (await words.weigh({ image, corners: corners() }, shown)).toSorted((a, b) => b.score - a.score);
    expect(best?.code).toBe('us-nc');
    expect(best?.score).toBeGreaterThan(0.9);
  });

  test('does not run for plates that say nothing of the kind', async () => {
    const before = runs;
    const shown = [
      { code: 'de', score: 0.7 },
      { code: 'us-nc', score: 0.3 },
    ];
    expect(await words.weigh({ image, corners: corners() }, shown)).toBe(shown);
    expect(runs).toBe(before);
  });

  test('refuses a network without columns', () => {
    const given = { session, model: { ...model, outputs: [] }, words: new Map() };
    expect(() => createPlateWords(given)).toThrow(/must have the output ctc/);
  });
});

test('The strips are those that Python cut from the same plate', async () => {
  const strips = cutStrips({ image, corners: corners() }, model.strips, model.input);
  for (const [index, strip] of strips.entries()) {
    const golden = await readModelPicture(`alpr-words/golden/input_${index}.png`);
    const difference = golden.data.reduce((sum, value, at) => sum + Math.abs(value - (strip.data[at] ?? 0)), 0);
    // OpenCV places pixel centres at whole numbers, half a pixel from ours.
    expect(difference / golden.data.length).toBeLessThan(6);
  }
});
