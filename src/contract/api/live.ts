import { z } from 'zod';
import { alertSchema } from '../alert.ts';
import { cameraStatusSchema, liveMetaSchema } from '../live.ts';
import { plateEventSchema } from '../plate-event.ts';

/** What a live stream tells of. */
export const LIVE_NAMES = ['plate', 'boxes', 'camera', 'alert'] as const;

export type LiveName = (typeof LIVE_NAMES)[number];

/** Which events a viewer wants, and where it goes on. */
export const liveQuerySchema = z.strictObject({
  events: z
    .string()
    .max(64)
    .regex(
      /^(plate|boxes|camera|alert)(,(plate|boxes|camera|alert))*$/,
      'expected plate, boxes, camera and alert, with commas between',
    )
    .default('plate,boxes,camera,alert')
    .describe('`plate,camera` leaves out the boxes, which come with each live picture'),
  last_event_id: z.string().max(128).optional().describe('For programs that cannot send the header `Last-Event-ID`'),
});

/** One event of the stream, its fields as JSON; `data` is one line. */
export const liveEventSchema = z.discriminatedUnion('event', [
  z.strictObject({
    event: z.literal('plate'),
    id: z.string().describe('Sent back as `Last-Event-ID`, the stream goes on after this event'),
    data: plateEventSchema,
  }),
  z.strictObject({
    event: z.literal('gap'),
    data: z
      .strictObject({
        since: z.iso.datetime({ precision: 3 }).nullable().describe('Null where the id that was sent is unknown'),
        until: z.iso.datetime({ precision: 3 }),
      })
      .describe(
        'The server does not know exactly what came after `Last-Event-ID`: fetch what was stored between these times from `/events/recent`',
      ),
  }),
  z.strictObject({ event: z.literal('boxes'), data: liveMetaSchema }),
  z.strictObject({ event: z.literal('camera'), data: cameraStatusSchema }),
  z.strictObject({ event: z.literal('alert'), data: alertSchema }).describe('An alert, or a new revision of one'),
]);
