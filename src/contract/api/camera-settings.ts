import { z } from 'zod';
import { cameraStatusSchema } from '../live.ts';
import { trialSchema } from '../page-camera.ts';
import { cameraField, valueField } from './fields.ts';

const settings = z
  .record(z.string().max(64), z.unknown())
  .describe('The camera as an entry of `cameras` in the configuration file: `id`, `kind`, `url`, `lines` …');

const site = valueField.optional().describe('Site whose edge runs the camera; the only one that there is, if left out');

/** A camera to be added, changed or tried. */
export const cameraWishSchema = z.strictObject({
  site,
  settings: settings.describe(
    'The camera as an entry of `cameras` in the configuration file, of the kinds rtsp, http, usb and simulator. `username` and `password` that are left out stay as they are, null removes them.',
  ),
});

export type CameraWish = Readonly<z.infer<typeof cameraWishSchema>>;

const managedSchema = z.strictObject({
  id: cameraField,
  site: z.string().nullable(),
  origin: z.enum(['file', 'page']).describe('A camera of the configuration file can be changed there alone'),
  paused: z.boolean(),
  settings: settings.nullable().describe('Without its secrets; null for a camera of the file'),
  has_secrets: z
    .boolean()
    .describe('Whether a user name, a password or the query of its address is kept, and not shown'),
  yaml: z.string().nullable().describe('For the configuration file, without secrets'),
  changed_at: z.string().nullable(),
  status: cameraStatusSchema.nullable().describe('As its edge reports it; null where none has yet'),
});

/** One camera of the file or the page. */
export type ManagedCamera = Readonly<z.infer<typeof managedSchema>>;

export const managedListSchema = z.strictObject({
  cameras: z.array(managedSchema).readonly(),
  sites: z.array(z.string()).readonly().describe('Sites that cameras can be added to, as far as they are known'),
});

export type ManagedList = Readonly<z.infer<typeof managedListSchema>>;

/** What was seen of a camera that was tried. */
export const triedSchema = trialSchema.extend({
  picture: z.string().nullable().describe('JPEG in base64; null without a picture'),
});

export type TriedCamera = Readonly<z.infer<typeof triedSchema>>;
