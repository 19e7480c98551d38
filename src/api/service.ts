import type { Audit } from '../audit/open-audit.ts';
import type { Log } from '../base/log.ts';
import type { Service, ServiceControl } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { Sql } from '../db/sql.ts';
import type { AccountsConfig } from '../identity/config.ts';
import type { Images } from '../images/images.ts';
import { leaveOutServers, type ModelsConfig } from '../models/config.ts';
import type { ModelRegistry } from '../models/registry/registry.ts';
import type { Privacy } from '../privacy/privacy.ts';
import type { Search } from '../search/search.ts';
import type { Health } from '../telemetry/health.ts';
import type { LogTail } from '../telemetry/log-ring.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import type { ApiConfig } from './config.ts';
import type { LoadedModel, TakeAlarms } from './context.ts';
import { requireShelter } from './guard.ts';
import type { PictureReader } from './picture-reader.ts';

type Needs = Readonly<{
  bus: Bus;
  sql: Sql;
  search: Search;
  images: Images;
  audit: Audit;
  privacy: Privacy;
  pictures: PictureReader;
  takeAlarms: TakeAlarms;
  registry: ModelRegistry;
}>;
type Context = Readonly<{
  config: Readonly<{
    server: ApiConfig;
    accounts: AccountsConfig;
    data: string;
    site: Readonly<{ id: string }>;
    cameras: readonly Readonly<{ id: string }>[];
    vision: unknown;
    models: ModelsConfig;
    tracing: Readonly<{ ui_url?: string | undefined }>;
  }>;
  livePictures: 'watched' | 'always' | 'never';
  models: () => readonly LoadedModel[];
  version: string;
  /** Folder of the built page; it may be missing. */
  webRoot: string;
  health: Health;
  telemetry: Telemetry;
  tracing: Tracing;
  log: Log;
  logTail: LogTail;
  services: ServiceControl;
}>;

/** The API and the page. Without the database there are no answers at all. */
export const apiService: Service<Needs, Context> = {
  name: 'serve',
  summary: 'serve the API and the page over what is stored, without cameras',
  needs: {
    bus: 'useful',
    sql: 'vital',
    search: 'useful',
    images: 'useful',
    audit: 'vital',
    privacy: 'useful',
    pictures: 'useful',
    takeAlarms: 'useful',
    registry: 'useful',
  },
  groups: [],
  check: async ({ server }) => requireShelter(server),
  async open({ config, livePictures, ...given }) {
    const { openApi } = await import('./server.ts');
    const api = await openApi({
      ...given,
      config: config.server,
      accounts: config.accounts,
      dataFolder: config.data,
      siteId: config.site.id,
      traceUrl: config.tracing.ui_url,
      cameraOrder: config.cameras.map(({ id }) => id),
      promotion: config.models.promotion,
      settings: { vision: config.vision, models: leaveOutServers(config.models) },
      isOnDemand: livePictures === 'watched',
    });
    return {
      url: api.url,
      ...(api.setUpLink !== undefined && { invitation: api.setUpLink }),
      announcement: `Serving what is stored: ${api.url}`,
      parts: [{ name: 'services', dependence: 'useful', check: () => checkServices(given.services) }],
      [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
    };
  },
};

/** Somebody may have stopped a service and forgotten it. */
async function checkServices(services: ServiceControl) {
  const standing = services.list().filter(({ state }) => state === 'stopped' || state === 'failed');
  if (standing.length === 0) return { ok: true };
  return { ok: false, message: `Not running: ${standing.map(({ name }) => name).join(', ')}` };
}
