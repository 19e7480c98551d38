import type { ModelAlias } from './registry.ts';

/** What a kind of registry knows of a version: where it stands and its tags. An empty tag is none. */
export type StoredVersion = Readonly<{
  model: string;
  version: string;
  createdAt: string;
  aliases: readonly ModelAlias[];
  tags: Readonly<Record<string, string>>;
}>;

export type NewVersion = Readonly<{
  model: string;
  folder: string;
  /** Paths of all its files below `folder`. */
  paths: readonly string[];
  /** A sentence for people. */
  description: string;
  tags: Readonly<Record<string, string>>;
}>;

/** What each kind of registry does; what a version means and who may be trusted is the same for all: `createModelRegistry`. */
export interface VersionStore extends AsyncDisposable {
  readonly kind: string;
  /** All versions, or those of one model. */
  list(model?: string): Promise<readonly StoredVersion[]>;
  /** Resolves with its number once the version is there whole. */
  add(version: NewVersion): Promise<string>;
  setAlias(model: string, alias: ModelAlias, version: string | undefined): Promise<void>;
  setTags(model: string, version: string, tags: Readonly<Record<string, string>>): Promise<void>;
  read(model: string, version: string, path: string, from: number): Promise<NodeJS.ReadableStream>;
}
