import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { createOpeners } from '../../src/app/resources.ts';
import type { GivenPart } from '../../src/base/service.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { keepLog } from '../camera/log.ts';

test('An edge that computes for an inference server that is away is degraded, and its models say who computes', async () => {
  const data = await mkdtemp(join(tmpdir(), 'model-server-'));
  // Nothing listens at port 9 of this machine.
  const server = ['models.server.url=http://127.0.0.1:9', 'models.server.when_away=local'];
  const config = loadConfig({ environment: {}, settings: [`data=${data}`, ...server] });
  const telemetry = new Telemetry();
  const parts: GivenPart[] = [];
  await using opened = new AsyncDisposableStack();
  const openers = createOpeners({
    ...{ config, command: 'edge', telemetry, log: keepLog(), requiredGroups: [], takesPictures: true, opened },
    onPart: (_, part) => parts.push(part),
  });
  const vision = await openers.vision();
  expect(parts).toMatchObject([{ name: 'inference server', dependence: 'useful' }]);
  await expect(parts[0]?.check()).rejects.toMatchObject({ code: 'INFERENCE_SERVER_AWAY' });
  expect(vision.models).toMatchObject({ detector: { provider: 'cpu' }, reader: { provider: 'cpu' } });
  expect((await telemetry.format()).text).toContain('alpr_inference_server_works 0');
  await rm(data, { recursive: true });
});
