import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/vision/read/reading.ts';
import { spellReading, writeReading } from '../../../src/vision/read/spell-reading.ts';

const reading: Reading = {
  text: 'GOLF',
  confidence: 0.7,
  chars: [
    [{ char: 'G', p: 1 }],
    [
      { char: 'O', p: 0.75 },
      { char: '0', p: 0.2 },
      { char: 'Q', p: 0.05 },
    ],
    [{ char: 'L', p: 1 }],
    [{ char: 'F', p: 1 }],
  ],
  candidates: [
    { text: 'GOLF', p: 0.7 },
    { text: 'G0LF', p: 0.2 },
    { text: 'GQLF', p: 0.05 },
  ],
};

describe('spellReading', () => {
  it('adds up what becomes one text, and keeps what was seen', () => {
    const spelled = spellReading(reading, { O: '0' });
    expect(spelled).toMatchObject({ text: 'G0LF', seen: 'GOLF' });
    expect(spelled.confidence).toBeCloseTo(0.9, 9);
    expect(spelled.candidates).toEqual([
      { text: 'G0LF', p: expect.closeTo(0.9, 9) },
      { text: 'GQLF', p: 0.05 },
    ]);
    expect(spelled.chars[1]).toEqual([
      { char: '0', p: expect.closeTo(0.95, 9) },
      { char: 'Q', p: 0.05 },
    ]);
  });

  it('leaves a text without such characters as it is', () => {
    expect(spellReading({ ...reading, text: 'GALA' }, { O: '0' })).toMatchObject({ text: 'GALA', confidence: 0.7 });
  });
});

describe('writeReading', () => {
  it('writes the first text alone otherwise, with the probabilities it had, and keeps what was seen', () => {
    const written = writeReading(reading, 'GÖLF');
    expect(written).toMatchObject({ text: 'GÖLF', seen: 'GOLF', confidence: 0.7 });
    expect(written.candidates.map(({ text }) => text)).toEqual(['GÖLF', 'G0LF', 'GQLF']);
    expect(written.chars.map((distribution) => distribution[0]?.char)).toEqual([...'GÖLF']);
  });
});
