import { AlprError } from './errors.ts';
import type { RgbImage } from './image.ts';
import type { Tensor } from './session.ts';

/** One value for each channel, in the order of the network's channels (GRAY uses the first). */
export type PerChannel = readonly [number, number, number];

/** How a network wants its pictures: the `input` of `model.json` with every default filled in. */
export type ModelInput = Readonly<{
  name: string;
  type: 'uint8' | 'float32';
  layout: 'NHWC' | 'NCHW';
  channels: 'RGB' | 'BGR' | 'GRAY';
  /** Usual size in pixels; the only one where `sizes` is `fixed`. */
  width: number;
  height: number;
  sizes: 'fixed' | 'dynamic';
  /** A float32 input gets `(byte × scale − mean) / std`, a uint8 input the byte itself. */
  scale: number;
  mean: PerChannel;
  std: PerChannel;
}>;

/** Grey as OpenCV computes it (BT.601 luma in 14-bit fixed point), so that models trained with it see the same bytes. */
const LUMA = [4899, 9617, 1868] as const;

/** Packed RGB pictures of one size as the batch that the network expects; INPUT_INVALID when their sizes differ. */
export function packPictures(pictures: readonly RgbImage[], input: ModelInput): Tensor {
  const [{ width, height }] = pictures;
  const depth = input.channels === 'GRAY' ? 1 : 3;
  const size = width * height * depth;
  const data =
    input.type === 'uint8' ? new Uint8Array(pictures.length * size) : new Float32Array(pictures.length * size);
  for (const [index, picture] of pictures.entries()) {
    if (picture.width !== width || picture.height !== height) {
      const message = `The pictures of one batch must have one size, but are ${width}×${height} and ${picture.width}×${picture.height}.`;
      throw new AlprError('INPUT_INVALID', message);
    }
    fillPicture(picture, input, data.subarray(index * size, (index + 1) * size));
  }
  const dims =
    input.layout === 'NHWC' ? [pictures.length, height, width, depth] : [pictures.length, depth, height, width];
  return data instanceof Uint8Array ? { type: 'uint8', dims, data } : { type: 'float32', dims, data };
}

/** One picture as the network expects it: its own bytes where these are what is expected, so that nothing is copied. */
export function handOver(picture: RgbImage, input: ModelInput): Tensor {
  if (!takesRgbBytes(input)) return packPictures([picture], input);
  return { type: 'uint8', dims: [1, picture.height, picture.width, 3], data: picture.data };
}

function takesRgbBytes({ type, layout, channels }: ModelInput): boolean {
  return type === 'uint8' && layout === 'NHWC' && channels === 'RGB';
}

function fillPicture({ data: rgb }: RgbImage, input: ModelInput, target: Uint8Array | Float32Array): void {
  if (takesRgbBytes(input)) {
    target.set(rgb);
    return;
  }
  const pixels = rgb.length / 3;
  const sources = { RGB: [0, 1, 2], BGR: [2, 1, 0], GRAY: [0] }[input.channels];
  const bytes = input.channels === 'GRAY' ? takeLuma(rgb) : rgb;
  const step = sources.length;
  for (const [channel, source] of sources.entries()) {
    const table = tabulate(input, channel);
    const [first, stride] = input.layout === 'NHWC' ? [channel, step] : [channel * pixels, 1];
    for (let i = 0, from = source, to = first; i < pixels; i += 1, from += step, to += stride)
      target[to] = table[bytes[from]];
  }
}

/** What each byte becomes in one channel. */
function tabulate({ type, scale, mean, std }: ModelInput, channel: number): Float64Array {
  const isByte = type === 'uint8';
  return Float64Array.from({ length: 256 }, (_, byte) =>
    isByte ? byte : (byte * scale - mean[channel]) / std[channel],
  );
}

function takeLuma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < grey.length; i += 1, at += 3)
    grey[i] = (rgb[at] * LUMA[0] + rgb[at + 1] * LUMA[1] + rgb[at + 2] * LUMA[2] + 8192) >> 14;
  return grey;
}
