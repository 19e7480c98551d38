import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killAmidAlerts } from '../../tools/soak/alerts.ts';
import { describeWith, shareDatabase, shareKafka, uniqueName } from '../servers/servers.ts';

describeWith(['kafka'], 'Alerts of processes that are killed', () => {
  test('one rule and one passage have one alert, which says what the newest read says, whichever process is killed', async () => {
    await using database = await shareDatabase();
    const { brokers } = await shareKafka();
    const folder = await mkdtemp(join(tmpdir(), 'alpr-alerts-killed-'));
    const given = { url: database.url, brokers, folder, prefix: uniqueName('alerts') };
    const { expected, ...verdict } = await killAmidAlerts({ ...given, passages: 1000, rules: 100, kills: 2, seed: 1 });
    await rm(folder, { recursive: true });
    expect(expected).toBeGreaterThan(200);
    expect(verdict).toEqual({
      kills: 2,
      missing: 0,
      doubled: 0,
      'not withdrawn': 0,
      'that no rule wanted': 0,
      'messages missing or doubled': 0,
      'not on the topic as they are': 0,
    });
  }, 240_000);
});
