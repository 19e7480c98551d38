import { z } from 'zod';

/** A camera as JSON without its secrets; `src/camera/page-camera.ts` says what it must be. */
const settings = z.record(z.string(), z.unknown());

/** Base64 of what the key file has sealed. */
const sealed = z.string().nullable();

/** What an edge is told of a camera that was added on the page. The highest revision counts. */
export const pageCameraSchema = z.strictObject({
  id: z.string().min(1).max(64),
  /** The site whose edge runs it. */
  site: z.string().min(1).max(64),
  state: z.enum(['running', 'paused', 'removed']),
  revision: z.number().int().positive(),
  settings,
  secrets: sealed,
});

export type PageCamera = Readonly<z.infer<typeof pageCameraSchema>>;

/** Asks the edge of a site to look at a camera for some seconds. */
export const trialAskSchema = z.strictObject({
  trial: z.uuid(),
  site: z.string().min(1).max(64),
  settings,
  secrets: sealed,
});

export type TrialAsk = Readonly<z.infer<typeof trialAskSchema>>;

/** What was seen of a camera in a few seconds. */
export const trialSchema = z.strictObject({
  seconds: z.number().nonnegative(),
  pictures: z.number().int().nonnegative(),
  /** Size of its pictures, 0 without any. */
  width: z.number().int().nonnegative(),
  height: z.number().int().nonnegative(),
  plates: z.number().int().nonnegative(),
  /** Median height of the characters that were read, pixels. */
  char_height_px: z.number().nullable(),
  legibility: z
    .enum(['unreadable', 'unsure', 'good'])
    .nullable()
    .describe('What that height is good for; null where no plate passed'),
  problem: z.string().nullable().describe('Why there is no picture'),
});

export type Trial = Readonly<z.infer<typeof trialSchema>>;

/** What came of one of them. */
export const trialAnswerSchema = trialSchema.extend({ trial: z.uuid() });

/** On its way to an edge and back; the answer with the picture that shows most as JPEG, empty where there is none. */
export type TrialMessage =
  | Readonly<{ kind: 'ask'; ask: TrialAsk }>
  | Readonly<{ kind: 'answer'; answer: z.infer<typeof trialAnswerSchema>; jpeg: Uint8Array }>;
