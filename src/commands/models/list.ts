import type { Config } from '../../app/config.ts';
import { modelFolders } from '../../app/open-vision.ts';
import { messageOf } from '../../base/errors.ts';
import { findModel, listModels, verifyModelFile } from '../../models/hub.ts';

/** Lists every model with its task, size, licence and whether its file is the one its manifest names; 1 when one is not. */
export async function listAll(config: Config): Promise<number> {
  const folders = modelFolders(config.models.folders);
  let faults = 0;
  for (const name of await listModels(folders)) {
    try {
      const found = await findModel(name, folders);
      await verifyModelFile(found);
      const { task, version, bytes, licence, sha256 } = found.manifest;
      const { detector, reader, vehicle } = config.models;
      const used = [detector, reader, vehicle].includes(name) ? 'in use' : '';
      const size = `${(bytes / 1e6).toFixed(1)} MB`;
      process.stdout.write(
        `${name.padEnd(20)} ${task.padEnd(7)} ${version.padEnd(8)} ${size.padStart(8)}  ${licence}  sha256 ${sha256.slice(0, 12)} verified  ${used}\n`,
      );
    } catch (error) {
      faults++;
      process.stdout.write(`${name.padEnd(20)} ${messageOf(error)}\n`);
    }
  }
  return faults > 0 ? 1 : 0;
}
