import { z } from 'zod';
import { cameraStatusSchema } from '../live.ts';
import { cameraField } from './fields.ts';

export const cameraParamsSchema = z.strictObject({ id: cameraField });

/** All cameras and their states. */
export const cameraListSchema = z.strictObject({ cameras: z.array(cameraStatusSchema) });

export type CameraList = Readonly<z.infer<typeof cameraListSchema>>;

/** The page adds a counter to the address of a camera's picture, so that the browser asks again. */
export const cameraPictureQuerySchema = z.strictObject({ t: z.string().max(32).optional() });
