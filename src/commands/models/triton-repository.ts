import type { Config } from '../../app/config.ts';
import { modelFolders } from '../../app/open-vision.ts';
import { createLog } from '../../base/log.ts';
import { writeTritonRepository } from '../../models/triton/write-repository.ts';

/** Writes a model repository for Triton with the models named, or those of the configuration. */
export async function writeRepository(
  config: Config,
  folder: string,
  names: readonly string[],
  { python = false }: Readonly<{ python?: boolean }>,
): Promise<void> {
  const { detector, reader, vehicle } = config.models;
  const used = [...new Set([detector, reader, ...(vehicle === undefined ? [] : [vehicle])])];
  const written = await writeTritonRepository({
    folder,
    models: names.length > 0 ? names : used,
    folders: modelFolders(config.models.folders),
    python,
    log: createLog({ ...config.log, level: 'warn' }),
  });
  for (const name of written) process.stdout.write(`${name}\n`);
  process.stdout.write(`\ntritonserver --model-repository=${folder}/models\n`);
}
