import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../base/log.ts';
import type { LoadedManifest } from '../dictionary.ts';
import { findModel, verifyModelFile } from '../hub.ts';
import { nameOnServer } from '../kserve/model-server.ts';
import { openOnnxSession } from '../onnx.ts';
import type { Signature } from '../onnx-messages.ts';
import { formatTritonConfig, hasFreeBatch, isFree } from './config-pbtxt.ts';

const ASSETS = import.meta.dirname;
const FOR_PLANS = ['build-plans.sh', 'to-float.py', 'pictures.py'];

/** Pictures in one run of a network at most. */
const MOST_BATCH = 16;

type RepositoryOptions = Readonly<{
  folder: string;
  /** Names, or folders, of models. */
  models: readonly string[];
  folders: readonly string[];
  /** For a Triton that has the Python back end alone. */
  python: boolean;
  log: Log;
}>;

/** Writes a folder from which Triton serves the models, and resolves to their names there. MODEL_NOT_FOUND, MODEL_INVALID. */
export async function writeTritonRepository(options: RepositoryOptions): Promise<readonly string[]> {
  const { folder, python, log } = options;
  const written: string[] = [];
  const builds: string[] = [];
  for (const name of options.models) {
    const found = await findModel(name, options.folders);
    const file = await verifyModelFile(found);
    await using network = await openOnnxSession({ file, providers: ['cpu'], workers: 1, threads: 1, log });
    const { signature } = network;
    const model = nameOnServer(found.manifest);
    const version = join(folder, 'models', model, '1');
    await mkdir(version, { recursive: true });
    await copyFile(file, join(version, 'model.onnx'));
    if (python) await copyFile(join(ASSETS, 'model.py'), join(version, 'model.py'));
    const config = formatTritonConfig({ model, signature, maxBatch: limitBatch(found.manifest), python });
    await writeFile(join(version, '..', 'config.pbtxt'), config);
    builds.push(formatBuild(model, found.manifest, signature));
    written.push(model);
  }
  await copyFile(join(ASSETS, 'README.md'), join(folder, 'README.md'));
  if (!python) await writePlanScripts(folder, builds);
  return written;
}

async function writePlanScripts(folder: string, builds: readonly string[]): Promise<void> {
  for (const name of FOR_PLANS) await copyFile(join(ASSETS, name), join(folder, name));
  const script = join(folder, 'build-plans.sh');
  const text = await readFile(script, 'utf8');
  await writeFile(script, text.replace(/# models: begin\n# models: end/, builds.join('\n')));
  await chmod(script, 0o755);
}

function limitBatch(manifest: LoadedManifest): number {
  return 'max_batch' in manifest && manifest.max_batch !== undefined ? manifest.max_batch : MOST_BATCH;
}

/** The line of build-plans.sh: model, input, size, and the least, usual and greatest shape where some sizes are free. */
function formatBuild(model: string, manifest: LoadedManifest, signature: Signature): string {
  const { name, width, height, layout } = manifest.input;
  const shape = signature.inputs.find((input) => input.name === name)?.shape ?? [];
  const words = [model, name, `${height}x${width}`];
  if (!shape.some(isFree)) return `build ${words.join(' ')}`;
  const side = 2 * Math.max(width, height);
  const at = (batch: number, high: number, wide: number) => {
    const sizes = layout === 'NHWC' ? [batch, high, wide, 3] : [batch, 3, high, wide];
    return shape.map((size, axis) => (isFree(size) ? sizes[axis] : size)).join('x');
  };
  const most = hasFreeBatch(signature) ? limitBatch(manifest) : 1;
  const shapes = [at(1, 32, 32), at(Math.ceil(most / 4), height, width), at(most, side, side)];
  return `build ${[...words, ...shapes].join(' ')}`;
}
