import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRegions } from '../../../src/app/open-regions.ts';
import { REGION_DEFAULTS } from '../../../src/vision/options/regions.ts';
import { rankReading } from '../../../src/vision/read/rank-reading.ts';

const FORMATS = join(import.meta.dirname, '..', '..', '..', 'plate-formats', 'plates.json');

test.each([
  ['Dubai, whose letter and digits are Latin', 'ae', 'J58061', 0],
  ['Saudi Arabia, which repeats a Latin number in Arabic', 'sa', '6127XBJ', 0],
  ['Dubai, if it does not look like one', 'ae', 'J58061', 0.9, 0.9],
  ['Abu Dhabi, where a letter that is missing would not show', 'ae', '558061', 0.9],
  ['China, whose province is a sign', 'cn', 'BZG796', 0.9],
  ['Japan', 'jp', '5301972', 0.9],
  ['Egypt, whose letters are Arabic', 'eg', '7215', 0.9],
])(
  'Of a plate of %s, with another script, the unread share is as it should be',
  async (_, code, text, unread, score = 0.99) => {
    const regions = await openRegions([FORMATS], REGION_DEFAULTS);
    if (!regions) throw new Error('expected the numbering of regions');
    const seen = {
      text,
      chars: [...text].map((char) => [{ char, p: 0.99 }]),
      confidence: 0.97,
      candidates: [{ text, p: 0.97 }],
      regions: [{ code, score }],
      unread: 0.9,
    };
    expect(rankReading(seen, regions, 8)).toMatchObject({ text, unread });
  },
);
