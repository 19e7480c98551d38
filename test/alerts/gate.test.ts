import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { alertsService } from '../../src/alerts/service.ts';
import { loadConfig } from '../../src/app/config.ts';
import { createLog } from '../../src/base/log.ts';
import { openKeyFile } from '../../src/identity/key-file.ts';
import { openFileImages } from '../../src/images/files.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { createOpener } from '../channels/open-channel.ts';
import { openHttpSide } from '../channels/sides/http-side.ts';
import { openTestDatabase } from '../db/test-database.ts';
import { makeEvent } from '../store/make-event.ts';

const RULES = (url: string, ca: string) => `
channels:
  - id: gate
    name: Gate controller
    kind: webhook
    url: ${url}/open
    ca: ${JSON.stringify(ca)}
    signing_secret: { secret: GATE }
rules:
  - { id: staff, name: Staff, match: { exact: AB12CDE }, channels: [gate] }
`;

test('A plate of the file of rules opens the gate, and a correction takes that back', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-gate-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const gate = opened.use(await openHttpSide(() => ({ body: 'open' })));
  const { sql } = opened.use(await openTestDatabase());
  const bus = opened.use(await openInProcessBus(['alerts']));
  const file = path.join(folder, 'rules.yaml');
  await writeFile(file, RULES(gate.url, gate.ca ?? ''));
  const config = loadConfig({
    file: undefined,
    environment: { ALPR_ALERTS__SECRETS__GATE: `whsec_${Buffer.alloc(32, 7).toString('base64')}` },
    settings: [`data=${folder}`, `alerts.rules_file=${file}`],
  });
  opened.use(
    await alertsService.open({
      ...{ bus, sql, config, images: await openFileImages(folder), openChannel: createOpener() },
      keyFile: await openKeyFile(path.join(folder, 'key')),
      ...{ telemetry: new Telemetry(), tracing: NO_TRACING, log: createLog({ level: 'silent' }) },
    }),
  );
  const event = makeEvent({ text: 'AB12CDE' });
  await bus.publish('plates', [event]);
  const told = () => gate.asked.map(({ body }) => JSON.parse(body.toString()).type);
  await expect.poll(told, { timeout: 8000 }).toEqual(['alert.raised']);
  await bus.publish('plates', [
    { ...makeEvent({ text: 'XX1YYY' }), event_id: event.event_id, detected_at: event.detected_at, revision: 2 },
  ]);
  await expect.poll(told, { timeout: 8000 }).toEqual(['alert.raised', 'alert.withdrawn']);
});
