import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Audit } from '../audit/open-audit.ts';
import type { Log } from '../base/log.ts';
import type { ServiceControl } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { Alarm } from '../contract/alarm.ts';
import type { Sql } from '../db/sql.ts';
import type { AccountsConfig } from '../identity/config.ts';
import type { Images } from '../images/images.ts';
import type { ModelRegistry } from '../models/registry/registry.ts';
import type { Privacy } from '../privacy/privacy.ts';
import type { PromotionConfig } from '../promotion/config.ts';
import type { Search } from '../search/search.ts';
import type { Health } from '../telemetry/health.ts';
import type { LogTail } from '../telemetry/log-ring.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { Access } from './access/open-access.ts';
import type { CameraDesk } from './camera-desk.ts';
import type { ApiConfig } from './config.ts';
import type { LiveHub } from './live-hub.ts';
import type { ApiMetrics } from './metrics.ts';
import type { PictureReader } from './picture-reader.ts';
import type { ProcessReports } from './process-reports.ts';

/** A network in use: its name, its exact weights, the execution provider really used. */
export type LoadedModel = Readonly<{ name: string; id: string; provider: string }>;

/** Makes alerts of the alarms that a monitoring system reports. */
export type TakeAlarms = (alarms: readonly Alarm[]) => Promise<void>;

/** Everything the API is given. */
export type ApiOptions = Readonly<{
  sql: Sql;
  search: Search;
  images: Images;
  privacy: Privacy;
  pictures: PictureReader;
  takeAlarms: TakeAlarms;
  registry: ModelRegistry;
  bus: Bus;
  audit: Audit;
  config: ApiConfig;
  accounts: AccountsConfig;
  /** Folder for everything that is kept; files of the configuration lie below it. */
  dataFolder: string;
  /** The site of this process, whose edge runs cameras that are added without saying where. */
  siteId: string;
  /** Whether edges send live pictures only where somebody looks. */
  isOnDemand: boolean;
  /** Ids of the configured cameras, in the order of the file; those of other files follow by id. */
  cameraOrder?: readonly string[];
  /** When challengers take the place of the reader. */
  promotion: PromotionConfig;
  /** Networks that run in this process now. */
  models: () => readonly LoadedModel[];
  /** How plates are read here: parts of the configuration, by name, which evidence takes along. */
  settings?: Readonly<Record<string, unknown>>;
  health: Health;
  telemetry: Telemetry;
  tracing?: Tracing;
  /** Where people look at a trace, with `{trace_id}` in it. */
  traceUrl?: string | undefined;
  log: Log;
  /** The newest lines of the log. */
  logTail: LogTail;
  /** The services of this process. */
  services: ServiceControl;
  version: string;
  /** Folder of the built page; it may be missing. */
  webRoot: string;
}>;

/** What each group of routes is given. */
export type ApiContext = ApiOptions &
  Omit<Access, keyof Disposable> &
  Readonly<{ hub: LiveHub; desk: CameraDesk; reports: ProcessReports; metrics: ApiMetrics }>;

/** The HTTP server with zod schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
