import type { Config } from '../app/config.ts';
import { modelFolders } from '../app/open-vision.ts';
import { findModel } from '../models/hub.ts';

/** The configuration with one model, by name or folder, in the place of the detector or the reader, as its task says. */
export async function replaceModel(config: Config, model: string): Promise<Config> {
  const { manifest } = await findModel(model, modelFolders(config.models.folders));
  const part = manifest.task === 'detect' ? { detector: model } : { reader: model };
  return { ...config, models: { ...config.models, ...part } };
}

/** The characters that the configured reader knows, where its manifest names them. */
export async function findAlphabet(config: Config): Promise<string | undefined> {
  const { manifest } = await findModel(config.models.reader, modelFolders(config.models.folders));
  return 'alphabet' in manifest ? manifest.alphabet : undefined;
}
