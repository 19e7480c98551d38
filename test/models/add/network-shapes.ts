import type { Network } from '../../../src/models/add/network.ts';
import { findPictureInput } from '../../../src/models/add/network.ts';

type Shape = readonly (number | string)[];

/** A network as ONNX Runtime reports it: input shape, output shapes by name, metadata, and what the user said. */
export function describeNetwork(
  input: Shape,
  outputs: Readonly<Record<string, Shape>>,
  rest: Readonly<{ type?: string; metadata?: Readonly<Record<string, string>> }> & Partial<Network> = {},
): Network {
  const { type = 'float32', metadata = {}, ...said } = rest;
  const inputs = [{ name: 'images', type, shape: input }];
  const tensors = Object.entries(outputs).map(([name, shape]) => ({ name, type: 'float32', shape }));
  return {
    input: findPictureInput({ inputs, outputs: tensors }, 'x.onnx'),
    outputs: tensors,
    facts: { producer: 'pytorch', metadata: new Map(Object.entries(metadata)) },
    ...said,
  };
}
