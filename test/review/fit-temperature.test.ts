import { expect, test } from 'vitest';
import { createRandom } from '../../src/base/random.ts';
import { calibrateCameras } from '../../src/review/calibrate-cameras.ts';
import { fitTemperature } from '../../src/review/fit-temperature.ts';
import type { ReviewedRead } from '../../src/store/reviewed-reads.ts';

/** Decisions on reads whose confidence is wrong by a temperature: as often right as the log-odds divided by it say. */
function decide(camera: string, count: number, temperature: number, seed = 3): readonly ReviewedRead[] {
  const { next } = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    // As the queue offers them: mostly in doubt.
    const logit = 6 * next() - 1;
    const right = next() < 1 / (1 + Math.exp(-logit / temperature));
    const id = `${index}-${(index * 7) % 16}`;
    return { id, site: 'home', camera, at: new Date(index), confidence: 1 / (1 + Math.exp(-logit)), right };
  });
}

const inForce = () => ({ temperature: 1, since: undefined });

test.each([0.6, 0.8, 1, 1.5, 2.5])('the true temperature %d is found from many decisions', (temperature) => {
  const fits = [1, 2, 3, 4, 5].map((seed) => fitTemperature(decide('gate', 2000, temperature, seed)));
  const mean = fits.reduce((sum, fit) => sum + fit, 0) / fits.length;
  expect(Math.abs(mean / temperature - 1)).toBeLessThan(0.08);
});

test('few decisions change little, and no number of them leaves the bounds', () => {
  expect(fitTemperature([])).toBe(1);
  expect(fitTemperature([{ confidence: 0.9, right: false }])).toBe(1.14);
  const alike = (right: boolean) => Array.from({ length: 5000 }, () => ({ confidence: 0.9, right }));
  expect([fitTemperature(alike(false)), fitTemperature(alike(true))]).toEqual([3, 0.5]);
});

test('each camera has its own, as reads that were left out agree', () => {
  const reads = [...decide('plain', 1000, 1), ...decide('vain', 1000, 2), ...decide('seldom', 49, 2)];
  const [plain, vain, seldom] = calibrateCameras(reads, inForce);
  expect(vain).toMatchObject({ camera: 'vain', site: 'home', reads: 1000, temperature: 1, isBetter: true });
  expect(Math.abs((vain?.fitted ?? 0) - 2)).toBeLessThan(0.3);
  expect(vain?.before.ece).toBeGreaterThan(0.08);
  expect(vain?.after.ece).toBeLessThan(0.05);
  expect(Math.abs((plain?.fitted ?? 0) - 1)).toBeLessThan(0.1);
  expect(seldom).toMatchObject({ reads: 49, isBetter: false });
});

test('what is in force already is taken further, from the reads since then', () => {
  const [old, since] = [decide('gate', 500, 2), decide('gate', 500, 1.25)];
  const later = since.map((one) => ({ ...one, at: new Date(one.at.getTime() + 10_000) }));
  const [found] = calibrateCameras([...old, ...later], () => ({ temperature: 1.6, since: new Date(10_000) }));
  expect(found).toMatchObject({ reads: 500, temperature: 1.6 });
  expect(Math.abs((found?.fitted ?? 0) - 2)).toBeLessThan(0.3);
});
