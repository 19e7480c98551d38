import { z } from 'zod';
import { channelFieldsSchema } from '../channel.ts';
import { SECRET_FIELDS } from '../channel-secrets.ts';
import { idSchema } from '../rule.ts';
import { cameraField } from './fields.ts';

const moment = z.iso.datetime({ precision: 3 });

/** A channel as it is shown: without its secrets, of which only the names are told. */
export const keptChannelSchema = z.strictObject({
  channel: channelFieldsSchema,
  secrets: z.array(z.string()).readonly().describe('Names of the secrets that are kept; none is ever shown'),
  origin: z.enum(['page', 'file']).describe('Channels of the file are changed there alone'),
  changed_by: z.string(),
  at: moment,
  waiting: z.int().min(0).describe('Messages that wait to be sent'),
  dead: z.int().min(0).describe('Messages of the last day that were given up'),
  sent: z.int().min(0).describe('Messages of the last day that were sent'),
  last_sent_at: moment.nullable(),
  trouble: z.string().nullable().describe('Why the newest of those that wait was not taken'),
});

export type KeptChannel = Readonly<z.infer<typeof keptChannelSchema>>;

export const keptChannelsSchema = z.strictObject({ channels: z.array(keptChannelSchema).readonly() });

export const channelParamsSchema = z.strictObject({ channel: idSchema });

/** Secrets that a channel is to have no more: their names, with commas between. */
export const writeChannelQuerySchema = z.strictObject({
  remove: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum([...SECRET_FIELDS])))
    .optional()
    .describe('Names of stored secrets to remove, separated by commas'),
});

/** What a channel is tried with: a read that there is, or one that is made up. */
export const trialSchema = z.strictObject({ event: z.uuid().toLowerCase().nullable().default(null) });

/** A message that was handed to a channel; the log of deliveries has what came of it. */
export const queuedSchema = z.strictObject({ delivery: z.string() });

/** How many dead messages go off again. */
export const replayedSchema = z.strictObject({ replayed: z.int().min(0) });

/** Which gate is opened by hand, by which channel, and why. */
export const openGateSchema = z.strictObject({
  camera: cameraField,
  channel: idSchema,
  event: z.uuid().toLowerCase().nullable().default(null).describe('The passage that it is opened for'),
  reason: z.string().trim().max(200).default(''),
});

/** A channel that a gate may be opened by. */
export const gateChannelsSchema = z.strictObject({
  channels: z.array(z.strictObject({ id: idSchema, name: z.string() })).readonly(),
});

/** A browser that wants to be told of alerts, as its push service gives it. */
export const pushSubscriptionSchema = z.strictObject({
  endpoint: z.url({ protocol: /^https$/ }).max(2000),
  keys: z.strictObject({
    p256dh: z.string().regex(/^[A-Za-z0-9_-]{80,100}$/),
    auth: z.string().regex(/^[A-Za-z0-9_-]{20,30}$/),
  }),
});

export const pushEndpointSchema = z.strictObject({ endpoint: z.url().max(2000) });

/** The key that a browser asks its push service with. */
export const pushKeySchema = z.strictObject({ key: z.string() });

/** Which message a status is about. */
export const statusQuerySchema = z.strictObject({ key: z.string().min(1).max(200) });

/** A status as Twilio posts it. */
export const statusFormSchema = z.record(z.string(), z.string());
