import type { Config } from '../../app/config.ts';
import { modelFolders } from '../../app/open-vision.ts';
import { messageOf } from '../../base/errors.ts';
import { createLog } from '../../base/log.ts';
import { findModel, listModels } from '../../models/hub.ts';
import { openModel } from '../../models/open.ts';

/** Loads each model, or those named: hash, size, inputs and outputs must be those of its model.json; 1 when one is not. */
export async function verifyModels(config: Config, names: readonly string[]): Promise<number> {
  const { providers } = config.models;
  const folders = modelFolders(config.models.folders);
  const log = createLog({ ...config.log, level: 'warn' });
  let faults = 0;
  for (const name of names.length > 0 ? names : await listModels(folders)) {
    try {
      const { task } = (await findModel(name, folders)).manifest;
      await using model = await openModel({ model: name, task, folders, providers, workers: 1, threads: 1, log });
      process.stdout.write(
        `${name.padEnd(24)} ${model.manifest.decoder.padEnd(18)} runs on ${model.session.provider}\n`,
      );
    } catch (error) {
      faults++;
      process.stdout.write(`${name.padEnd(24)} ${messageOf(error)}\n`);
    }
  }
  return faults > 0 ? 1 : 0;
}
