import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Log } from '../base/log.ts';
import type { Bus } from '../bus/bus.ts';
import type { Topics } from '../contract/topics.ts';
import type { Sql } from '../db/sql.ts';
import type { Images } from '../images/images.ts';
import type { Search, SearchHealth } from '../search/search.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ApiConfig } from './config.ts';
import type { LiveHub } from './live-hub.ts';

/** What runs beside the API, for `/health`. */
type SystemInfo = Readonly<{
  database: string;
  models: readonly Readonly<{ name: string; id: string; provider: string }>[];
}>;

/** Everything the API is given. */
export type ApiOptions = Readonly<{
  sql: Sql;
  search: Search & SearchHealth;
  images: Images;
  bus: Bus;
  topics: Topics;
  config: ApiConfig;
  metrics: Metrics;
  log: Log;
  version: string;
  /** Folder of the built page; it may be missing. */
  webRoot: string;
  systemInfo: () => SystemInfo;
}>;

/** What each group of routes is given. */
export type ApiContext = ApiOptions & Readonly<{ hub: LiveHub }>;

/** The HTTP server with zod schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
