import { describe, expect, it } from 'vitest';
import { takeRegions, takeWitnesses } from '../../../src/vision/read/take-regions.ts';

const model = { name: 'alpr-read', regions: ['br', 'fr', 'us-ca'] };
const tensor = (dims: readonly number[], data: readonly number[]) =>
  ({ type: 'float32', dims, data: Float32Array.from(data) }) as const;

describe('takeRegions', () => {
  it('names what each plate showed by the codes of the manifest, without what is next to nothing', () => {
    const taken = takeRegions({ regions: tensor([2, 3], [0.75, 0.25, 0, 0.5, 0, 0.5]) }, model, 2);
    expect(taken).toEqual([
      {
        regions: [
          { code: 'br', score: 0.75 },
          { code: 'fr', score: 0.25 },
        ],
      },
      {
        regions: [
          { code: 'br', score: 0.5 },
          { code: 'us-ca', score: 0.5 },
        ],
      },
    ]);
  });

  it('takes nothing from a model without the head or without codes for it', () => {
    expect(takeRegions({}, model, 1)).toBeUndefined();
    expect(takeRegions({ regions: tensor([1, 3], [1, 0, 0]) }, { name: 'other' }, 1)).toBeUndefined();
  });

  it('refuses a head of another size than the manifest says', () => {
    expect(() => takeRegions({ regions: tensor([1, 2], [1, 0]) }, model, 1)).toThrow(/'regions'.*\[1, 3\].*\[1, 2\]/);
  });
});

describe('takeWitnesses', () => {
  it('takes one probability for each plate and output, where the model gives it', () => {
    const answer = { legibility: tensor([2, 1], [0.5, 0.25]), whole: tensor([2, 1], [1, 0]) };
    expect(takeWitnesses(answer, model, 2)).toEqual([
      { readable: 0.5, whole: 1 },
      { readable: 0.25, whole: 0 },
    ]);
    expect(takeWitnesses({}, model, 2)).toEqual([{}, {}]);
  });

  it('refuses an output that speaks of another number of plates', () => {
    expect(() => takeWitnesses({ unread: tensor([1, 1], [0]) }, model, 2)).toThrow(/'unread'.*\[2, 1\].*\[1, 1\]/);
  });
});
