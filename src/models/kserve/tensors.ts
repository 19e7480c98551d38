import { endianness } from 'node:os';
import type { Tensor } from '../../vision/session.ts';
import type { TensorShape } from '../onnx-messages.ts';
import type { TensorInfo, WireTensor } from './client.ts';

/** Datatypes of KServe v2 that networks use here: the name that ONNX has for them, and how their bytes are read. */
const DATATYPES = {
  UINT8: { onnx: 'uint8', Numbers: Uint8Array },
  FP32: { onnx: 'float32', Numbers: Float32Array },
  FP16: { onnx: 'float16', Numbers: Float16Array },
  FP64: { onnx: 'float64', Numbers: Float64Array },
  INT32: { onnx: 'int32', Numbers: Int32Array },
  INT64: { onnx: 'int64', Numbers: BigInt64Array },
} as const;

/** The same numbers for the wire; nothing is copied. */
export function toWire(name: string, { type, dims, data }: Tensor): WireTensor {
  if (endianness() !== 'LE') throw new TypeError('KServe v2 asks for little-endian numbers');
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, datatype: type === 'uint8' ? 'UINT8' : 'FP32', shape: dims, data: bytes };
}

/** The tensor, with other numbers than bytes as float32; a string says what is wrong with it. */
export function fromWire({ name, datatype, shape, data }: WireTensor): Tensor | string {
  const found = findDatatype(datatype);
  if (!found) return `answers "${name}" as ${datatype}, expected ${Object.keys(DATATYPES).join(', ')}`;
  const { Numbers } = found;
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = count * Numbers.BYTES_PER_ELEMENT;
  const isShape = shape.every((size) => size >= 0) && Number.isSafeInteger(count);
  if (!isShape || data.byteLength !== expected) {
    return `answers "${name}" [${shape.join(', ')}] ${datatype} with ${data.byteLength} bytes, expected ${expected}`;
  }
  // Copied, because the bytes may begin anywhere in the answer.
  const numbers = new Numbers(new Uint8Array(data).buffer);
  if (numbers instanceof Uint8Array) return { type: 'uint8', dims: shape, data: numbers };
  if (numbers instanceof Float32Array) return { type: 'float32', dims: shape, data: numbers };
  return { type: 'float32', dims: shape, data: Float32Array.from<unknown>(numbers, Number) };
}

/** What a server says of a tensor, in the words in which ONNX files say it. */
export function toTensorShape({ name, datatype, shape }: TensorInfo): TensorShape {
  return { name, type: findDatatype(datatype)?.onnx ?? datatype.toLowerCase(), shape };
}

function findDatatype(datatype: string) {
  return Object.hasOwn(DATATYPES, datatype) ? DATATYPES[datatype as keyof typeof DATATYPES] : undefined;
}
