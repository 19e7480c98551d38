import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertsService } from '../../src/alerts/service.ts';
import { loadConfig } from '../../src/app/config.ts';
import { openServices } from '../../src/app/run.ts';
import { createLog } from '../../src/base/log.ts';
import type { Service } from '../../src/base/service.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { savePushSubscription } from '../../src/store/alerts/push.ts';
import { findFreePorts } from '../../tools/servers/ports.ts';
import { createBrowserSide } from '../channels/sides/browser-side.ts';
import { openHttpSide } from '../channels/sides/http-side.ts';
import { shareDatabase } from '../servers/servers.ts';
import { makeEvent } from '../store/make-event.ts';

const RULES = `
channels:
  - { id: phones, name: Phones, kind: web_push, contact: 'mailto:gate@example.org' }
rules:
  - { id: watch, name: Watch, match: { exact: AB12CDE }, channels: [phones] }
`;
const log = createLog({ level: 'silent' });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-alone-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Hands the bus of the process to the test. */
function createTap(take: (bus: Bus) => void): Service<Readonly<{ bus: Bus }>, Readonly<{ config: object }>> {
  return {
    ...{ name: 'tap', summary: 'publish', needs: { bus: 'vital' }, groups: [] },
    async open({ bus }) {
      take(bus);
      return { [Symbol.asyncDispose]: async () => undefined };
    },
  };
}

test('alpr alerts alone answers /health and /metrics on its port, 8003 unless said, and tells browsers by the key file', async () => {
  expect(loadConfig({ environment: {}, settings: [] }).health.alerts).toBe(8003);
  await using database = await shareDatabase();
  await using side = await openHttpSide(() => ({ status: 201, body: '' }), { secure: false });
  const [port = 0] = await findFreePorts(1);
  const file = join(folder, 'rules.yaml');
  await writeFile(file, RULES);
  const settings = [
    ...[`data=${folder}`, 'database.kind=postgres', `database.url=${database.url}`, `health.alerts=${port}`],
    ...[`alerts.rules_file=${file}`, 'channels.allow=[127.0.0.1]'],
  ];
  const config = loadConfig({ environment: {}, settings });
  let bus: Bus | undefined;
  const tap = createTap((given) => {
    bus = given;
  });
  await using _ = await openServices({ config, command: 'alerts', services: [alertsService, tap], log });

  await using sql = await openPostgres({ connectionString: database.url, poolSize: 1, log });
  const [account] = await sql.query<{ id: string }>(
    "INSERT INTO user_accounts (name, role) VALUES ('ada', 'viewer') RETURNING id",
  );
  const browser = createBrowserSide();
  const keyFile = await openKeyFile(join(folder, config.accounts.key_file));
  const subscription = { accountId: account?.id ?? '', endpoint: `${side.url}/ada`, keys: browser.keys };
  await savePushSubscription(sql, keyFile, subscription);
  await bus?.publish('plates', [makeEvent({ text: 'AB12CDE' })]);
  await expect.poll(() => side.asked.length, { timeout: 15_000 }).toBe(1);
  expect(browser.read(side.asked[0]?.body ?? Buffer.alloc(0))).toContain('AB12CDE');

  const health = await fetch(`http://127.0.0.1:${port}/health`);
  const said = {
    status: 'ok',
    service: 'alerts',
    batches: { ok: true },
    channels: { ok: true },
    rules_file: { ok: true },
  };
  expect([health.status, await health.json()]).toMatchObject([200, said]);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/^alpr_alerts_works 1$/m);
  expect(metrics).toMatch(/^alpr_deliveries_total\{kind="web_push",outcome="sent"\} 1$/m);
}, 60_000);
