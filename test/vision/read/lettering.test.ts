import { describe, expect, it } from 'vitest';
import { isLettering } from '../../../src/vision/read/lettering.ts';
import type { Reading } from '../../../src/vision/read/reading.ts';

const reading: Reading = {
  text: 'LLLL',
  confidence: 0.8,
  chars: [],
  candidates: [],
  readable: 0.4,
  matchesFormat: false,
};

describe('isLettering', () => {
  it.each([
    ['LLLL', true],
    ['LLLI', false],
    ['4444', false],
  ])('asks more of one letter, repeated, than of other texts: %s', (text, isDropped) => {
    expect(isLettering({ ...reading, text, readable: 0.8 }, 0.5)).toBe(isDropped);
    expect(isLettering({ ...reading, text, readable: 0.95 }, 0.5)).toBe(false);
  });

  it('takes what fits no numbering and is hardly legible for lettering', () => {
    expect(isLettering(reading, 0.5)).toBe(true);
  });

  it.each([
    ['fits a numbering', { matchesFormat: true }],
    ['is legible', { text: 'LLAL', readable: 0.6 }],
    ['comes from a reader that does not judge legibility', { readable: undefined }],
  ])('keeps what %s', (_, change) => {
    expect(isLettering({ ...reading, ...change } as Reading, 0.5)).toBe(false);
  });
});
