import { expect, test } from 'vitest';
import { LiveHub } from '../../src/api/live-hub.ts';
import { createLog } from '../../src/base/log.ts';
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
