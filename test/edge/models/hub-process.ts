import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import type { Bus } from '../../../src/bus/bus.ts';
import { busConfigSchema } from '../../../src/bus/config.ts';
import { openBus } from '../../../src/bus/open.ts';
import type { ModelList } from '../../../src/contract/api/models.ts';
import type { PlateEvent } from '../../../src/contract/plate-event.ts';
import { Telemetry } from '../../../src/telemetry/telemetry.ts';
import { OwnBrowser, PASSWORD } from '../../api/own-browser.ts';
import type { Decided } from '../../promotion/compared-reads.ts';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'bin', 'alpr.js');
/** Decisions that somebody makes at once. */
const AT_ONCE = 8;
const DAY_MS = 86_400_000;

type HubOptions = Readonly<{ folder: string; databaseUrl: string; bus: object; models: object }>;

/** `alpr ingest` and `alpr serve` on Kafka and PostgreSQL, and a person who has signed in. */
export type Hub = AsyncDisposable &
  Readonly<{
    person: OwnBrowser;
    bus: Bus;
    models(): Promise<ModelList>;
    /** The final events of a camera between two times, as they are stored. */
    listFinals(camera: string, since: number, until?: number): Promise<readonly PlateEvent[]>;
    /** Publishes reads and, once they are stored, has the person decide on each. */
    review(reads: readonly Decided[]): Promise<void>;
  }>;

export async function startHub({ folder, databaseUrl, bus: busConfig, models }: HubOptions): Promise<Hub> {
  await using opened = new AsyncDisposableStack();
  const config = join(folder, 'hub.yaml');
  const [database, server] = [{ kind: 'postgres', url: databaseUrl }, { port: 0 }];
  const rest = { database, server, bus: busConfig, models, metrics: { report_seconds: 1 } };
  await writeFile(config, JSON.stringify({ data: join(folder, 'hub'), ...rest }));
  const start = async (command: string, until: RegExp) => {
    const child = spawn(process.execPath, [PROGRAM, '--config', config, command], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    opened.defer(async () => {
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    });
    let said = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      said += String(chunk);
      const found = until.exec(said);
      if (found) return found;
    }
    throw new Error(`alpr ${command} ended: ${said}`);
  };
  // The first one migrates the database.
  await start('ingest', /\n/);
  const [, url = '', token = ''] = await start('serve', /(http:\S+)\/setup#token=(\S+)\n/);
  const person = new OwnBrowser(url);
  expect((await person.post('/auth/setup', { token, name: 'ann', password: PASSWORD })).status).toBe(200);
  const log = createLog({ level: 'silent' });
  const { bus } = opened.use(
    await openBus({
      ...{ config: busConfigSchema.parse(busConfig), dataFolder: folder, client: 'test', requiredGroups: [], log },
      telemetry: new Telemetry(),
    }),
  );
  const sql = new pg.Client({ connectionString: databaseUrl });
  await sql.connect();
  opened.defer(() => sql.end());
  const decide = async ({ event, decision }: Decided) => {
    const answer = await person.post(`/api/v1/events/${event.event_id}/review`, decision);
    expect([200, 202]).toContain(answer.status);
  };
  const closing = opened.move();
  return {
    person,
    bus,
    models: async () => (await (await person.get('/api/v1/models')).json()) as ModelList,
    listFinals: async (camera, since, until = Date.now() + DAY_MS) => {
      const text = `SELECT event FROM plate_events WHERE camera_id = $1 AND status = 'final'
        AND detected_at >= $2 AND detected_at < $3 ORDER BY detected_at`;
      const { rows } = await sql.query<{ event: PlateEvent }>(text, [camera, new Date(since), new Date(until)]);
      return rows.map(({ event }) => event);
    },
    review: async (reads) => {
      await bus.publish(
        'plates',
        reads.map(({ event }) => event),
      );
      const ids = reads.map(({ event }) => event.event_id);
      const count = async () => (await sql.query('SELECT FROM plate_events WHERE event_id = ANY($1)', [ids])).rowCount;
      await expect.poll(count, { timeout: 60_000, interval: 200 }).toBe(ids.length);
      for (let at = 0; at < reads.length; at += AT_ONCE) await Promise.all(reads.slice(at, at + AT_ONCE).map(decide));
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
