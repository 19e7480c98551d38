import { z } from 'zod';
import { promotionConfigSchema } from '../promotion/config.ts';
import { modelServerSchema } from './kserve/config.ts';
import { modelRegistryConfigSchema } from './registry/config.ts';
import { shadowConfigSchema } from './shadow/config.ts';

/**
 * Execution providers of ONNX Runtime that this program can request; `auto` uses CUDA if it works, otherwise the CPU.
 */
const providerSchema = z.enum(['auto', 'tensorrt', 'cuda', 'webgpu', 'cpu']);

export type ProviderName = z.infer<typeof providerSchema>;

/** Which networks are used and how they run. */
export const modelsConfigSchema = z
  .strictObject({
    detector: z.string().min(1).default('alpr-detect').describe('Name or folder of the model that finds plates.'),
    vehicle: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name or folder of a second detector that finds vehicles. If left out, `detector` finds the vehicles that it knows.',
      ),
    reader: z.string().min(1).default('alpr-read').describe('Name or folder of the model that reads plates.'),
    words: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Name or folder of a model that reads the words above and below the number of American plates, which name the state: `alpr-words`. If left out, the look of a plate and its numbering tell the state, which they often cannot.',
      ),
    folders: z
      .array(z.string().min(1))
      .min(1)
      .default(['models'])
      .describe('Folders in which models are looked up by name; the first that has the name wins.'),
    formats: z
      .string()
      .min(1)
      .default('plate-formats/plates.json')
      .describe('File of the number formats of countries and states, looked up here and beside the program.'),
    providers: z
      .array(providerSchema)
      .min(1)
      .default(['auto'])
      .describe('Execution providers, tried in this order. If none of them works, the program refuses to start.'),
    workers: z
      .int()
      .min(1)
      .max(64)
      .meta({ unit: 'threads' })
      .default(1)
      .describe(
        'Worker threads of each model. Raising it runs more pictures at once; each keeps a copy of the weights.',
      ),
    threads: z
      .int()
      .min(1)
      .max(64)
      .meta({ unit: 'threads' })
      .default(1)
      .describe('Threads inside each worker. Raising it makes one picture faster and uses the cores less well.'),
    server: modelServerSchema.optional(),
    registry: modelRegistryConfigSchema,
    shadow: shadowConfigSchema,
    promotion: promotionConfigSchema,
  })
  .prefault({})
  .describe('Which networks are used, and how they are run.');

export type ModelsConfig = Readonly<z.infer<typeof modelsConfigSchema>>;

/** The settings of the networks alone, as evidence states them: those of servers have passwords and tokens. */
export function leaveOutServers({ registry: _, server: __, ...models }: ModelsConfig) {
  return models;
}
