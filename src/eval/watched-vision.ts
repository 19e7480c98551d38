import type { Config } from '../app/config.ts';
import { openVision, type Vision } from '../app/open-vision.ts';
import { createLog } from '../base/log.ts';
import { StageClock } from './stage-clock.ts';

/** Both networks with a clock on each stage. */
export type WatchedVision = Vision & Readonly<{ clock: StageClock }>;

/** Opens the configured networks so that {@link StageClock} sees what each stage costs; `isRaw` leaves confidences uncalibrated. */
export async function openWatchedVision(config: Config, isRaw = false): Promise<WatchedVision> {
  const clock = new StageClock();
  const vision = await openVision(config, createLog({ ...config.log, level: 'warn' }), {
    readerSession: (session) => clock.watchSession(session),
    detector: (detector) => clock.watchDetector(detector),
    reader: (reader) => clock.watchReader(reader),
    isRaw,
  });
  return { ...vision, clock, [Symbol.asyncDispose]: () => vision[Symbol.asyncDispose]() };
}
