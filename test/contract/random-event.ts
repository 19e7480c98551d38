import fc from 'fast-check';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { normalizePlate } from '../../src/contract/plate-text.ts';

const MAX = 2 ** 31;
const LETTERS = [...'AB01Zz-_/é京', '\u0001', '"', '\\', '\n', '\u2028', '😀'];
const text = (maxLength: number, minLength = 0) =>
  fc
    .array(fc.constantFrom(...LETTERS), { minLength, maxLength, size: 'xsmall' })
    .map((letters) => letters.join('').slice(0, maxLength).toWellFormed());
const parts = (min: number, max: number, of: number) =>
  fc.integer({ min: min * of, max: max * of }).map((one) => one / of);
const share = parts(0, 1, 100_000);
const pixels = parts(-1_000_000, 1_000_000, 10);
const cost = parts(0, 100_000, 100);
const count = fc.integer({ min: 0, max: MAX });
const time = fc
  .integer({ min: Date.parse('0000-01-01T00:00:00.000Z'), max: Date.parse('9999-12-31T23:59:59.999Z') })
  .map((ms) => new Date(ms).toISOString());
const nullable = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
const char = { c: text(1), p: share };
const keyName = fc
  .array(fc.constantFrom(...'az09-_'), { minLength: 1, maxLength: 40, size: 'xsmall' })
  .map((letters) => letters.join(''));
const picture = fc.record({
  key: fc.oneof(
    keyName,
    keyName.map((name) => `home/gate/2026/03/01/${name}.jpg`),
  ),
  sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  w: fc.integer({ min: 1, max: MAX }),
  h: fc.integer({ min: 1, max: MAX }),
});

const plate = fc.record({
  text_raw: text(24),
  text_normalized: text(24).map((one) => normalizePlate(one).slice(0, 24)),
  confidence: share,
  chars: fc.array(fc.record({ ...char, alt: fc.array(fc.record(char), { maxLength: 8, size: 'xsmall' }) }), {
    maxLength: 24,
    size: 'xsmall',
  }),
  candidates: fc.array(fc.record({ text: text(24), p: share }), { maxLength: 10, size: 'xsmall' }),
  region: nullable(text(16)),
  region_confidence: nullable(share),
  matches_format: nullable(fc.boolean()),
  complete: nullable(fc.boolean()),
  unread_characters: nullable(fc.boolean()),
  lines: fc.integer({ min: 1, max: 3 }),
  bbox: fc.tuple(pixels, pixels, pixels, pixels),
  quad: fc.array(fc.tuple(pixels, pixels), { minLength: 4, maxLength: 4 }),
  char_height_px: parts(0, 10_000, 10),
  sharpness: share,
  detector_model: text(200),
  ocr_model: text(200),
});

/** Any event that the contract allows, with as many decimals as the wire keeps. */
export const randomEvent: fc.Arbitrary<PlateEvent> = fc.record({
  schema_version: fc.constant(1 as const),
  event_id: fc.uuid({ version: 7 }),
  revision: fc.integer({ min: 1, max: MAX }),
  status: fc.constantFrom('provisional' as const, 'final' as const, 'corrected' as const, 'retracted' as const),
  detected_at: time,
  site_id: text(64, 1),
  camera_id: text(64, 1),
  camera_name: text(200),
  source: fc.constantFrom('edge' as const, 'import' as const),
  time: fc.record({ first_seen: time, best: time, last_seen: time, published: time }),
  track_id: text(64),
  frames_read: count,
  reads_agreeing: count,
  frames_rejected: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,31}$/), count, {
    maxKeys: 5,
    noNullPrototype: true,
  }),
  plate,
  vehicle: fc.record({ detected: fc.boolean(), type: nullable(text(200)), confidence: nullable(share) }),
  motion: fc.record({
    direction_deg: nullable(parts(0, 360, 10)),
    stationary: fc.boolean(),
    dwell_ms: fc.integer({ min: 0, max: 1e12 }),
    path: fc.array(fc.record({ t: count, x: pixels, y: pixels, w: pixels, h: pixels }), {
      maxLength: 32,
      size: 'xsmall',
    }),
    crossings: nullable(
      fc.array(fc.record({ line: text(64, 1), direction: text(64, 1), at: time }), { maxLength: 32, size: 'xsmall' }),
    ),
    zones: nullable(
      fc.array(fc.record({ zone: text(64, 1), dwell_ms: fc.integer({ min: 0, max: 1e12 }) }), {
        maxLength: 32,
        size: 'xsmall',
      }),
    ),
  }),
  images: nullable(fc.record({ plate: picture, vehicle: picture, frame: picture })),
  processing: fc.record({
    detect_ms: cost,
    read_ms: cost,
    provider: text(200),
    version: text(200),
    shadow: nullable(fc.record({ model: text(200), text: text(24), confidence: share })),
  }),
  review: nullable(
    fc.record({
      by: text(200),
      by_id: nullable(text(64)),
      at: time,
      action: nullable(fc.constantFrom('confirm' as const, 'correct' as const, 'reject' as const, 'merge' as const)),
      text: nullable(text(24)),
      into: nullable(fc.uuid({ version: 7 })),
      of: nullable(fc.integer({ min: 1, max: MAX })),
      reason: text(2000),
    }),
  ),
});
