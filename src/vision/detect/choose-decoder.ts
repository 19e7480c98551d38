import type { Detection, DetectionClass } from '../detection.ts';
import { AlprError } from '../errors.ts';
import type { Tensor } from '../session.ts';
import type { CandidateContext, ClassName, CornerName } from './candidate.ts';
import { type DecodeContext, decodeAlpr } from './decode-alpr.ts';
import { decodeEndToEnd } from './decode-end-to-end.ts';
import { decodeYoloFace } from './decode-yolo-face.ts';
import { decodeYolo11, type Output } from './decode-yolo11.ts';
import { decodeYolox } from './decode-yolox.ts';
import type { Size } from './letterbox.ts';

/** What decides how a detector's output is understood: the fields of `model.json` by their names there. */
export type DecodedModel = Readonly<{
  name: string;
  decoder: string;
  outputs: readonly Readonly<{ name: string; shape?: readonly number[] }>[];
  classes: readonly string[];
  corners?: readonly CornerName[];
  decoded?: boolean;
  strides?: readonly number[];
}>;

/** What a decoder needs of one look, besides the model's own classes. */
export type Look = Readonly<Omit<DecodeContext, 'classes'> & { input: Size }>;

/** A network's output tensors to Detections, not yet suppressed; INFERENCE_FAILED for another shape than the decoder's. */
type Decode = (tensors: Readonly<Record<string, Tensor>>, look: Look) => Detection[];

type Context = CandidateContext & Readonly<{ input: Size }>;

type Decoder = Readonly<{
  /** Shapes it takes with this number of classes; -1 fits every size. */
  shapes(classes: number): readonly (readonly number[])[];
  decode(output: Output, context: Context, model: DecodedModel): Detection[];
}>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  'yolo11-detect': { shapes: (classes) => [[1, 4 + classes, -1]], decode: decodeYolo11 },
  'yolo11-pose': {
    shapes: (classes) => [
      [1, 4 + classes + 8, -1],
      [1, 4 + classes + 12, -1],
    ],
    decode: decodeYolo11,
  },
  'yolo11-end-to-end': { shapes: () => [6, 14, 18].map((columns) => [1, -1, columns]), decode: decodeEndToEnd },
  yolox: {
    shapes: (classes) => [[1, -1, 5 + classes]],
    decode: (output, context, { strides = [8, 16, 32], decoded = false }) =>
      decodeYolox(output, context, { input: context.input, strides, decoded }),
  },
  'yolo-face': { shapes: (classes) => [[1, -1, 13 + classes]], decode: decodeYoloFace },
};

const NAMES: readonly ClassName[] = ['plate', 'car', 'truck', 'bus', 'motorcycle', 'ignored'];
const CORNERS: readonly CornerName[] = ['top-left', 'top-right', 'bottom-right', 'bottom-left'];

/** The decoder that a model names, bound to its classes; MODEL_INVALID when there is none or the model's output does not fit it. */
export function chooseDecoder(model: DecodedModel): Decode {
  const classes = model.classes.map((name) => knowClass(name, model));
  const [output] = model.outputs;
  if (model.decoder === 'alpr-detect') {
    const own = classes.filter((name): name is DetectionClass => name !== 'ignored');
    return (tensors, look) => decodeAlpr(tensors[output.name], { ...look, classes: own });
  }
  const decoder = DECODERS[model.decoder];
  if (!decoder || !output) {
    const known = ['alpr-detect', ...Object.keys(DECODERS)].join(', ');
    const message = `${model.name} asks for the decoder '${model.decoder}' and names ${model.outputs.length} outputs; expected one of ${known} and at least one output.`;
    throw new AlprError('MODEL_INVALID', message);
  }
  const shapes = decoder.shapes(classes.length);
  const refuse = explainShape(model, shapes);
  if (output.shape && !shapes.some((shape) => fits(shape, output.shape ?? []))) {
    throw new AlprError('MODEL_INVALID', refuse(`[${output.shape.join(', ').replaceAll('-1', 'n')}]`));
  }
  const corners = model.corners ?? CORNERS;
  return (tensors, look) => {
    const tensor = tensors[output.name];
    if (tensor?.type !== 'float32' || !shapes.some((shape) => fits(shape, tensor.dims))) {
      const came = tensor ? `${tensor.type} [${tensor.dims.join(', ')}]` : 'nothing';
      throw new AlprError('INFERENCE_FAILED', refuse(came));
    }
    return decoder.decode(tensor, { ...look, classes, corners }, model);
  };
}

function explainShape({ name, decoder, outputs, classes }: DecodedModel, shapes: readonly (readonly number[])[]) {
  const expected = shapes.map((shape) => `[${shape.join(', ').replaceAll('-1', 'n')}]`).join(' or ');
  const count = `${classes.length} class${classes.length === 1 ? '' : 'es'}`;
  return (came: string) =>
    `The decoder ${decoder} expects the output "${outputs[0].name}" of ${name}, with ${count}, as ${expected}, but it is ${came}; correct decoder or classes in model.json.`;
}

function fits(expected: readonly number[], found: readonly number[]): boolean {
  return (
    expected.length === found.length &&
    expected.every((size, axis) => size < 0 || found[axis] < 0 || size === found[axis])
  );
}

function knowClass(name: string, model: DecodedModel): ClassName {
  const known = NAMES.find((item) => item === name);
  if (known) return known;
  throw new AlprError('MODEL_INVALID', `${model.name} has the class '${name}'; known are ${NAMES.join(', ')}.`);
}
