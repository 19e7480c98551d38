import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRegions } from '../../src/app/open-regions.ts';
import { REGION_DEFAULTS } from '../../src/vision/options/regions.ts';

const FILE = join(import.meta.dirname, '..', '..', 'plate-formats', 'plates.json');

it('opens the first file of formats that is there', async () => {
  const knowledge = await openRegions(['/no/such/plates.json', FILE], { ...REGION_DEFAULTS, expected: { fr: 1 } });
  const candidates = [
    { text: 'AB123C0', p: 0.6 },
    { text: 'AB123CD', p: 0.3 },
  ];
  expect(knowledge.judge({ candidates, shown: [] })).toMatchObject({
    candidates: [{ text: 'AB123CD' }, { text: 'AB123C0' }],
    region: { code: 'fr' },
    matchesFormat: true,
  });
});

it('takes a country for its states and refuses a code without a format, naming those there are', async () => {
  await expect(openRegions([FILE], { ...REGION_DEFAULTS, expected: { us: 1, 'us-ny': 2 } })).resolves.toBeDefined();
  await expect(openRegions([FILE], { ...REGION_DEFAULTS, expected: { uk: 1 } })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/\[uk\].* gb /),
  });
});
