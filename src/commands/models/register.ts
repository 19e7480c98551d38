import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkGolden } from '../../app/check-golden.ts';
import type { Config } from '../../app/config.ts';
import { createLog } from '../../base/log.ts';
import { findModel } from '../../models/hub.ts';
import type { Manifest } from '../../models/manifest.ts';
import { openModel } from '../../models/open.ts';
import { openModelRegistry } from '../../models/registry/open.ts';
import { signFolder } from '../../models/registry/sign-folder.ts';
import { openExistingKey } from './key.ts';

/** Loads a model, compares it with its golden answers, signs it and keeps it in the registry. A folder that is signed already is kept as it is. */
export async function registerModel(config: Config, given: string): Promise<void> {
  const folder = resolve(given);
  const { manifest } = await findModel(folder, []);
  await using registry = await openModelRegistry({ config: config.models.registry, dataFolder: config.data });
  const golden = await tryModel(config, folder, manifest.task);
  await using opened = new AsyncDisposableStack();
  const signed = (await isThere(join(folder, 'signature.json')))
    ? { folder }
    : opened.use(await signFolder(folder, await openExistingKey(config)));
  const { model, version, id, files } = await registry.register(signed.folder);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const tried = golden > 0 ? `answers ${golden} golden pictures as expected` : 'loads; it has no golden pictures';
  process.stdout.write(`${model} ${version}  ${id}  ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB  ${tried}\n`);
  process.stdout.write(`Try it beside the champion:  alpr models promote ${model} ${version} --challenger\n`);
}

async function tryModel(config: Config, folder: string, task: Manifest['task']): Promise<number> {
  const { providers } = config.models;
  const log = createLog({ ...config.log, level: 'warn' });
  await using model = await openModel({ model: folder, task, folders: [], providers, workers: 1, threads: 1, log });
  return await checkGolden(model, folder);
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
