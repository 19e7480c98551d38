import { z } from 'zod';
import type { ModelInput, PerChannel } from '../vision/model-input.ts';
import { positive } from './manifest-common.ts';

/** Defaults for the networks of one decoder; model.json only states what differs. */
export type InputDefaults = Readonly<
  Pick<ModelInput, 'type' | 'layout' | 'channels' | 'sizes'> & { scale?: number; mean?: number; std?: number }
>;

const number = z.number();
const divisor = z.number().refine((value) => value !== 0, 'expected a number other than 0');

/** The fields of `input` that every decoder has. */
export function describeInput(defaults: InputDefaults) {
  return {
    name: z.string().min(1),
    type: z.enum(['uint8', 'float32']).default(defaults.type),
    layout: z.enum(['NHWC', 'NCHW']).default(defaults.layout),
    channels: z.enum(['RGB', 'BGR', 'GRAY']).default(defaults.channels),
    width: positive,
    height: positive,
    /** Whether the network takes only this width and height, or others too. */
    sizes: z.enum(['fixed', 'dynamic']).default(defaults.sizes),
    /** A float32 input gets (byte × scale − mean) / std; mean and std may differ by channel, in the network's order. */
    scale: z.number().positive().optional(),
    mean: z.union([number, z.tuple([number, number, number])]).optional(),
    std: z.union([divisor, z.tuple([divisor, divisor, divisor])]).optional(),
  };
}

type Given = Readonly<{
  type: 'uint8' | 'float32';
  scale?: number | undefined;
  mean?: number | [number, number, number] | undefined;
  std?: number | [number, number, number] | undefined;
}>;

/** Fills in scale, mean and std. A uint8 input takes bytes unchanged, so they are not allowed there. */
export function completeInput(defaults: InputDefaults) {
  return <T extends Given>(input: T, context: z.RefinementCtx) => {
    const isByte = input.type === 'uint8';
    if (isByte && (input.scale ?? input.mean ?? input.std) !== undefined) {
      const message = 'expected no scale, mean and std with type uint8, whose bytes are handed over as they are';
      context.addIssue({ code: 'custom', message });
    }
    return {
      ...input,
      scale: input.scale ?? (isByte ? 1 : (defaults.scale ?? 1)),
      mean: spread(input.mean ?? (isByte ? 0 : (defaults.mean ?? 0))),
      std: spread(input.std ?? (isByte ? 1 : (defaults.std ?? 1))),
    };
  };
}

function spread(value: number | PerChannel): PerChannel {
  return typeof value === 'number' ? [value, value, value] : value;
}
