import type { Log } from '../base/log.ts';
import type { ServiceControl } from '../base/service.ts';
import type { Health } from '../telemetry/health.ts';
import type { LogTail } from '../telemetry/log-ring.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Config } from './config.ts';
import type { LoadedModel } from './open-vision.ts';

/** What every service is given. */
export type ProcessContext = Readonly<{
  config: Config;
  /** When live pictures are shown: within one process, where they cost no network, always unless never. */
  livePictures: Config['edge']['live_pictures'];
  /** Networks that run in this process now. */
  models: () => readonly LoadedModel[];
  version: string;
  /** Folder of the built page; it may be missing. */
  webRoot: string;
  /** Of this service. */
  health: Health;
  telemetry: Telemetry;
  /** Of this service. */
  tracing: Tracing;
  log: Log;
  /** The newest lines of the log. */
  logTail: LogTail;
  /** The services of this process. */
  services: ServiceControl;
}>;
