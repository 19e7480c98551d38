import { z } from 'zod';
import type { Manifest } from '../manifest.ts';
import { sha256 } from '../manifest-common.ts';

/** What people need to know of a version before they run it: where it comes from, what it may be used for and how good it is. */
const versionCardSchema = z.looseObject({
  model: z.string().min(1).max(200),
  /** The version that model.json states. */
  model_version: z.string().min(1).max(200),
  task: z.enum(['detect', 'read', 'words']),
  decoder: z.string().min(1).max(200),
  /** Digest of the weights. */
  weights_sha256: sha256,
  licence: z.string().min(1),
  trained_from: z.looseObject({ what: z.string(), sha256: sha256.nullable() }).nullable(),
  /** What it was trained on, with the digest of each. */
  data: z.array(z.looseObject({ name: z.string(), licence: z.string() })),
  metrics: z.array(z.looseObject({})),
  calibration: z.looseObject({ temperature: z.number() }),
});

export type VersionCard = Readonly<z.infer<typeof versionCardSchema>>;

type Described = Pick<
  Manifest,
  | 'name'
  | 'version'
  | 'task'
  | 'decoder'
  | 'sha256'
  | 'licence'
  | 'initialised_from'
  | 'training'
  | 'data'
  | 'metrics'
  | 'calibration'
>;

/** The card of a model folder: what its `model.json` says. */
export function describeCard(manifest: Described): VersionCard {
  return {
    model: manifest.name,
    model_version: manifest.version,
    task: manifest.task,
    decoder: manifest.decoder,
    weights_sha256: manifest.sha256,
    licence: manifest.licence,
    trained_from: manifest.initialised_from ?? null,
    data: manifest.data,
    metrics: manifest.metrics,
    calibration: manifest.calibration,
    ...(manifest.training !== undefined && { training: manifest.training }),
  };
}

/** A card as JSON; a sentence on what is wrong with it otherwise. */
export function parseCard(text: string): VersionCard | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'card.json is not JSON';
  }
  const parsed = versionCardSchema.safeParse(json);
  return parsed.success ? parsed.data : `card.json does not fit: ${z.prettifyError(parsed.error)}`;
}
