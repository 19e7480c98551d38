import { z } from 'zod';
import { calibration } from './calibration-config.ts';
import { parseStart } from './capture-time.ts';
import { area, markings } from './markings-config.ts';

const common = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected 1 to 63 lower-case letters, digits, "_" or "-"')
    .describe('Name of the camera in events, keys and metrics. Changing it begins a new camera.'),
  name: z.string().min(1).max(200).optional().describe('Name for people; `id` is shown if left out.'),
  fps: z
    .number()
    .min(0.001)
    .max(120)
    .meta({ unit: 'pictures a second' })
    .default(10)
    .describe(
      'Pictures processed. Raising it gives more looks at fast vehicles and costs processor time in proportion.',
    ),
  ...markings,
  ...calibration,
  ignore: z
    .array(area)
    .max(32)
    .default([])
    .describe(
      'Areas in which no plate is looked at: text that the camera writes into the picture, signs, a parking place next door. Each is a list of corners, `[x, y]` in shares of the width and height from the top left.',
    ),
};

const rotate = z
  .union([z.literal('auto'), z.int().multipleOf(90).min(0).max(270).meta({ unit: 'degrees' })])
  .meta({ unit: 'degrees' })
  .default('auto')
  .describe(
    'Turn of the pictures, clockwise, a multiple of 90; `auto` turns them as the file or stream says, 0 leaves them as they are stored.',
  );

const decoded = {
  ...common,
  rotate,
  ffmpeg: z
    .string()
    .min(1)
    .optional()
    .describe('Path of ffmpeg; if left out, that of the system, or else the bundled one.'),
  small_width: z
    .int()
    .multipleOf(32)
    .min(64)
    .max(4096)
    .meta({ unit: 'pixels' })
    .default(640)
    .describe('Width of the detector’s picture, a multiple of 32. Raising it finds smaller plates and costs time.'),
  small_height: z
    .int()
    .multipleOf(32)
    .min(64)
    .max(4096)
    .meta({ unit: 'pixels' })
    .default(384)
    .describe('Height of the detector’s picture, a multiple of 32. Raising it finds smaller plates and costs time.'),
};

const decoder = {
  decoder: z
    .enum(['ffmpeg', 'gstreamer', 'auto'])
    .default('ffmpeg')
    .describe(
      'What decodes the pictures: `ffmpeg`, `gstreamer`, which on a Jetson decodes in hardware, or `auto`: GStreamer on a Jetson, ffmpeg elsewhere.',
    ),
};

const reconnecting = {
  ...decoded,
  stall_timeout_ms: z
    .int()
    .min(500)
    .max(600_000)
    .meta({ unit: 'milliseconds' })
    .default(10_000)
    .describe(
      'Time without a picture after which the stream is opened again; the first picture has twice that. Raise it for slow cameras.',
    ),
  restart: z
    .strictObject({
      first_ms: z
        .int()
        .min(10)
        .max(86_400_000)
        .meta({ unit: 'milliseconds' })
        .default(1_000)
        .describe('Pause before the first attempt to open the stream again. Raising it spares the network.'),
      max_ms: z
        .int()
        .min(10)
        .max(86_400_000)
        .meta({ unit: 'milliseconds' })
        .default(30_000)
        .describe('Longest pause between two attempts. Raising it notices later that the camera is back.'),
      factor: z
        .number()
        .min(1)
        .max(10)
        .meta({ unit: 'times' })
        .default(2)
        .describe('Growth of the pause with each failed attempt. Raising it reaches `max_ms` sooner.'),
    })
    .prefault({})
    .describe('Pauses between attempts to open a stream again.'),
};

const credentials = {
  username: z.string().min(1).optional().describe('User name at the camera.'),
  password: z.string().optional().describe('Password at the camera; never shown, and best given by the environment.'),
};

const replayed = {
  start: z
    .union([
      z.literal('now'),
      z.string().refine((text) => parseStart(text) !== undefined, 'expected a time such as 2026-11-29T10:15:30+01:00'),
    ])
    .optional()
    .describe(
      'When the first picture was taken, such as 2026-11-29T10:15:30+01:00 (without a zone: that of this machine), or `now`. If left out, EXIF, the container or the name of the file says it; `realtime` and `loop` mean `now`.',
    ),
  loop: z.boolean().default(false).describe('Whether the camera begins again at the end, or ends.'),
  realtime: z
    .boolean()
    .default(false)
    .describe(
      'Whether to play at the speed of a camera and drop what comes too late; otherwise every picture waits to be processed.',
    ),
};

export const rtspSchema = z.strictObject({
  kind: z.literal('rtsp').describe('A network camera by RTSP over TCP.'),
  url: z
    .string()
    .regex(/^rtsps?:\/\/[^\s]+$/, 'expected rtsp://host:port/path')
    .describe('Address of the stream.'),
  ...credentials,
  ...decoder,
  ...reconnecting,
});

export const httpSchema = z.strictObject({
  kind: z.literal('http').describe('A stream by HTTP: motion JPEG or HLS.'),
  url: z
    .string()
    .regex(/^https?:\/\/[^\s]+$/, 'expected http://host:port/path')
    .describe('Address of the stream.'),
  ...credentials,
  ...reconnecting,
});

export const usbSchema = z.strictObject({
  kind: z.literal('usb').describe('A camera connected to this machine, by Video4Linux.'),
  device: z
    .string()
    .regex(/^\/dev\//, 'expected a device like /dev/video0')
    .default('/dev/video0')
    .describe('Device file of the camera.'),
  size: z
    .string()
    .regex(/^\d+x\d+$/, 'expected WIDTHxHEIGHT')
    .optional()
    .describe('Picture size to ask the camera for, for example 1280x720.'),
  ...decoder,
  ...reconnecting,
});

const fileSchema = z.strictObject({
  kind: z.literal('file').describe('A video file.'),
  path: z.string().min(1).describe('Path of the video file.'),
  ...replayed,
  ...decoder,
  ...decoded,
});

const picturesSchema = z.strictObject({
  kind: z
    .literal('pictures')
    .describe('A picture, a folder of pictures or a list of them, as if taken one after another.'),
  path: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('A picture, a folder (its pictures in order of their names) or a list of pictures.'),
  sequence: z
    .boolean()
    .default(false)
    .describe('Whether the pictures are successive views of one road; otherwise each stands for itself.'),
  rotate,
  ...replayed,
  ...common,
});

export const simulatorSchema = z.strictObject({
  kind: z.literal('simulator').describe('Rendered traffic with known plates, to try the system without a camera.'),
  ...common,
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .default(1)
    .describe('Seed of the traffic; the same seed gives the same vehicles and plates.'),
  passages_per_minute: z
    .number()
    .min(0.001)
    .max(600)
    .meta({ unit: 'vehicles a minute' })
    .default(20)
    .describe('Vehicles in all lanes together, as far as the lanes have room.'),
  passages: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .meta({ unit: 'vehicles' })
    .optional()
    .describe('Vehicles after which the camera ends; traffic never ends if left out.'),
  lanes: z
    .int()
    .min(1)
    .max(3)
    .meta({ unit: 'lanes' })
    .default(2)
    .describe('Lanes of the road. Raising it makes the plates smaller in the picture.'),
  night: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .describe('Always night (true), always day (false), or both in turn within four minutes (`auto`).'),
  width: z
    .int()
    .min(320)
    .max(3840)
    .meta({ unit: 'pixels' })
    .default(1280)
    .describe('Width of the pictures, an even number.'),
  height: z
    .int()
    .min(180)
    .max(2160)
    .meta({ unit: 'pixels' })
    .default(720)
    .describe('Height of the pictures, an even number.'),
  realtime: z
    .boolean()
    .default(true)
    .describe(
      'Whether to play at the speed of a camera; otherwise pictures are rendered as fast as they are processed, with times that depend on `seed` alone.',
    ),
  confusable: z
    .boolean()
    .default(true)
    .describe('Whether plates use characters that look alike, such as 0 and O or 8 and B.'),
});

/** One camera of the configuration; its `kind` decides about the other fields. */
export const cameraConfigSchema = z.discriminatedUnion('kind', [
  rtspSchema,
  httpSchema,
  usbSchema,
  fileSchema,
  picturesSchema,
  simulatorSchema,
]);

export type CameraConfig = Readonly<z.infer<typeof cameraConfigSchema>>;
export type RtspConfig = Readonly<z.infer<typeof rtspSchema>>;
export type HttpConfig = Readonly<z.infer<typeof httpSchema>>;
export type UsbConfig = Readonly<z.infer<typeof usbSchema>>;
export type FileConfig = Readonly<z.infer<typeof fileSchema>>;
export type PicturesConfig = Readonly<z.infer<typeof picturesSchema>>;
/** How pictures are turned before anything is looked for in them. */
export type Rotation = Readonly<z.infer<typeof rotate>>;
export type SimulatorConfig = Readonly<z.infer<typeof simulatorSchema>>;

/** All cameras of this machine; without any, a simulator shows what the system does. */
export const camerasConfigSchema = z
  .array(cameraConfigSchema)
  .superRefine((cameras, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of cameras.entries()) {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'expected an id that no other camera has' });
      seen.add(id);
    }
  })
  .prefault([{ kind: 'simulator', id: 'simulator', name: 'Simulated road' }])
  .describe('All cameras of this machine.');
