import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertsService } from '../../src/alerts/service.ts';
import { loadConfig } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { startAlertmanager } from '../../tools/observe/alertmanager.ts';
import { type BackEnd, openBackEnd } from '../api/api-fixture.ts';
import { createOpener } from '../channels/open-channel.ts';
import { openHttpSide } from '../channels/sides/http-side.ts';
import { describeWith } from '../servers/describe-with.ts';

const patient = { timeout: 30_000, interval: 50 };
const FILE = path.resolve(import.meta.dirname, '../../deploy/alertmanager/alertmanager.yaml');

describeWith(['alertmanager'], 'A real Alertmanager with the configuration of deploy/', () => {
  test('brings an alarm and its end to a channel, each once, though it repeats them', async () => {
    await using opened = new AsyncDisposableStack();
    const side = opened.use(await openHttpSide(() => ({ body: 'ok' }), { secure: false }));
    const back = opened.use(await openBackEnd());
    opened.use(await openAlerts(back, `${side.url}/hook`));
    const alertmanager = opened.use(await startAlertmanager({ config: await readConfig(back) }));
    const told = () => side.asked.map(({ body }) => JSON.parse(body.toString()).type);
    const send = async (more: object) => {
      const labels = { alertname: 'AlprCameraDown', camera: 'gate', severity: 'warning' };
      const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ labels, annotations: { summary: 'The camera gate is down.' }, ...more }]),
      });
      expect(response.status).toBe(200);
    };
    const countReports = async () =>
      (await back.sql.query("SELECT FROM audit_entries WHERE entry->>'operation' = 'takeAlarms'")).length;
    await send({});
    await expect.poll(told, patient).toEqual(['alert.raised']);
    const before = await countReports();
    await expect.poll(countReports, patient).toBeGreaterThan(before + 1);
    expect(told()).toEqual(['alert.raised']);
    await send({ endsAt: new Date().toISOString() });
    await expect.poll(told, patient).toEqual(['alert.raised', 'alert.withdrawn']);
  }, 120_000);
});

/** The service of alerts beside that back end, with one rule about alarms and one webhook. */
async function openAlerts({ sql, bus, images, folder }: BackEnd, url: string): Promise<AsyncDisposable> {
  const file = path.join(folder, 'rules.yaml');
  await writeFile(
    file,
    `channels: [{ id: hook, name: Hook, kind: webhook, url: "${url}" }]
rules: [{ id: alarms, name: Alarms, system: { alarm: {} }, channels: [hook] }]\n`,
  );
  const config = loadConfig({
    file: undefined,
    environment: {},
    settings: [`data=${folder}`, `alerts.rules_file=${file}`],
  });
  const keyFile = await openKeyFile(path.join(folder, 'key'));
  const [telemetry, log] = [new Telemetry(), createLog({ level: 'silent' })];
  return alertsService.open({
    bus,
    sql,
    config,
    images,
    keyFile,
    openChannel: createOpener(),
    telemetry,
    tracing: NO_TRACING,
    log,
  });
}

/** With the address and a token of that back end, and without its patience. */
async function readConfig({ sql, url, folder }: BackEnd): Promise<Record<string, unknown>> {
  const { secret } = await createApiToken(sql, { name: 'am', permissions: ['alarms'], scope: undefined });
  const token = path.join(folder, 'token');
  await writeFile(token, secret, { mode: 0o600 });
  return parse(
    readFileSync(FILE, 'utf8')
      .replace(/^( +group_wait): .+$/m, '$1: 0s')
      .replace(/^( +(?:group|repeat)_interval): .+$/gm, '$1: 1s')
      .replace('http://127.0.0.1:8000', url)
      .replace('/run/tokens/alarms', token),
  );
}
