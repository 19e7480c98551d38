import { z } from 'zod';
import { plateSchema } from '../plate-event.ts';
import { cameraField, momentField, pictureSchema } from './fields.ts';

/** A picture and what becomes of it: as a form with one file, or as JSON. `image` or `url`. */
export const readBodySchema = z.strictObject({
  image: pictureSchema
    .optional()
    .describe('The picture: the one file of a form, whatever the name of its field, or base64 in JSON'),
  url: z.url().max(2048).optional().describe('Where the picture is; it is fetched once, without following redirects'),
  event: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
    .default(false)
    .describe('Whether each plate becomes an event with pictures, as if a camera had read it; needs events:write'),
  camera: cameraField.optional().describe('With `event`: the camera that took the picture, which the caller may see'),
  taken_at: momentField.optional().describe('With `event`: when the picture was taken; now unless said'),
});

const pixels = z.number().describe('Pixels of the picture');
const boxSchema = z.tuple([pixels, pixels, pixels, pixels]).describe('x, y, w, h');

/** One plate of a picture, in the words of an event. */
const plateReadSchema = plateSchema.omit({ detector_model: true, ocr_model: true }).extend({
  detection_score: z.number().min(0).max(1).describe('How sure the detector is that it is a plate'),
  vehicle: z
    .strictObject({ type: z.string(), confidence: z.number().min(0).max(1), bbox: boxSchema })
    .nullable()
    .describe('The vehicle around the plate, where one was found'),
  event_id: z.uuidv7().nullable().describe('The event that was made of it'),
});

/** What was read of one picture, the surest plate first. */
export const readAnswerSchema = z.strictObject({
  width: z.int().describe('Pixels of the picture, turned as a person sees it'),
  height: z.int(),
  plates: z.array(plateReadSchema).readonly(),
  plates_left_out: z.int().describe('Plates that were found but not read, because there were too many'),
  stored: z
    .boolean()
    .nullable()
    .describe('Whether the events can be searched; false with status 202: they are on the bus. null without events'),
  models: z.strictObject({ detector: z.string(), reader: z.string(), provider: z.string() }),
  took_ms: z.number().describe('Decoding and reading'),
  waited_ms: z.number().describe('Time in the queue'),
});

export type PlateRead = Readonly<z.infer<typeof plateReadSchema>>;
export type ReadAnswer = Readonly<z.infer<typeof readAnswerSchema>>;
