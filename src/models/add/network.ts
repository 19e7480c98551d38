import { AlprError } from '../../base/errors.ts';
import type { Signature, TensorShape } from '../onnx-messages.ts';
import type { OnnxFacts } from './onnx-facts.ts';
import type { PlateConfig } from './plate-config.ts';

/** A network's picture input as its file describes it; sizes that are not fixed are -1. */
export type PictureInput = Readonly<{
  name: string;
  type: string;
  layout: 'NCHW' | 'NHWC';
  depth: number;
  batch: number;
  height: number;
  width: number;
}>;

/** Everything known about a network before it runs: its file, and what the user said about it. */
export type Network = Readonly<{
  input: PictureInput;
  outputs: readonly TensorShape[];
  facts: OnnxFacts;
  /** Characters of a PaddleOCR recogniser: the user's, otherwise those in the file. */
  dictionary?: readonly string[] | undefined;
  /** The configuration that fast-plate-ocr keeps beside its networks. */
  plateConfig?: PlateConfig | undefined;
  /** The detector's classes, in the network's order. */
  classes?: readonly string[] | undefined;
}>;

/** A decoder that fits a network, with the fields of model.json that it adds. */
export type Proposal = Readonly<{
  decoder: string;
  task: 'detect' | 'read';
  /** Why it fits, as a clause. */
  because: string;
  /** Fields of `input` that differ from the decoder's defaults, with width and height. */
  input: Readonly<{ width: number; height: number; [field: string]: unknown }>;
  /** Other fields of model.json. */
  fields: Readonly<Record<string, unknown>>;
  /** What had to be assumed, each as a sentence for the user to check. */
  assumed: readonly string[];
  /** What the user must provide before this decoder can be used, as a sentence. */
  missing?: string;
}>;

/** The one picture input of a network; MODEL_INVALID for any other network, and for half precision. */
export function findPictureInput({ inputs }: Signature, path: string): PictureInput {
  const [input] = inputs;
  const shown = inputs.map(showTensor).join(', ') || 'no tensor';
  const refuse = (expected: string) => new AlprError('MODEL_INVALID', `${path} takes ${shown}; expected ${expected}.`);
  if (!input || inputs.length > 1) throw refuse('one input, a picture');
  const [batch = -1, a = -1, b = -1, c = -1] = input.shape.map((size) => (typeof size === 'number' ? size : -1));
  if (input.type === 'float16') throw refuse('float32 or uint8: export the network without half precision');
  const isPlanar = a === 1 || a === 3;
  if (input.shape.length !== 4 || !(isPlanar || c === 1 || c === 3) || !['float32', 'uint8'].includes(input.type))
    throw refuse('pictures, [n, 3, height, width] or [n, height, width, 3], of float32 or uint8');
  const { name, type } = input;
  return isPlanar
    ? { name, type, layout: 'NCHW', depth: a, batch, height: b, width: c }
    : { name, type, layout: 'NHWC', depth: c, batch, height: a, width: b };
}

/** `name float32 [n, 3, 48, ?]`: a tensor in words for people. */
export function showTensor({ name, type, shape }: TensorShape): string {
  const sizes = shape.map((size, axis) => {
    if (typeof size === 'number' && size >= 0) return size;
    return axis === 0 ? 'n' : '?';
  });
  return `${name} ${type} [${sizes.join(', ')}]`;
}

/** Sizes of a tensor; those that are not fixed are -1. */
export function listSizes({ shape }: TensorShape): number[] {
  return shape.map((size) => (typeof size === 'number' ? size : -1));
}
