import type { Detection } from '../detection.ts';
import { AlprError } from '../errors.ts';
import type { SmallPicture } from '../frame.ts';
import { measureIou } from '../geometry.ts';
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
  const fitZoomed = (image: Image, zoom: 0.5 | 2) => {
    const { input } = model;
    if (input.sizes === 'fixed') return zoom < 1 ? zoomer.fit(image, input, zoom * fillScale(image, input)) : undefined;
    const { stride } = input.letterbox;
    if (zoom > 1 && image.width * image.height < LEAST_GAIN * input.width * input.height) return undefined;
    const enlarge = (side: number) => Math.max(stride, Math.ceil((side * zoom) / stride) * stride);
    const budget = { width: enlarge(input.width), height: enlarge(input.height) };
    return fitChosen(zoomer, image, chooseInputSize(image, budget, stride));
  };
  return {
    highScore,
    async detect({ image, small, zoom }) {
      checkImage(image);
      if (zoom) {
        const fitted = fitZoomed(image, zoom);
        return fitted ? limitPlates(await search(image, fitted), options) : [];
      }
      const usual =
        small && fitsNetwork(small, model)
          ? copySmall(small, lend)
          : fitChosen(letterbox, image, chooseSize(image, model, options));
      const found = await search(image, usual);
      const isClose = ({ box, class: name }: Detection) =>
        name === 'plate' && box.x1 - box.x0 > options.closeShare * image.width;
      const closer = found.some(isClose) ? fitZoomed(image, 0.5) : undefined;
      if (!closer) return limitPlates(found, options);
      const again = await search(image, closer);
      const both = preferClose(found, again.filter(isClose), again.filter(isVehicle));
      return limitPlates(suppressOverlaps(both, maxIou, options.vehicleIou), options);
    },
  };
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

type Chosen = Size & Readonly<{ scale?: number }>;

function fitChosen(letterbox: Letterbox, image: Image, size: Chosen): SmallPicture {
  return letterbox.fit(image, size, size.scale);
}

function chooseSize(image: Image, { input }: DetectorModel, options: DetectorOptions): Chosen {
  return options.fitShape && input.sizes === 'dynamic' ? chooseInputSize(image, input, input.letterbox.stride) : input;
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
