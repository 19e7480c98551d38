import { z } from 'zod';

const common = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'expected 1 to 63 lower-case letters, digits, "_" or "-"')
    .describe('Name of the camera in events, keys and metrics; changing it begins a new camera'),
  name: z.string().min(1).max(200).optional().describe('Name for people; without it the id is shown'),
  fps: z
    .number()
    .positive()
    .max(120)
    .default(10)
    .describe(
      'Pictures processed each second; more give more looks at quick vehicles and cost processor time in proportion',
    ),
};

const decoded = {
  ...common,
  ffmpeg: z
    .string()
    .min(1)
    .optional()
    .describe('Path of ffmpeg; without it the one of the system is used, else the bundled one'),
  small_width: z
    .int()
    .multipleOf(32)
    .min(64)
    .max(4096)
    .default(640)
    .describe(
      "Width of the detector's picture in pixels, a multiple of 32; larger finds smaller plates and costs time",
    ),
  small_height: z
    .int()
    .multipleOf(32)
    .min(64)
    .max(4096)
    .default(384)
    .describe("Height of the detector's picture in pixels, a multiple of 32"),
};

const reconnecting = {
  ...decoded,
  stall_timeout_ms: z
    .int()
    .min(500)
    .max(600_000)
    .default(10_000)
    .describe(
      'Milliseconds without a picture after which the stream is opened again, twice that for the first; raise it for slow cameras',
    ),
  restart: z
    .strictObject({
      first_ms: z
        .int()
        .min(10)
        .default(1_000)
        .describe('Milliseconds before the first attempt to open the stream again'),
      max_ms: z.int().min(10).default(30_000).describe('Longest pause between two attempts, milliseconds'),
      factor: z.number().min(1).max(10).default(2).describe('By how much the pause grows with each failed attempt'),
    })
    .prefault({})
    .describe(
      'Pauses between attempts to open a stream again; longer ones spare the network and find the camera later',
    ),
};

const credentials = {
  username: z.string().min(1).optional().describe('User name at the camera'),
  password: z.string().optional().describe('Password at the camera; never shown and best given by the environment'),
};

const replayed = {
  loop: z.boolean().default(false).describe('Begin again at the end instead of ending the camera'),
  realtime: z
    .boolean()
    .default(false)
    .describe(
      'Play at the speed of a camera and drop what comes too late; otherwise every picture waits to be processed',
    ),
};

const rtspSchema = z.strictObject({
  kind: z.literal('rtsp').describe('A network camera by RTSP over TCP'),
  url: z
    .string()
    .regex(/^rtsps?:\/\/[^\s]+$/, 'expected rtsp://host:port/path')
    .describe('Address of the stream'),
  ...credentials,
  ...reconnecting,
});

const httpSchema = z.strictObject({
  kind: z.literal('http').describe('A stream by HTTP: motion JPEG or HLS'),
  url: z
    .string()
    .regex(/^https?:\/\/[^\s]+$/, 'expected http://host:port/path')
    .describe('Address of the stream'),
  ...credentials,
  ...reconnecting,
});

const usbSchema = z.strictObject({
  kind: z.literal('usb').describe('A camera at this machine, by Video4Linux'),
  device: z
    .string()
    .regex(/^\/dev\//, 'expected a device like /dev/video0')
    .default('/dev/video0')
    .describe('Device file of the camera'),
  size: z
    .string()
    .regex(/^\d+x\d+$/, 'expected WIDTHxHEIGHT')
    .optional()
    .describe('Picture size to ask the camera for, for example 1280x720'),
  ...reconnecting,
});

const fileSchema = z.strictObject({
  kind: z.literal('file').describe('A video file'),
  path: z.string().min(1).describe('Path of the video file'),
  ...replayed,
  ...decoded,
});

const picturesSchema = z.strictObject({
  kind: z
    .literal('pictures')
    .describe('A picture, a folder of pictures or a list of them, as if taken one after the other'),
  path: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('A picture, a folder (its pictures in order of their names) or a list of pictures'),
  sequence: z
    .boolean()
    .default(false)
    .describe('Whether the pictures are one view of the same road after the other; else each stands for itself'),
  ...replayed,
  ...common,
});

const simulatorSchema = z.strictObject({
  kind: z.literal('simulator').describe('Rendered traffic with known plates, to try the system without a camera'),
  ...common,
  seed: z.int().min(0).max(4_294_967_295).default(1).describe('The same seed gives the same vehicles and plates'),
  passages_per_minute: z
    .number()
    .positive()
    .max(600)
    .default(20)
    .describe('Vehicles each minute over all lanes, as far as the lanes have room'),
  passages: z.int().min(1).optional().describe('Vehicles after which the camera ends; without it traffic never ends'),
  lanes: z
    .int()
    .min(1)
    .max(3)
    .default(2)
    .describe('Lanes of the road; with more the plates are smaller in the picture'),
  night: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .describe('Always night (true), always day (false), or one after the other in four minutes (auto)'),
  width: z.int().min(320).max(3840).default(1280).describe('Width of the pictures in pixels; an even number'),
  height: z.int().min(180).max(2160).default(720).describe('Height of the pictures in pixels; an even number'),
  realtime: z
    .boolean()
    .default(true)
    .describe(
      'Play at the speed of a camera; false renders as fast as pictures are taken, with times that only the seed decides',
    ),
  confusable: z.boolean().default(true).describe('Use characters that look alike, such as 0 and O or 8 and B'),
});

/** One camera of the configuration; what else can be said of it depends on its `kind`. */
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
export type SimulatorConfig = Readonly<z.infer<typeof simulatorSchema>>;

/** All cameras of this machine; without any, one simulator shows what the system does. */
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
  .prefault([{ kind: 'simulator', id: 'simulator', name: 'Simulated road' }]);
