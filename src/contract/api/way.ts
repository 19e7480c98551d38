import { z } from 'zod';

const timestamp = z.iso.datetime({ precision: 3 }).describe('UTC, milliseconds');

/** What can happen to an event on its way, as the times that are kept with it tell. */
export const WAY_STEPS = [
  'first_seen',
  'best',
  'last_seen',
  'pictures',
  'published',
  'stored',
  'reviewed',
  'alert_raised',
  'alert_held_back',
  'alert_corrected',
  'alert_withdrawn',
  'alert_acknowledged',
  'delivered',
  'delivery_waiting',
  'delivery_failed',
  'delivery_dropped',
] as const;

const wayStepSchema = z.strictObject({
  step: z
    .enum(WAY_STEPS)
    .describe('What happened; pictures were stored by then, published is in the spool of the edge'),
  service: z.enum(['edge', 'ingest', 'alerts', 'serve']).describe('Whose doing it was'),
  at: timestamp,
  ms: z
    .int()
    .describe(
      'How long it took after what it waited for, milliseconds; below 0 where the clocks of two machines differ',
    ),
  revision: z.int().min(1).nullable().describe('Of which revision, null where of all'),
  detail: z.string().max(300).optional().describe('Status of the revision, rule, channel or person'),
});

/** Where an event was, and when. */
export const eventWaySchema = z.strictObject({
  event_id: z.uuid(),
  site_id: z.string(),
  camera_id: z.string(),
  trace_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('Id of the trace of the passage'),
  trace_url: z.url().nullable().describe('Where that trace is shown, null unless `tracing.ui_url` is set'),
  steps: z.array(wayStepSchema).readonly().describe('In the order of their times'),
});

export type WayStep = Readonly<z.infer<typeof wayStepSchema>>;
export type EventWay = Readonly<z.infer<typeof eventWaySchema>>;
