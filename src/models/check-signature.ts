import { AlprError } from '../base/errors.ts';
import type { Manifest } from './manifest.ts';
import type { Signature, TensorShape } from './onnx-messages.ts';

/** The parts of a manifest that are compared. */
type Facts = Pick<Manifest, 'task' | 'input' | 'outputs'>;

type Shape = readonly (number | string)[];

/**
 * Compares the inputs and outputs in model.json with those in the ONNX file; MODEL_INVALID names the first difference.
 * A size that either leaves open matches everything.
 */
export function checkSignature(manifest: Facts, signature: Signature, path: string): void {
  const fault = findInputFault(manifest, signature.inputs) ?? findOutputFault(manifest, signature.outputs);
  if (fault) throw new AlprError('MODEL_INVALID', `${path}: ${fault}.`);
}

function findInputFault({ input, task }: Facts, inputs: readonly TensorShape[]): string | undefined {
  const found = inputs.find(({ name }) => name === input.name);
  if (!found) return `model.json names the input "${input.name}", but the file has ${listNames(inputs)}`;
  if (inputs.length > 1) return `expected the one input "${input.name}", but the file asks for ${listNames(inputs)}`;
  if (found.type !== input.type) {
    const advice = found.type === 'float16' ? '; export it without half precision' : '; correct input.type';
    return `model.json says that the input is ${input.type}, but the file takes ${found.type}${advice}`;
  }
  const depth = input.channels === 'GRAY' ? 1 : 3;
  const { height, width } = input;
  const expected = input.layout === 'NHWC' ? [-1, height, width, depth] : [-1, depth, height, width];
  if (!fits(expected, found.shape)) {
    const said = `${input.layout}, ${input.channels}, ${width}×${height}, so [${show(expected)}]`;
    return `model.json says that the input is ${said}, but the file takes [${show(found.shape)}]`;
  }
  const sides = input.layout === 'NHWC' ? found.shape.slice(1, 3) : found.shape.slice(2);
  const free = task === 'detect' ? sides : sides.slice(1);
  if (input.sizes === 'dynamic' && free.some(isFixed)) {
    return `model.json says that the input's sizes are dynamic, but the file takes only [${show(found.shape)}]; set input.sizes to "fixed"`;
  }
  return undefined;
}

function findOutputFault(manifest: Facts, outputs: readonly TensorShape[]): string | undefined {
  for (const { name, shape } of manifest.outputs) {
    const found = outputs.find((output) => output.name === name);
    if (!found) return `model.json names the output "${name}", but the file has ${listNames(outputs)}`;
    if (!fits(shape, found.shape)) {
      return `model.json says that the output "${name}" is [${show(shape)}], but the file gives [${show(found.shape)}]`;
    }
  }
  return undefined;
}

function fits(expected: Shape, found: Shape): boolean {
  return (
    expected.length === found.length &&
    expected.every((size, axis) => !isFixed(size) || !isFixed(found[axis]) || size === found[axis])
  );
}

function isFixed(size: number | string | undefined): boolean {
  return typeof size === 'number' && size >= 0;
}

/** Sizes that are not fixed are shown as `?`. */
function show(shape: Shape): string {
  return shape.map((size) => (isFixed(size) ? size : '?')).join(', ');
}

function listNames(tensors: readonly TensorShape[]): string {
  return tensors.map(({ name }) => `"${name}"`).join(', ') || 'none';
}
