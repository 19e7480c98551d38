import { z } from 'zod';

/** Edges of earlier versions do not tell it. */
const siteField = z.string().max(64).optional();

/** The moment of a live picture, its size, and what is drawn over it. */
export const liveMetaSchema = z.strictObject({
  camera_id: z.string(),
  site_id: siteField,
  at: z.iso.datetime({ precision: 3 }),
  /** Size of the JPEG in pixels; boxes are in the same pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  tracks: z.array(
    z.strictObject({
      id: z.number().int(),
      quad: z.array(z.tuple([z.number(), z.number()])).length(4),
      text: z.string(),
      confidence: z.number(),
    }),
  ),
});

export type LiveMeta = Readonly<z.infer<typeof liveMetaSchema>>;

/** Whose pictures somebody looks at. Sent again while somebody does. */
export const liveWatchSchema = z.strictObject({
  cameras: z.union([z.literal('all'), z.array(z.string()).max(1000)]),
  /** For how long the pictures are wanted from now on, milliseconds. */
  for_ms: z.int().min(1).max(60_000),
});

export type LiveWatch = Readonly<z.infer<typeof liveWatchSchema>>;

/** State of one camera as its edge reports it. */
export const cameraStatusSchema = z.strictObject({
  camera_id: z.string(),
  site_id: siteField,
  name: z.string(),
  kind: z.string(),
  state: z.enum(['connecting', 'running', 'retrying', 'ended', 'failed']),
  /** One sentence for people: why it is not running, what will happen next. */
  message: z.string(),
  since: z.iso.datetime({ precision: 3 }),
  width: z.number().int().nonnegative(),
  height: z.number().int().nonnegative(),
  frames_in: z.number().int().nonnegative(),
  frames_processed: z.number().int().nonnegative(),
  frames_dropped: z.record(z.string(), z.number().int().nonnegative()),
  fps_in: z.number().nonnegative(),
  fps_processed: z.number().nonnegative(),
  /** Passages that ended with a read, and those that ended without one. */
  passages: z.number().int().nonnegative(),
  passages_lost: z.number().int().nonnegative().default(0),
  /** Median height of read characters in pixels, null before the first read. */
  char_height_px: z.number().nullable(),
  detector_provider: z.string(),
  /** Names of the directions of its lines, and of its zones: what events of this camera can be searched by. */
  directions: z.array(z.string()).optional(),
  zones: z.array(z.string()).optional(),
  /** The camera was removed: nothing more is heard of it. */
  gone: z.boolean().optional(),
});

export type CameraStatus = Readonly<z.infer<typeof cameraStatusSchema>>;

/** What an edge shows live viewers: a picture as JPEG with its boxes, or the state of a camera. Nothing of it is stored. */
export type LiveMessage =
  | Readonly<{ kind: 'picture'; meta: LiveMeta; jpeg: Uint8Array }>
  | Readonly<{ kind: 'camera'; status: CameraStatus }>;
