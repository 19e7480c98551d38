import type { Box } from '../box.ts';
import { cropImage } from '../crop.ts';
import type { Detection } from '../detection.ts';
import { AlprError } from '../errors.ts';
import type { SmallPicture } from '../frame.ts';
import { mapQuad, measureIou } from '../geometry.ts';
import type { Image } from '../image.ts';
import { checkImage } from '../image-check.ts';
import { handOver, type ModelInput } from '../model-input.ts';
import { DETECTOR_DEFAULTS, type DetectorOptions } from '../options/detector.ts';
import type { Session } from '../session.ts';
import { chooseDecoder, type DecodedModel } from './choose-decoder.ts';
import {
  chooseInputSize,
  fillScale,
  type Lend,
  Letterbox,
  type LetterboxStyle,
  OWN_STYLE,
  type Size,
} from './letterbox.ts';
import { suppressOverlaps } from './nms.ts';
import { quartersAround } from './quarters.ts';

/** What the detector needs to know of its model: the fields of `model.json` by their names there. */
export type DetectorModel = DecodedModel &
  Readonly<{
    input: ModelInput & Readonly<{ letterbox: LetterboxStyle & Readonly<{ stride: number }> }>;
    thresholds: Readonly<{ score: number; iou: number }>;
  }>;

/** A picture to be searched, with the letterboxed copy of it where the camera made one. */
export type DetectorSource = Readonly<{
  image: Image;
  small?: SmallPicture | undefined;
  /** Looks at the picture at half the usual size, for plates that fill it, or at twice, for plates that are small in it. */
  zoom?: 0.5 | 2;
  /** Looks at twice the size only near these boxes: what is worth it is seen at the usual size already, if less surely. */
  near?: readonly Box[];
}>;

/** Finds plates and vehicles in a picture. */
export interface Detector {
  /** Detections in pixels of the full picture, best first, at or above the lowest score the options ask for. */
  detect(source: DetectorSource): Promise<readonly Detection[]>;
  /** Scores at or above this one are sure enough to begin a track. */
  readonly highScore: number;
}

const CLOSE_IOU = 0.2;
/** A picture of fewer pixels than this many inputs shows nothing more when it is enlarged. */
const LEAST_GAIN = 1.5;

/** Binds a loaded network to letterboxing, decoding and suppression. Throws `MODEL_INVALID` for a model it cannot decode. */
export function createDetector(parts: {
  session: Session;
  model: DetectorModel;
  options?: Partial<DetectorOptions>;
}): Detector {
  const { session, model } = parts;
  const options = { ...DETECTOR_DEFAULTS, ...parts.options };
  const decode = chooseDecoder(model);
  checkSize(model);
  const highScore = options.highScore ?? model.thresholds.score;
  const minScore = Math.min(options.minScore, highScore);
  const maxIou = options.maxIou ?? model.thresholds.iou;
  const lend = (bytes: number) => session.lend?.(bytes);
  const letterbox = new Letterbox(model.input.letterbox, lend);
  const zoomer = new Letterbox(model.input.letterbox, lend);
  const search = async (image: Image, fitted: SmallPicture) => {
    const { width, height } = fitted.image;
    const output = await session.run({ [model.input.name]: handOver(fitted.image, model.input) });
    const look = { placement: fitted, width: image.width, height: image.height, input: { width, height }, minScore };
    const decoded = decode(output, look).filter(
      ({ class: name, score }) => name === 'plate' || score >= options.vehicleScore,
    );
    return suppressOverlaps(decoded, maxIou, options.vehicleIou);
  };
  const chooseZoomed = (image: Image, zoom: 0.5 | 2): Chosen | undefined => {
    const { input } = model;
    if (input.sizes === 'fixed') return zoom < 1 ? { ...input, scale: zoom * fillScale(image, input) } : undefined;
    const { stride } = input.letterbox;
    if (zoom > 1 && image.width * image.height < LEAST_GAIN * input.width * input.height) return undefined;
    const enlarge = (side: number) => Math.max(stride, Math.ceil((side * zoom) / stride) * stride);
    return chooseInputSize(image, { width: enlarge(input.width), height: enlarge(input.height) }, stride);
  };
  const searchNear = async (image: Image, size: Chosen, boxes: readonly Box[]) => {
    const { stride } = model.input.letterbox;
    const { scale } = size;
    const found: Detection[] = [];
    for (const place of quartersAround(image, boxes)) {
      const part = cropImage(image, place);
      const round = (side: number) => Math.ceil(Math.round(side * scale) / stride) * stride;
      const fitted = zoomer.fit(part, { width: round(part.width), height: round(part.height) }, scale);
      found.push(...(await search(part, fitted)).map((detection) => shift(detection, place)));
    }
    return suppressOverlaps(found, maxIou, options.vehicleIou);
  };
  return {
    highScore,
    async detect({ image, small, zoom, near }) {
      checkImage(image);
      if (zoom) {
        const size = chooseZoomed(image, zoom);
        if (!size) return [];
        const found = near ? await searchNear(image, size, near) : await search(image, fitChosen(zoomer, image, size));
        return limitPlates(found, options);
      }
      const usual =
        small && fitsNetwork(small, model)
          ? copySmall(small, lend)
          : fitChosen(letterbox, image, chooseSize(image, model, options));
      const found = await search(image, usual);
      const isClose = ({ box, class: name }: Detection) =>
        name === 'plate' && box.x1 - box.x0 > options.closeShare * image.width;
      const closer = found.some(isClose) ? chooseZoomed(image, 0.5) : undefined;
      if (!closer) return limitPlates(found, options);
      const again = await search(image, fitChosen(zoomer, image, closer));
      const both = preferClose(found, again.filter(isClose), again.filter(isVehicle));
      return limitPlates(suppressOverlaps(both, maxIou, options.vehicleIou), options);
    },
  };
}

/** What is found in a part of a picture, in pixels of the picture. */
function shift(detection: Detection, { x0, y0 }: Box): Detection {
  const { box, corners } = detection;
  const moved = { x0: box.x0 + x0, y0: box.y0 + y0, x1: box.x1 + x0, y1: box.y1 + y0 };
  if (!corners) return { ...detection, box: moved };
  return { ...detection, box: moved, corners: mapQuad(corners, ({ x, y }) => ({ x: x + x0, y: y + y0 })) };
}

function isVehicle({ class: name }: Detection): boolean {
  return name !== 'plate';
}

/** Plates that fill the picture are placed better at half the size: they take the place of what overlaps them. */
function preferClose(
  found: readonly Detection[],
  close: readonly Detection[],
  vehicles: readonly Detection[],
): Detection[] {
  const isReplaced = (detection: Detection) =>
    !isVehicle(detection) && close.some(({ box }) => measureIou(box, detection.box) > CLOSE_IOU);
  return [...found.filter((detection) => !isReplaced(detection)), ...close, ...vehicles];
}

/** The best detections of plates and as many of vehicles: a crowded road takes no plate away. */
function limitPlates(found: readonly Detection[], { maxDetections }: DetectorOptions): readonly Detection[] {
  const left = { plate: maxDetections, vehicle: maxDetections };
  return found.filter(({ class: name }) => {
    left[name === 'plate' ? 'plate' : 'vehicle'] -= 1;
    return left[name === 'plate' ? 'plate' : 'vehicle'] >= 0;
  });
}

type Chosen = Size & Readonly<{ scale: number }>;

function fitChosen(letterbox: Letterbox, image: Image, size: Chosen): SmallPicture {
  return letterbox.fit(image, size, size.scale);
}

function chooseSize(image: Image, { input }: DetectorModel, options: DetectorOptions): Chosen {
  if (options.fitShape && input.sizes === 'dynamic') return chooseInputSize(image, input, input.letterbox.stride);
  // The input's own `scale` is that of pixel values.
  return { width: input.width, height: input.height, scale: fillScale(image, input) };
}

/** Whether the camera's own small picture is what the network would have been given. */
function fitsNetwork({ image }: SmallPicture, { input }: DetectorModel): boolean {
  const { place, padding, resample, stride } = input.letterbox;
  const { width, height } = image;
  const isSize = input.sizes === 'fixed' ? width === input.width && height === input.height : true;
  const isStyle = place === OWN_STYLE.place && padding === OWN_STYLE.padding && resample === OWN_STYLE.resample;
  const isWhole = width % stride === 0 && height % stride === 0 && image.data.length === width * height * 3;
  return isSize && isStyle && isWhole;
}

/** The session may take the buffer away, and the camera's picture must live on. */
function copySmall(small: SmallPicture, lend: Lend): SmallPicture {
  const { data } = small.image;
  const copy = lend(data.length) ?? new Uint8Array(data.length);
  copy.set(data);
  return { ...small, image: { ...small.image, data: copy } };
}

function checkSize({ name, input }: DetectorModel): void {
  const { stride } = input.letterbox;
  if (input.sizes === 'fixed' || (input.width % stride === 0 && input.height % stride === 0)) return;
  throw new AlprError(
    'MODEL_INVALID',
    `The input of ${name} must have sides in multiples of ${stride}, but is ${input.width}×${input.height}.`,
  );
}
