import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiConfigSchema } from '../../src/api/config.ts';
import { openApi } from '../../src/api/server.ts';
import { createLog } from '../../src/base/log.ts';
import { openMemoryBus } from '../../src/bus/memory.ts';
import { encodeEvent } from '../../src/contract/codec.ts';
import type { CameraStatus, LiveMeta } from '../../src/contract/live.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { DEFAULT_TOPICS as topics } from '../../src/contract/topics.ts';
import { openFileImages } from '../../src/images/files.ts';
import { ingestConfigSchema } from '../../src/ingest/config.ts';
import { runIngest } from '../../src/ingest/ingest.ts';
import type { SearchConfig } from '../../src/search/config.ts';
import { openSearch } from '../../src/search/open.ts';
import type { Hit, Reads } from '../../src/search/search.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { openTestDatabase } from '../db/test-database.ts';

/** The whole back end as it runs, on a free port, with its own database and an empty folder as the page. */
export async function openBackEnd(searched: SearchConfig = { kind: 'postgres' }) {
  const log = createLog({ level: 'silent' });
  const metrics = createMetrics();
  const opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-api-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const database = opened.use(await openTestDatabase());
  const { sql } = database;
  const images = opened.use(await openFileImages(path.join(folder, 'images')));
  const bus = opened.use(openMemoryBus({ requiredGroups: { [topics.plates]: ['ingest'] }, log }));
  opened.use(await runIngest({ bus, sql, topics, log, metrics, config: ingestConfigSchema.parse(undefined) }));
  const webRoot = path.join(folder, 'web');
  const search = opened.use(await openSearch({ config: searched, sql }));
  const options = { sql, search, images, bus, topics, metrics, log, version: '9.9.9', webRoot };
  const models = [{ name: 'alpr-detect', id: 'alpr-detect@0123456789ab', provider: 'cpu' }];
  const open = (config: object) =>
    openApi({
      ...options,
      config: apiConfigSchema.parse(config),
      systemInfo: () => ({ database: 'embedded', models }),
    });
  const api = opened.use(await open({ port: 0 }));
  const publishLive = (key: string, value: Uint8Array, headers: Record<string, string>) =>
    bus.publish([{ topic: topics.live, key, value, headers }]);
  return {
    url: api.url,
    port: Number(new URL(api.url).port),
    webRoot,
    images,
    databasePid: database.pid,
    sql,
    open,
    get: (address: string, headers: Record<string, string> = {}) => fetch(api.url + address, { headers }),
    getJson: async (address: string) => readAnswer(await fetch(api.url + address)),
    publish: (events: readonly PlateEvent[]) =>
      bus.publish(
        events.map((event) => ({
          topic: topics.plates,
          key: event.camera_id,
          value: encodeEvent(event),
          headers: {},
        })),
      ),
    publishPicture: (meta: LiveMeta, jpeg: Uint8Array) =>
      publishLive(meta.camera_id, jpeg, { kind: 'picture', meta: JSON.stringify(meta) }),
    publishCamera: (status: CameraStatus) =>
      publishLive(status.camera_id, Buffer.from(JSON.stringify(status)), { kind: 'camera' }),
    publishLive,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The fields that tests read out of answers, whichever route gave them. */
type Answer = Readonly<{
  events: readonly PlateEvent[];
  next: string | null;
  mode: string;
  results: readonly Hit[];
  bucket: string;
  reads: readonly Reads[];
  openapi: string;
  paths: object;
  cameras: readonly CameraStatus[];
  database: object;
  code: string;
}>;

export async function readAnswer(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}

export type BackEnd = Awaited<ReturnType<typeof openBackEnd>>;

/** A camera that runs and has nothing to tell. */
export function makeStatus(id: string): CameraStatus {
  return {
    camera_id: id,
    name: `Camera ${id}`,
    kind: 'simulator',
    state: 'running',
    message: 'Frames come',
    since: '2026-01-01T00:00:00.000Z',
    width: 1280,
    height: 720,
    frames_in: 10,
    frames_processed: 9,
    frames_dropped: { queue: 1 },
    fps_in: 10,
    fps_processed: 9,
    passages: 1,
    char_height_px: 21.5,
    detector_provider: 'cpu',
  };
}
