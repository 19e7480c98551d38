import { z } from 'zod';

const probability = z.number().min(0).max(1).describe('0–1; five decimals on the wire');
const timestamp = z.iso.datetime({ precision: 3 }).describe('UTC, milliseconds');
const pixels = z.number().describe('Pixels; one decimal on the wire');

/** Why looks were not used; names, because they become keys. */
const reason = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected a name of small letters, digits and underscores');

/** A line, a direction or a zone, in the words of whoever drew it. */
const placeName = z.string().min(1).max(64);

const charAlternative = z.strictObject({ c: z.string().max(1), p: probability });

export const plateSchema = z.strictObject({
  text_raw: z.string().max(24).describe('What the machine read; never overwritten'),
  text_normalized: z.string().max(24).describe('Upper case letters and digits only; what is searched'),
  confidence: probability.describe('Calibrated probability that the whole text is right'),
  chars: z
    .array(z.strictObject({ c: z.string().max(1), p: probability, alt: z.array(charAlternative).max(8) }))
    .max(24)
    .describe('Per character: the chosen one, its probability, and the alternatives'),
  candidates: z.array(z.strictObject({ text: z.string().max(24), p: probability })).max(10),
  region: z.string().max(16).nullable(),
  region_confidence: probability.nullable(),
  matches_format: z
    .boolean()
    .nullish()
    .describe('Whether the text fits a pattern of numbers of its region; null or absent where that was not asked'),
  complete: z
    .boolean()
    .nullish()
    .describe('Whether the text comes from looks at a whole plate; null or absent where that was not asked'),
  unread_characters: z
    .boolean()
    .nullish()
    .describe('Whether the plate has characters that the reader cannot read; null or absent if it cannot tell'),
  lines: z.number().int().min(1).max(3),
  bbox: z.tuple([pixels, pixels, pixels, pixels]).describe('x, y, w, h in pixels of the frame picture'),
  quad: z
    .array(z.tuple([pixels, pixels]))
    .length(4)
    .describe('Corners: TL, TR, BR, BL'),
  char_height_px: z.number().nonnegative(),
  sharpness: probability,
  detector_model: z.string().describe('name@first 12 hex digits of sha256'),
  ocr_model: z.string(),
});

const picture = z.strictObject({
  key: z.string().describe('Key in the image store'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  w: z.number().int().positive(),
  h: z.number().int().positive(),
});

/** A Sighting made public: the one event of one passage. Revisions of one event share its id. */
export const plateEventSchema = z.strictObject({
  schema_version: z.literal(1),
  event_id: z.uuidv7(),
  revision: z.number().int().min(1),
  status: z.enum(['provisional', 'final', 'corrected', 'retracted']),
  detected_at: timestamp.describe('First frame of the track; the same in every revision'),
  site_id: z.string().min(1).max(64),
  camera_id: z.string().min(1).max(64),
  camera_name: z.string().max(200),
  source: z.enum(['edge', 'import']),
  time: z.strictObject({ first_seen: timestamp, best: timestamp, last_seen: timestamp, published: timestamp }),
  track_id: z.string().max(64),
  frames_read: z.number().int().nonnegative(),
  reads_agreeing: z.number().int().nonnegative(),
  frames_rejected: z.record(reason, z.number().int().nonnegative()),
  plate: plateSchema,
  vehicle: z.strictObject({ detected: z.boolean(), type: z.string().nullable(), confidence: probability.nullable() }),
  motion: z.strictObject({
    direction_deg: z.number().nullable().describe('Direction of travel in the picture: 0 right, 90 down'),
    stationary: z.boolean(),
    dwell_ms: z.number().int().nonnegative(),
    path: z.array(z.strictObject({ t: z.number(), x: pixels, y: pixels, w: pixels, h: pixels })).max(32),
    crossings: z
      .array(z.strictObject({ line: placeName, direction: placeName, at: timestamp }))
      .max(32)
      .nullish()
      .describe(
        'Lines of the camera that it crossed, first to last, and in which direction; null or absent where the camera has none',
      ),
    zones: z
      .array(z.strictObject({ zone: placeName, dwell_ms: z.number().int().nonnegative() }))
      .max(32)
      .nullish()
      .describe('Zones of the camera that it was in, and for how long; null or absent where the camera has none'),
  }),
  images: z
    .strictObject({ plate: picture, vehicle: picture, frame: picture })
    .nullable()
    .describe('Cut from the frame that the text came from'),
  processing: z.strictObject({
    detect_ms: z.number().nonnegative(),
    read_ms: z.number().nonnegative(),
    provider: z.string().describe('The execution provider really used'),
    version: z.string(),
    shadow: z
      .strictObject({
        model: z.string().describe('name@first 12 hex digits of sha256'),
        text: z.string().max(24).describe('Normalised; empty where it read nothing'),
        confidence: probability,
      })
      .nullish()
      .describe(
        'What a challenger read of the very looks that the reader read; null or absent where it did not read all',
      ),
  }),
  review: z
    .strictObject({
      by: z.string().describe('Name of the person'),
      by_id: z.string().max(64).nullish(),
      at: timestamp,
      action: z.enum(['confirm', 'correct', 'reject', 'merge']).nullish(),
      text: z.string().nullable().describe('The corrected text'),
      into: z.uuidv7().nullish().describe('The event that this one was merged into'),
      of: z.number().int().min(1).nullish().describe('The revision that the person saw'),
      reason: z.string(),
    })
    .nullable()
    .describe('A person’s decision; text_raw stays what the machine read'),
});

/**
 * Revisions that people make are numbered from here on, so that the highest revision stays the truth everywhere, whatever an
 * edge, which hears of no correction, sends after it.
 */
export const FIRST_REVIEW = 1_000_000;

export type PlateEvent = Readonly<z.infer<typeof plateEventSchema>>;
export type Picture = Readonly<z.infer<typeof picture>>;
