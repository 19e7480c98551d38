import { z } from 'zod';
import { type LetterboxStyle, OWN_STYLE } from '../vision/detect/letterbox.ts';
import { commonFields, positive, probability } from './manifest-common.ts';
import { completeInput, describeInput, type InputDefaults } from './manifest-input.ts';

type LetterboxDefaults = Readonly<LetterboxStyle & { stride: number }>;

const OWN_INPUT = { type: 'uint8', layout: 'NHWC', channels: 'RGB', sizes: 'dynamic' } as const;
const YOLO_INPUT = { type: 'float32', layout: 'NCHW', channels: 'RGB', sizes: 'fixed', scale: 1 / 255 } as const;
const YOLOX_INPUT = { ...YOLO_INPUT, channels: 'BGR', scale: 1 } as const;

const CORNER_NAMES = ['top-left', 'top-right', 'bottom-right', 'bottom-left'] as const;

const detectionClass = z.enum(['plate', 'car', 'truck', 'bus', 'motorcycle', 'ignored']);

const CLASSES_EXPECTED = `expected a list of ${detectionClass.options.join(', ')}, or { "count": 80, "used": { "2": "car" } }`;

/** Either the classes in the network's order, or the used ones of `count` classes by index; the others are ignored. */
const classes = z
  .union(
    [
      z.array(detectionClass).min(1),
      z.strictObject({
        count: positive,
        used: z.record(z.string().regex(/^\d+$/, 'expected a class index'), detectionClass),
      }),
    ],
    { error: CLASSES_EXPECTED },
  )
  .transform((given, context) => {
    if (Array.isArray(given)) return given;
    const outside = Object.keys(given.used).filter((index) => Number(index) >= given.count);
    if (outside.length > 0) {
      const message = `expected class indices below count ${given.count}, but ${outside.join(', ')} is used`;
      context.addIssue({ code: 'custom', message });
    }
    return Array.from({ length: given.count }, (_, index) => given.used[index] ?? ('ignored' as const));
  })
  .refine((names) => names.some((name) => name !== 'ignored'), 'expected at least one class that is not ignored');

/** Which corner each point of the network is, in the network's order. */
const cornerOrder = z
  .array(z.enum(CORNER_NAMES))
  .refine(
    (names) => names.length === 4 && new Set(names).size === 4,
    `expected each of ${CORNER_NAMES.join(', ')} once`,
  )
  .default([...CORNER_NAMES]);

function describeDetector<Decoder extends string>(decoder: Decoder, input: InputDefaults, box: LetterboxDefaults) {
  /**
   * How a picture is fitted into the input: its place, the level (0–255) around it, how it is scaled, and the multiple
   * of its sides.
   */
  const letterbox = z
    .strictObject({
      place: z.enum(['centre', 'top-left']).default(box.place),
      padding: z.int().min(0).max(255).default(box.padding),
      resample: z.enum(['area', 'bilinear']).default(box.resample),
      stride: positive.default(box.stride),
    })
    .prefault({});
  return z.strictObject({
    ...commonFields,
    task: z.literal('detect'),
    decoder: z.literal(decoder),
    input: z.strictObject({ ...describeInput(input), letterbox }).transform(completeInput(input)),
    classes,
    thresholds: z.strictObject({ score: probability.default(0.25), iou: probability.default(0.5) }).prefault({}),
  });
}

const CENTRE = { place: 'centre', padding: 114, resample: 'bilinear', stride: 32 } as const;
const TOP_LEFT = { ...CENTRE, place: 'top-left' } as const;

/** The decoders of detectors, each with the output it takes; N is the number of candidates, nc that of classes. */
export const detectSchemas = [
  /** `[1, N, 14]`: corners of the box, score, class, four corners. */
  describeDetector('alpr-detect', OWN_INPUT, { ...OWN_STYLE, stride: 32 }),
  /** Ultralytics YOLOv8, YOLO11: `[1, 4 + nc, N]`. */
  describeDetector('yolo11-detect', YOLO_INPUT, CENTRE),
  /** Ultralytics YOLOv8-pose, YOLO11-pose with four points: `[1, 4 + nc + 8, N]`, with visibilities `[1, 4 + nc + 12, N]`. */
  describeDetector('yolo11-pose', YOLO_INPUT, CENTRE).extend({ corners: cornerOrder }),
  /** Ultralytics with suppression in the graph: `[1, N, 6]`, with four points `[1, N, 14]` or `[1, N, 18]`. */
  describeDetector('yolo11-end-to-end', YOLO_INPUT, CENTRE).extend({ corners: cornerOrder }),
  /** YOLOX: `[1, N, 5 + nc]`, relative to its grids unless the export was `decoded`. */
  describeDetector('yolox', YOLOX_INPUT, TOP_LEFT).extend({
    decoded: z.boolean().default(false),
    strides: z.array(positive).min(1).default([8, 16, 32]),
  }),
  /** YOLOv5-face with four points: `[1, N, 5 + 8 + nc]`, decoded. */
  describeDetector('yolo-face', YOLO_INPUT, { ...CENTRE, padding: 0 }).extend({ corners: cornerOrder }),
] as const;
