import type { Detection, DetectionClass } from '../detection.ts';
import type { SmallPicture } from '../frame.ts';
import { measureIou } from '../geometry.ts';
import type { Image } from '../image.ts';
import { checkImage } from '../image-check.ts';
import { DETECTOR_DEFAULTS, type DetectorOptions } from '../options.ts';
import type { Session } from '../session.ts';
import { VisionError } from '../vision-error.ts';
import { decodeAlpr } from './decode-alpr.ts';
import { chooseInputSize, Letterbox } from './letterbox.ts';
import { compareDetections, suppressOverlaps } from './nms.ts';

/** What the detector needs to know of its model: the fields of `model.json` by their names there. */
export type DetectorModel = Readonly<{
  name: string;
  decoder: string;
  input: Readonly<{ name: string; width: number; height: number }>;
  outputs: readonly Readonly<{ name: string }>[];
  classes: readonly string[];
  thresholds: Readonly<{ score: number; iou: number }>;
}>;

/** A picture to be searched, with the letterboxed copy of it where the camera made one. */
export type DetectorSource = Readonly<{ image: Image; small?: SmallPicture | undefined }>;

/** Finds plates and vehicles in a picture. */
export interface Detector {
  /** Detections in pixels of the full picture, best first, at or above the lowest score the options ask for. */
  detect(source: DetectorSource): Promise<readonly Detection[]>;
  /** Scores at or above this one are sure enough to begin a track. */
  readonly highScore: number;
}

const CLOSE_IOU = 0.2;
const CLASSES: readonly DetectionClass[] = ['plate', 'car', 'truck', 'bus', 'motorcycle'];

/** Binds a loaded network to letterboxing, decoding and suppression. Throws `MODEL_INVALID` for a model it cannot decode. */
export function createDetector(parts: {
  session: Session;
  model: DetectorModel;
  options?: Partial<DetectorOptions>;
}): Detector {
  const { session, model } = parts;
  const options = { ...DETECTOR_DEFAULTS, ...parts.options };
  const classes = checkModel(model);
  const highScore = options.highScore ?? model.thresholds.score;
  const minScore = Math.min(options.minScore, highScore);
  const letterbox = new Letterbox();
  const halver = new Letterbox();
  const search = async (image: Image, fitted: SmallPicture) => {
    const { width, height, data } = fitted.image;
    const output = await session.run({ [model.input.name]: { type: 'uint8', dims: [1, height, width, 3], data } });
    const context = { placement: fitted, width: image.width, height: image.height, classes, minScore };
    const decoded = decodeAlpr(output[model.outputs[0].name], context);
    return suppressOverlaps(decoded, options.maxIou ?? model.thresholds.iou);
  };
  return {
    highScore,
    async detect({ image, small }) {
      checkImage(image);
      const usual =
        small && fitsNetwork(small) ? copySmall(small) : letterbox.fit(image, chooseSize(image, model, options));
      const found = await search(image, usual);
      const isClose = ({ box, class: name }: Detection) =>
        name === 'plate' && box.x1 - box.x0 > options.closeShare * image.width;
      if (!found.some(isClose)) return found.slice(0, options.maxDetections);
      const half = { width: Math.max(32, model.input.width / 2), height: Math.max(32, model.input.height / 2) };
      const closer = await search(image, halver.fit(image, chooseInputSize(image, half)));
      return preferClose(found, closer.filter(isClose)).slice(0, options.maxDetections);
    },
  };
}

/** Plates that fill the picture are placed better at half the size: they take the place of what overlaps them. */
function preferClose(found: readonly Detection[], close: readonly Detection[]): Detection[] {
  const rest = found.filter(({ box }) => !close.some((other) => measureIou(other.box, box) > CLOSE_IOU));
  return [...rest, ...close].sort(compareDetections);
}

function chooseSize(image: Image, model: DetectorModel, options: DetectorOptions) {
  return options.fitShape ? chooseInputSize(image, model.input) : model.input;
}

function fitsNetwork({ image }: SmallPicture): boolean {
  return image.width % 32 === 0 && image.height % 32 === 0 && image.data.length === image.width * image.height * 3;
}

/** The session may take the buffer away, and the camera's picture must live on. */
function copySmall(small: SmallPicture): SmallPicture {
  return { ...small, image: { ...small.image, data: small.image.data.slice() } };
}

function checkModel(model: DetectorModel): readonly DetectionClass[] {
  if (model.decoder !== 'alpr-detect' || model.outputs.length < 1) {
    throw new VisionError(
      'MODEL_INVALID',
      `The detector decodes 'alpr-detect', but ${model.name} asks for '${model.decoder}'; choose another model.`,
    );
  }
  if (
    model.input.width % 32 !== 0 ||
    model.input.height % 32 !== 0 ||
    model.input.width < 32 ||
    model.input.height < 32
  ) {
    throw new VisionError(
      'MODEL_INVALID',
      `The input of ${model.name} must have sides in multiples of 32, but is ${model.input.width}×${model.input.height}.`,
    );
  }
  return model.classes.map((name) => {
    const known = CLASSES.find((item) => item === name);
    if (!known)
      throw new VisionError('MODEL_INVALID', `${model.name} has the class '${name}'; known are ${CLASSES.join(', ')}.`);
    return known;
  });
}
