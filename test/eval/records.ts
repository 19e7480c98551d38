import type { TextRecord } from '../../src/eval/records.ts';

/** A record of one text with what a test does not speak of filled in. */
export function makeRecord(truth: string, text: string, more: Partial<TextRecord> = {}): TextRecord {
  return {
    name: `${truth}.jpg`,
    path: `${truth}.jpg`,
    truth,
    text,
    confidence: 0.5,
    candidates: [],
    chars: [],
    region: '',
    lines: 1,
    charHeight: 12,
    ...more,
  };
}
