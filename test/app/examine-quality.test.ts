import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { describeHealth, examineQuality } from '../../src/app/examine-quality.ts';
import { createLog } from '../../src/base/log.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { unknownHealth } from '../../src/store/camera-health.ts';
import { shareDatabase } from '../servers/shared.ts';

const textsOf = async (settings: readonly string[]) =>
  (await examineQuality(loadConfig({ environment: {}, settings }))).map(({ level, text }) => `${level}: ${text}`);

test('a camera is described in words, with the remedies for what it loses most', () => {
  const health = {
    ...unknownHealth('gate', 'home'),
    passages: { read: 160, lost: 80 },
    share: 2 / 3,
    usual: 0.95,
    losses: { too_small: 50, blur: 30 },
    char_height_px: 9.4,
    drift: [
      { what: 'char_height' as const, psi: 0.9, reads: 160, reads_before: 336, now: 9.4, before: 13.6, bins: [] },
      {
        what: 'region' as const,
        ...{ psi: 0.5, reads: 160, reads_before: 336, now: null, before: null },
        bins: [{ low: null, high: null, region: 'fr', now: 0.45, before: 0.05 }],
      },
    ],
  };
  expect(describeHealth(health).map(({ level, text }) => `${level}: ${text}`)).toEqual([
    'advice: Camera gate: 67 % of 240 passages were read in the last 24 h, usually 95 %',
    'advice: Camera gate: it reads less than usual; compare its picture with an older one, and check lens, focus and direction',
    'advice: Camera gate: 63 % of what is lost: characters too small; zoom in, or mount the camera closer to the road',
    'advice: Camera gate: 38 % of what is lost: too blurred; shorten the exposure, add light, or correct the focus',
    'advice: Camera gate: characters are 9.4 px high; at 14 px or more, plates are read more reliably',
    'advice: Camera gate: characters are 31 % smaller than usual; was the camera moved, or its zoom changed?',
    'advice: Camera gate: region fr: 45 % of the reads, usually 5 %; has the traffic changed, or the direction of the camera?',
  ]);
});

test('nothing is said before there is a database, or while it is not migrated', async () => {
  expect(await textsOf([`data=${join(import.meta.dirname, 'nowhere')}`])).toEqual([]);
  await using database = await shareDatabase();
  const settings = [`database={kind: postgres, url: "${database.url}"}`];
  expect(await textsOf(settings)).toEqual([]);
  const log = createLog({ level: 'silent' });
  await using sql = await openPostgres({ connectionString: database.url, poolSize: 2, log });
  await migrate({ sql, log });
  expect(await textsOf(settings)).toEqual([]);
  await sql.query(
    `INSERT INTO passage_counts (site_id, camera_id, outcome, reason, light, run, hour, before, total)
     VALUES ('home', 'yard', 'read', '', 'day', 'edge/1', date_bin('1 hour', now(), '2000-01-01 00:00+00'), 0, 7),
       ('home', 'yard', 'lost', 'blur', 'day', 'edge/1', date_bin('1 hour', now(), '2000-01-01 00:00+00'), 0, 2)`,
  );
  expect(await textsOf(settings)).toEqual([
    'good: Camera yard: 9 passages in the last 24 h, too few to judge (from 20 on)',
  ]);
});
