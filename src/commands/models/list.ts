import type { Config } from '../../app/config.ts';
import { modelFolders } from '../../app/open-vision.ts';
import { messageOf } from '../../base/errors.ts';
import { findModel, listModels, verifyModelFile } from '../../models/hub.ts';
import { openModelRegistry } from '../../models/registry/open.ts';
import type { ModelVersion } from '../../models/registry/registry.ts';
import { formatColumns } from '../format-columns.ts';

/** Lists the models of this machine and the versions of the registry; 1 when one of either cannot be used. */
export async function listAll(config: Config): Promise<number> {
  const faults = (await listHere(config)) + (await listVersions(config));
  return faults > 0 ? 1 : 0;
}

/** Every version with what it is for and why it cannot be used, if so; how many cannot. */
async function listVersions(config: Config): Promise<number> {
  await using registry = await openModelRegistry({ config: config.models.registry, dataFolder: config.data });
  const versions = await registry.list();
  if (versions.length === 0) return 0;
  const heads = ['registry', 'version', 'weights', 'made', 'model.json', 'licence', 'use'];
  process.stdout.write(`\n${formatColumns([heads, ...versions.map(formatVersion)])}\n`);
  return versions.filter(({ fault }) => fault !== null).length;
}

function formatVersion({ model, version, id, createdAt, card, aliases, canaryCameras, fault }: ModelVersion): string[] {
  const cameras = canaryCameras.length > 0 ? [`on ${canaryCameras.join(', ')}`] : [];
  const use = fault === null ? [...aliases, ...cameras].join(', ') : `NOT USABLE: ${fault}`;
  const weights = id.split('@')[1] ?? '';
  return [model, version, weights, createdAt.slice(0, 10), card?.model_version ?? '', card?.licence ?? '', use];
}

/** Every model with its task, size, licence and whether its file is the one its manifest names; how many are not. */
async function listHere(config: Config): Promise<number> {
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
  return faults;
}
