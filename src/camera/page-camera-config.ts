import { z } from 'zod';
import { AlprError } from '../base/errors.ts';
import { type CameraConfig, httpSchema, rtspSchema, simulatorSchema, usbSchema } from './config.ts';

/**
 * Cameras that may be added on the page: the same as in the file, but nothing that names a file of the machine that runs it. `ffmpeg`
 * names a program, and `path` would show any picture or video there.
 */
const pageCameraSchema = z.discriminatedUnion('kind', [
  rtspSchema.omit({ ffmpeg: true }),
  httpSchema.omit({ ffmpeg: true }),
  usbSchema.omit({ ffmpeg: true }).extend({
    device: z
      .string()
      .regex(/^\/dev\/video\d{1,3}$/, 'expected a device like /dev/video0')
      .default('/dev/video0'),
  }),
  simulatorSchema,
]);

/** The camera as it is opened. INPUT_INVALID names what does not fit, and no value. */
export function parsePageCamera(given: Readonly<Record<string, unknown>>): CameraConfig {
  const result = pageCameraSchema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const told = issue?.message.replace(/^./, (first) => first.toLowerCase());
  throw new AlprError('INPUT_INVALID', `Expected a camera; at ${issue?.path.join('.') || 'the top'}: ${told}`);
}
