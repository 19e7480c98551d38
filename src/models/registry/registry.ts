import type { VersionCard } from './card.ts';
import type { TrustedKeys } from './trusted-keys.ts';

/** What a version can be for a model: what all cameras run, or what is tried beside it. */
export const MODEL_ALIASES = ['champion', 'challenger'] as const;
export type ModelAlias = (typeof MODEL_ALIASES)[number];

export type VersionFile = Readonly<{ path: string; bytes: number; sha256: string }>;

/** One version of a model in a registry. It never changes, except for what is decided about it: aliases, cameras, times. */
export type ModelVersion = Readonly<{
  model: string;
  version: string;
  /** `name@` and the first 12 digits of the weights' sha256, as events have it. */
  id: string;
  createdAt: string;
  aliases: readonly ModelAlias[];
  /** Cameras that run this version although another one is the champion. */
  canaryCameras: readonly string[];
  /** When it last became the champion, and when it was rolled back since; null if never. */
  championAt: string | null;
  rolledBackAt: string | null;
  /** All files but the signature, as the signature lists them; none where that cannot be read. */
  files: readonly VersionFile[];
  /** Null where it cannot be read. */
  card: VersionCard | null;
  /** Why it must not be used: it is damaged, or no trusted key has signed it. Null when it may be. */
  fault: string | null;
}>;

/** A version that is asked for; where its files are named, a folder that is there must hold them. */
export type WantedVersion = Pick<ModelVersion, 'model' | 'version'> & Partial<Pick<ModelVersion, 'files'>>;

/**
 * Where versions of models are kept and what is decided about them. MODEL_REGISTRY_UNAVAILABLE when it does not answer in time or
 * not as it should, MODEL_REGISTRY_REFUSED when it refuses the credentials or a request for good, NOT_FOUND for a version that it
 * does not have.
 */
export interface ModelRegistry extends AsyncDisposable {
  readonly kind: string;
  /** Keys whose versions may be used here. */
  readonly trusted: TrustedKeys;
  /** All versions, the newest of each model first. One that is damaged is among them, with its fault. */
  list(): Promise<readonly ModelVersion[]>;
  /** Keeps a signed folder as a new version; the same folder again is the version that is there. MODEL_UNTRUSTED if it is not signed by a trusted key. */
  register(folder: string): Promise<ModelVersion>;
  /** Moves an alias to a version, or takes it away. MODEL_UNTRUSTED for a version with a fault, CONFLICT for one that is already the champion. */
  setAlias(model: string, alias: ModelAlias, version: string | undefined): Promise<void>;
  /** Names the cameras that run this version; none ends it. */
  setCanary(model: string, version: string, cameras: readonly string[]): Promise<void>;
  /** Makes the champion before the current one the champion again, and returns it. CONFLICT if there was none, MODEL_UNTRUSTED if it must not be used. */
  rollBack(model: string): Promise<ModelVersion>;
  /** A file of a version from a byte on: one of its files, or its `signature.json`. */
  read(version: Pick<ModelVersion, 'model' | 'version'>, path: string, from: number): Promise<NodeJS.ReadableStream>;
  /** Fetches a version into a folder, and resumes a fetch that was cut off; the folder appears complete and signed, or not at all. MODEL_UNTRUSTED, CONFLICT. */
  pull(version: WantedVersion, folder: string, signal?: AbortSignal): Promise<void>;
}
