import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkDisk } from '../../src/app/check-disk.ts';
import { createLog } from '../../src/base/log.ts';
import { Health } from '../../src/telemetry/health.ts';

test('A disk is well while the reserve is free, and not when the folder is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alpr-disk-'));
  const { free_bytes: free } = await checkDisk(folder, 0);
  expect(free).toBeGreaterThan(0);
  expect(await checkDisk(folder, 0)).toMatchObject({ ok: true });
  expect(await checkDisk(folder, Number.MAX_SAFE_INTEGER)).toMatchObject({ ok: false });
  await rm(folder, { recursive: true });
  const health = new Health(createLog({ level: 'silent' }));
  health.add({ name: 'disk', dependence: 'useful', check: () => checkDisk(folder, 0) });
  health.setReady();
  const disk = { ok: false, message: 'It fails with ENOENT' };
  expect(await health.examine()).toEqual({ status: 'degraded', works: true, parts: { disk } });
});
