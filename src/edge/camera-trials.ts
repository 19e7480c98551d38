import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type Bus, Undecodable } from '../bus/bus.ts';
import type { Camera } from '../camera/camera.ts';
import type { CameraConfig } from '../camera/config.ts';
import type { PageCamera, TrialAsk } from '../contract/page-camera.ts';
import type { Polygon } from '../vision/ignore-mask.ts';
import type { Pipeline } from '../vision/pipeline.ts';
import { type Tried, tryCamera } from './try-camera.ts';

/** Time that a camera has for its first picture, and that it is watched, milliseconds. */
const [WAIT_MS, WATCH_MS] = [8000, 3000];

/** Trials at once: they share the networks with the cameras at work. */
const MOST_AT_ONCE = 2;

type TrialsOptions = Readonly<{
  bus: Bus;
  siteId: string;
  openCamera: (config: CameraConfig) => Promise<Camera>;
  createPipeline: (camera: Camera, ignore: readonly Polygon[]) => Pipeline;
  unseal: (camera: Pick<PageCamera, 'settings' | 'secrets'>) => Promise<CameraConfig>;
  log: Log;
}>;

/** Tries cameras of this site for whoever is about to add or change one. */
export async function openCameraTrials(options: TrialsOptions): Promise<AsyncDisposable> {
  const { bus, siteId, log } = options;
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  const answer = async (ask: TrialAsk) => {
    const { trial, jpeg } = running.size >= MOST_AT_ONCE ? refuse() : await look(options, ask, closing.signal);
    await bus.publish('trials', [{ kind: 'answer', answer: { ...trial, trial: ask.trial }, jpeg }]);
  };
  const subscription = await bus.subscribe(
    { topic: 'trials', group: 'edge-trials', isOnlooker: true, maxBatch: 100, maxWaitMs: 0 },
    async (batch) => {
      for (const arrival of batch) {
        const message = arrival.read();
        if (message instanceof Undecodable) log.debug({ err: message.error }, 'a trial is not understood');
        else if (message.kind === 'ask' && message.ask.site === siteId) {
          const one: Promise<void> = answer(message.ask)
            .catch((err: unknown) => log.warn({ err }, 'what came of a trial is not told'))
            .finally(() => running.delete(one));
          running.add(one);
        }
      }
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      await subscription[Symbol.asyncDispose]();
      closing.abort();
      await Promise.all(running);
    },
  };
}

async function look(
  { openCamera, createPipeline, unseal }: TrialsOptions,
  ask: TrialAsk,
  signal: AbortSignal,
): Promise<Tried> {
  try {
    const config = await unseal(ask);
    return await tryCamera({ config, openCamera, createPipeline, waitMs: WAIT_MS, watchMs: WATCH_MS, signal });
  } catch (error) {
    return fail(messageOf(error));
  }
}

function refuse(): Tried {
  return fail('Other cameras are being tried right now; try again in a moment.');
}

function fail(problem: string): Tried {
  const nothing = { pictures: 0, width: 0, height: 0, plates: 0, char_height_px: null, legibility: null };
  return { trial: { ...nothing, seconds: 0, problem }, jpeg: new Uint8Array() };
}
