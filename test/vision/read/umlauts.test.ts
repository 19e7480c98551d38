import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegions } from '../../../src/app/open-regions.ts';
import { normalizePlate } from '../../../src/contract/plate-text.ts';
import { countContradictions } from '../../../src/vision/fuse/contradiction.ts';
import { REGION_DEFAULTS } from '../../../src/vision/options/regions.ts';
import { createReader } from '../../../src/vision/read/reader.ts';
import { RecordedSession, readPlate } from './recorded.ts';

const FORMATS = join(import.meta.dirname, '..', '..', '..', 'plate-formats', 'plates.json');
const PLAIN = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const CHARACTERS = [...PLAIN, 'ä', 'Ö', 'ü'];

/** A network of one line whose steps say each character of a text at 0.97, with a blank between them. */
function speak(text: string): RecordedSession {
  const steps = [...text].flatMap((char, index) => [2 * index, 1 + CHARACTERS.indexOf(char), 0.97]);
  const blanks = [...text].flatMap((_, index) => [2 * index + 1, 0, 0.99]);
  const input = { shape: [], every: 1, values: [] };
  const sizes = { steps: 2 * text.length, classes: CHARACTERS.length + 1 };
  return new RecordedSession('out', [{ text, score: 1, input, ...sizes, above: [...steps, ...blanks] }]);
}

test.each([
  ['after the letters', `${PLAIN}ÄÖÜ`, 'DÜWAB12'],
  ['before the letters', `ÄÖÜ${PLAIN}`, 'DÜWAB12'],
  ['not at all', PLAIN, 'DÜWAB12'],
])('DÜW-AB 12 of a foreign network whose alphabet has umlauts %s is a German plate', async (_, alphabet, text) => {
  const regions = await openRegions([FORMATS], { ...REGION_DEFAULTS, expected: { de: 1 }, elsewhere: 0.05 });
  const session = speak('DüWAB12');
  const input = { name: 'x', type: 'float32', layout: 'NCHW', channels: 'BGR', width: 320, height: 48 } as const;
  const model = {
    name: 'foreign',
    decoder: 'paddleocr',
    input: { ...input, sizes: 'dynamic', scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    outputs: [{ name: 'out', shape: [-1, -1, CHARACTERS.length + 1] }],
    crop: { margin_x: 0, margin_y: 0 },
    calibration: { temperature: 1 },
    dictionary: CHARACTERS,
    use_space_char: false,
    max_width: 960,
    two_lines: { below_aspect: 0, overlap: 8 },
    alphabet,
  } as const;
  const reader = createReader({ session, model, regions });
  const image = await readPlate('MXV027.png');
  const [one, two] = [
    { x: 0, y: 0 },
    { x: 120, y: 0 },
  ];
  const corners = [one, two, { x: 120, y: 30 }, { x: 0, y: 30 }] as const;
  const [reading] = await reader.read([{ image, corners }]);
  expect(reading).toMatchObject({ text, matchesFormat: true });
  expect(reading?.region?.code).toBe('de');
  expect(normalizePlate(reading?.text ?? '')).toBe(text);
});

test('Looks that differ in the dots of an umlaut are looks at one plate', () => {
  expect(countContradictions('DÜWAB12', 'DUWAB12')).toBe(0);
  expect(countContradictions('GÖAB12', 'G0AB12')).toBe(0);
});
