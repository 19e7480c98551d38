import type { Quad } from '../box.ts';
import { AlprError } from '../errors.ts';
import type { Image, RgbImage } from '../image.ts';
import type { ReaderOptions } from '../options/reader.ts';
import type { Session, Tensor } from '../session.ts';
import type { Reading } from './reading.ts';

/** How one kind of network gets its plates and is understood. */
export type PlateDecoder = Readonly<{
  /** The upright crop that the network sees. */
  rectify(image: Image, corners: Quad): RgbImage;
  /** Readings of rectified crops, in order; they fit into one run of the network where their sizes do. */
  read(plates: readonly RgbImage[]): Promise<readonly Reading[]>;
}>;

/** What a decoder is bound to. */
export type DecoderParts<Model> = Readonly<{ session: Session; model: Model; options: ReaderOptions }>;

/** The float32 output of that name with that many numbers in all; INFERENCE_FAILED when the network answered otherwise. */
export function takeOutput(
  answer: Readonly<Record<string, Tensor>>,
  expected: Readonly<{ model: string; name: string; dims: readonly (number | 'n')[] }>,
): Tensor & { type: 'float32' } {
  const { model, name, dims } = expected;
  const tensor = answer[name];
  const fits =
    tensor?.type === 'float32' &&
    tensor.dims.length === dims.length &&
    dims.every((size, axis) => size === 'n' || size === tensor.dims[axis]);
  if (fits) return tensor;
  const came = tensor ? `${tensor.type} [${tensor.dims.join(', ')}]` : 'nothing';
  const message = `${model} must answer '${name}' with float32 [${dims.join(', ')}], but answered ${came}.`;
  throw new AlprError('INFERENCE_FAILED', message);
}
