import type { Log } from '../base/log.ts';
import { chooseStart, forgetStart } from '../edge/models/choose-start.ts';
import { modelFolderOf } from '../edge/models/sync-state.ts';
import { isAway } from '../models/kserve/model-server.ts';
import type { Config } from './config.ts';
import { type OfProcess, openVision, type Vision } from './open-vision.ts';

/** The networks of an edge: the versions that it ran last, or else those that the configuration names. */
export async function openEdgeVision(config: Config, log: Log, process: OfProcess = {}): Promise<Vision> {
  if (!config.edge.models.follow_registry) return openVision(config, log, undefined, process);
  const folder = modelFolderOf(config);
  const chosen = await chooseStart({ folder, configured: config.models, log });
  if (Object.keys(chosen).length === 0) return openVision(config, log, undefined, process);
  try {
    return await openVision({ ...config, models: { ...config.models, ...chosen } }, log, undefined, process);
  } catch (err) {
    // The versions are as good as they were.
    if (isAway(err)) throw err;
    log.error({ err }, 'the model versions that ran here cannot be opened; using the configured models');
    await forgetStart(folder, log);
    return openVision(config, log, undefined, process);
  }
}
