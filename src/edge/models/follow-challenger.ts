import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AlprError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ModelRegistry, ModelVersion } from '../../models/registry/registry.ts';

/** Who reads beside the cameras' reader: the model in a folder, or nobody. */
export type Shadow = Readonly<{ use(folder: string | undefined): Promise<void> }>;

type Parts = Readonly<{
  shadow: Shadow;
  registry: Pick<ModelRegistry, 'pull'>;
  /** Folder of the challenger's files. */
  folder: string;
  log: Log;
}>;

/** Has the challenger of the registry read in the shadow; one that cannot be opened is tried again when it changes. */
export class ChallengerSync {
  readonly #parts: Parts;
  /** The version that was taken last, or that cannot be. */
  #settled = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async follow(versions: readonly ModelVersion[], signal: AbortSignal): Promise<void> {
    const { shadow, registry, folder, log } = this.#parts;
    const named = versions.find(({ aliases }) => aliases.includes('challenger'));
    const wanted = named ? `${named.version} ${named.id} ${named.fault ?? ''}` : '';
    if (wanted === this.#settled) return;
    const challenger = named?.fault === null ? named : undefined;
    if (named?.fault) log.warn({ version: named.version, why: named.fault }, 'a challenger must not be used');
    try {
      await shadow.use(undefined);
      await rm(folder, { recursive: true, force: true });
      if (challenger) {
        const place = join(folder, challenger.id.replace('@', '-'));
        await registry.pull(challenger, place, signal);
        await shadow.use(place);
      }
    } catch (err) {
      if (signal.aborted || !(err instanceof AlprError) || err.retry) throw err;
      log.warn({ err, version: challenger?.version }, 'a challenger cannot be used');
    }
    this.#settled = wanted;
  }
}
