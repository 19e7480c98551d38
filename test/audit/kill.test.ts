import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killDuringSearches } from '../../tools/soak/audit.ts';
import { shareDatabase } from '../servers/shared.ts';
import { THOROUGH } from '../thorough.ts';

const SEARCHES = THOROUGH ? 800 : 200;

test('two processes write one chain; whichever is killed, it verifies and has every search and covers every list that was answered', async () => {
  await using database = await shareDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'alpr-killed-'));
  const { answered, lists, kills, lacking, fault } = await killDuringSearches({
    url: database.url,
    folder,
    searches: SEARCHES,
    kills: 1,
  });
  await rm(folder, { recursive: true });
  expect({ fault, lacking, kills }).toEqual({ fault: undefined, lacking: [], kills: 1 });
  expect(answered).toBeGreaterThanOrEqual(SEARCHES);
  expect(lists).toBeGreaterThanOrEqual(SEARCHES / 4);
}, 180_000);
