import { AlprError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Session } from '../vision/session.ts';
import { checkSignature } from './check-signature.ts';
import type { ProviderName } from './config.ts';
import type { LoadedManifest } from './dictionary.ts';
import { findModel, verifyModelFile } from './hub.ts';
import type { OpenedModelServer } from './kserve/open.ts';
import { openOnnxSession } from './onnx.ts';

/** A model ready to run; `id` names its exact weights. */
export type OpenedModel<Task extends LoadedManifest['task'] = LoadedManifest['task']> = AsyncDisposable &
  Readonly<{
    manifest: Extract<LoadedManifest, { task: Task }>;
    session: Session;
    /** Where its files lie. */
    folder: string;
    /** `name@` and the first 12 digits of the weights' sha256. */
    id: string;
  }>;

/** Finds, verifies and loads the model for a task; MODEL_NOT_FOUND, MODEL_INVALID or PROVIDER_UNAVAILABLE otherwise, and INFERENCE_SERVER_AWAY. */
export async function openModel<Task extends LoadedManifest['task']>(options: {
  /** Name, or folder, of the model. */
  model: string;
  task: Task;
  folders: readonly string[];
  providers: readonly ProviderName[];
  workers: number;
  threads: number;
  /** Runs it in place of this process. */
  server?: OpenedModelServer | undefined;
  /** Runs only on what all other threads of the machine leave. */
  isBackground?: boolean;
  log: Log;
}): Promise<OpenedModel<Task>> {
  const found = await findModel(options.model, options.folders);
  const { manifest } = found;
  if (!hasTask(manifest, options.task)) {
    const message = `Model "${options.model}" has the task "${manifest.task}", expected "${options.task}". Name another model.`;
    throw new AlprError('MODEL_INVALID', message);
  }
  const openLocal = async () => {
    const file = await verifyModelFile(found);
    const session = await openOnnxSession({ ...options, file });
    try {
      checkSignature(manifest, session.signature, file);
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
    return session;
  };
  const session = await (options.server?.open(manifest, openLocal) ?? openLocal());
  return {
    manifest,
    session,
    folder: found.folder,
    id: `${manifest.name}@${manifest.sha256.slice(0, 12)}`,
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

function hasTask<Task extends LoadedManifest['task']>(
  manifest: LoadedManifest,
  task: Task,
): manifest is Extract<LoadedManifest, { task: Task }> {
  return manifest.task === task;
}
