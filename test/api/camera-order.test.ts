import { expect, test } from 'vitest';
import { LiveHub } from '../../src/api/live-hub.ts';
import { createLog } from '../../src/base/log.ts';
import type { Arrival } from '../../src/bus/bus.ts';
import type { LiveWatch } from '../../src/contract/live.ts';
import { openInProcessBus } from '../bus/open-in-process.ts';
import { openTestDatabase } from '../db/test-database.ts';
import { makeStatus } from './api-fixture.ts';

test('cameras are listed in the order of the configuration, however they report, and others follow by id', async () => {
  await using database = await openTestDatabase();
  await using bus = await openInProcessBus([]);
  const given = { bus, sql: database.sql, log: createLog({ level: 'silent' }), isOnDemand: false };
  await using hub = new LiveHub({ ...given, cameraOrder: ['west', 'gate', 'east'] });
  await hub.open();
  for (const id of ['yard', 'east', 'attic', 'west', 'gate']) {
    await bus.publish('live', [{ kind: 'camera', status: makeStatus(id) }]);
  }
  expect(hub.cameras(undefined).map(({ camera_id }) => camera_id)).toEqual(['west', 'gate', 'east', 'attic', 'yard']);
});

test('nobody makes a camera send pictures that they may not see', async () => {
  await using database = await openTestDatabase();
  await using bus = await openInProcessBus([]);
  await using hub = new LiveHub({ bus, sql: database.sql, log: createLog({ level: 'silent' }), isOnDemand: true });
  await hub.open();
  const asked: unknown[] = [];
  const take = async (batch: readonly Arrival<LiveWatch>[]) => void asked.push(...batch.map((one) => one.read()));
  const edge = { group: 'edge', isOnlooker: true, maxBatch: 10, maxWaitMs: 0 };
  await using _ = await bus.subscribe({ topic: 'watch', ...edge }, take);
  await bus.publish('live', [{ kind: 'camera', status: { ...makeStatus('vault-in'), site_id: 'vault' } }]);
  const yard = { cameras: ['gate'], sites: ['yard'] };
  hub.picture('vault-in', yard);
  hub.picture('nowhere', yard);
  hub.picture('gate', yard);
  await expect.poll(() => asked).toMatchObject([{ cameras: ['gate'] }]);
});
