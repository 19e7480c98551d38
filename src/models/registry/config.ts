import { z } from 'zod';

const common = {
  poll_s: z
    .int()
    .min(1)
    .max(86_400)
    .meta({ unit: 'seconds' })
    .default(30)
    .describe(
      'Time between two checks of the registry. Raising it brings promoted models to the edges later and loads the registry less.',
    ),
  trusted_keys: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Public keys (PEM), or files with one, whose signed versions may run here. The key of `signing_key`, if it is on this machine, is trusted too.',
    ),
  signing_key: z
    .string()
    .min(1)
    .default('model-signing-key.pem')
    .describe(
      'File of the private key that `alpr models register` signs with and `alpr models key` makes; a relative one lies in the data folder.',
    ),
} as const;

const folder = z.strictObject({
  kind: z.literal('folder').describe('Versions in a folder, which several machines may share.'),
  folder: z
    .string()
    .min(1)
    .default('registry')
    .describe('Folder of the registry; a relative one lies below the data folder.'),
  ...common,
});

/** A registry on MLflow. */
const mlflow = z.strictObject({
  kind: z.literal('mlflow').describe('MLflow 2.9 or later, with its artifacts behind its own address.'),
  url: z
    .string()
    .regex(/^https?:\/\/[^\s?#@]+$/, 'expected http(s)://host:port, without a password')
    .default('http://127.0.0.1:5000')
    .describe('Address of the tracking server.'),
  username: z.string().min(1).optional().describe('User name for basic authentication.'),
  password: z.string().min(1).optional().describe('Password for basic authentication; best set in the environment.'),
  token: z
    .string()
    .min(1)
    .optional()
    .describe('Bearer token instead of a user name and password; best set in the environment.'),
  experiment: z
    .string()
    .min(1)
    .max(200)
    .default('alpr-models')
    .describe('Experiment that gets a run for each registered version; it is created if it does not exist.'),
  timeout_ms: z
    .int()
    .min(100)
    .max(300_000)
    .meta({ unit: 'milliseconds' })
    .default(15_000)
    .describe('Longest wait for an answer, or for the next bytes of a file. Raise it for a distant or slow server.'),
  ...common,
});

/** Where versions of models come from. */
export const modelRegistryConfigSchema = z
  .discriminatedUnion('kind', [folder, mlflow])
  .prefault({ kind: 'folder' })
  .describe('Where versions of models are kept, promoted and rolled back.');

export type ModelRegistryConfig = Readonly<z.infer<typeof modelRegistryConfigSchema>>;
export type MlflowConfig = Readonly<z.infer<typeof mlflow>>;
