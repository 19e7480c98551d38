import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killAmidAlerts } from '../../tools/soak/alerts.ts';
import { describeWith, shareDatabase, shareKafka, uniqueName } from '../servers/servers.ts';

describeWith(['kafka'], 'Alerts of processes that are killed', () => {
  test('one rule and one passage have one alert, which arrives and says what the newest read says, though a process and the receiver are killed', async () => {
    await using database = await shareDatabase();
    const { brokers } = await shareKafka();
    const folder = await mkdtemp(join(tmpdir(), 'alpr-alerts-killed-'));
    const commands = ['alerts', 'alerts'] as const;
    const given = { url: database.url, brokers, folder, prefix: uniqueName('alerts'), commands };
    const soak = { ...given, passages: 200, rules: 24, kills: 2, seed: 1 };
    const { expected, repeats, ...verdict } = await killAmidAlerts(soak);
    await rm(folder, { recursive: true });
    expect(expected).toBeGreaterThan(50);
    expect(repeats).toBeGreaterThan(0);
    expect(verdict).toEqual({
      kills: 2,
      missing: 0,
      doubled: 0,
      'not withdrawn': 0,
      'messages missing or doubled': 0,
      'messages given up': 0,
      'not on the topic as they are': 0,
      'missing at the receiver': 0,
      'doubled at the receiver': 0,
      'wrong at the receiver': 0,
      'sent within a cooldown': 0,
    });
  }, 240_000);
});
