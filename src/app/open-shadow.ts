import type { Log } from '../base/log.ts';
import { type OpenedModel, openModel } from '../models/open.ts';
import { CoreBudget } from '../models/shadow/core-budget.ts';
import { createShadowMetrics } from '../models/shadow/metrics.ts';
import { ShadowQueue } from '../models/shadow/shadow-queue.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Config } from './config.ts';
import { modelFolders, type Vision } from './open-vision.ts';

/** Who reads in the shadow of the cameras' reader. */
export interface Shadow extends AsyncDisposable {
  /** Takes another challenger, or none; the one before is closed. MODEL_NOT_FOUND, MODEL_INVALID. */
  use(nameOrFolder: string | undefined): Promise<void>;
}

type ShadowOptions = Readonly<{
  config: Config;
  vision: Pick<Vision, 'createReader' | 'setShadow' | 'models'>;
  telemetry: Telemetry;
  log: Log;
}>;

/** Opens the challenger that the configuration names, if it names one. Its thread has the lowest priority that there is. */
export async function openShadow({ config, vision, telemetry, log }: ShadowOptions): Promise<Shadow> {
  const { shadow: settings, folders, providers } = config.models;
  const metrics = createShadowMetrics(telemetry);
  let closing: AsyncDisposableStack | undefined;
  const shadow: Shadow = {
    async use(nameOrFolder) {
      vision.setShadow(undefined);
      await closing?.disposeAsync();
      closing = undefined;
      if (nameOrFolder === undefined) return;
      const opened = await openModel({
        ...{ model: nameOrFolder, task: 'read', folders: modelFolders(folders), providers, log },
        ...{ workers: 1, threads: 1 },
        isBackground: true,
      });
      const queue = createQueue(opened);
      closing = new AsyncDisposableStack();
      closing.use(opened);
      closing.use(queue);
      const model = { name: opened.manifest.name, id: opened.id, provider: opened.session.provider };
      vision.setShadow({ reader: queue, model });
      log.info({ model: opened.id, cores: settings.cores }, 'a challenger reads in shadow');
      if (opened.id === vision.models.reader.id)
        log.warn({ model: opened.id }, 'the challenger has the same weights as the reader, so nothing is compared');
    },
    [Symbol.asyncDispose]: () => shadow.use(undefined),
  };
  const createQueue = (opened: OpenedModel<'read'>) =>
    new ShadowQueue({
      model: opened.id,
      reader: vision.createReader(opened),
      budget: new CoreBudget(settings.cores),
      computed: () => opened.session.computedMs ?? performance.now(),
      onOutcome: (outcome, looks) => metrics.looks.inc({ model: opened.id, outcome }, looks),
      onSpent: (ms) => metrics.spent.inc(ms / 1000),
      onError: (err) => log.warn({ err, model: opened.id }, 'a challenger cannot read'),
    });
  await shadow.use(settings.reader);
  return shadow;
}
