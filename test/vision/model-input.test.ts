import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/vision/image.ts';
import { handOver, type ModelInput, packPictures } from '../../src/vision/model-input.ts';

const bytes: ModelInput = {
  name: 'images',
  type: 'uint8',
  layout: 'NHWC',
  channels: 'RGB',
  width: 2,
  height: 1,
  sizes: 'fixed',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const floats: ModelInput = { ...bytes, type: 'float32' };

const make = (...data: number[]): RgbImage => ({
  kind: 'rgb24',
  width: data.length / 3,
  height: 1,
  data: new Uint8Array(data),
});
const picture = make(10, 20, 30, 40, 50, 60);

describe('packPictures', () => {
  it.for([
    ['RGB bytes, pixel by pixel', bytes, [1, 1, 2, 3], [10, 20, 30, 40, 50, 60]],
    [
      'BGR bytes, plane by plane',
      { ...bytes, layout: 'NCHW', channels: 'BGR' },
      [1, 3, 1, 2],
      [30, 60, 20, 50, 10, 40],
    ],
    ['BGR floats, pixel by pixel', { ...floats, channels: 'BGR' }, [1, 1, 2, 3], [30, 20, 10, 60, 50, 40]],
    ['RGB floats from 0 to 1', { ...floats, layout: 'NCHW', scale: 0.1 }, [1, 3, 1, 2], [1, 4, 2, 5, 3, 6]],
  ] as const)('writes %s', ([, input, dims, data]) => {
    const tensor = packPictures([picture], input);
    expect(tensor.type).toBe(input.type);
    expect(tensor.dims).toEqual(dims);
    expect([...tensor.data]).toEqual(data);
  });

  it('subtracts the mean and divides by the deviation of each channel, in the network’s order', () => {
    const input = { ...floats, channels: 'BGR', layout: 'NCHW', scale: 0.5, mean: [1, 2, 3], std: [2, 4, 8] } as const;
    // B: (30·0.5 − 1) / 2 and (60·0.5 − 1) / 2; then G and R.
    expect([...packPictures([picture], input).data]).toEqual([7, 14.5, 2, 5.75, 0.25, 2.125]);
  });

  // What OpenCV's cvtColor(RGB2GRAY) gives for pure red, green, blue and white.
  it('takes grey as OpenCV does', () => {
    const tensor = packPictures([make(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255)], { ...bytes, channels: 'GRAY' });
    expect(tensor.dims).toEqual([1, 1, 4, 1]);
    expect([...tensor.data]).toEqual([76, 150, 29, 255]);
  });

  it('puts several pictures of one size behind one another, and refuses others', () => {
    expect([...packPictures([picture, make(1, 2, 3, 4, 5, 6)], bytes).data.subarray(6)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => packPictures([picture, make(1, 2, 3)], bytes)).toThrow(/one size, but are 2×1 and 1×1/);
  });
});

describe('handOver', () => {
  it('copies nothing where the network takes packed RGB bytes', () => {
    expect(handOver(picture, bytes).data).toBe(picture.data);
    expect([...handOver(picture, { ...bytes, channels: 'BGR' }).data]).toEqual([30, 20, 10, 60, 50, 40]);
  });
});
