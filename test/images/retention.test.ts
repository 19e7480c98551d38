import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { imagesConfigSchema } from '../../src/images/config.ts';
import { openImages } from '../../src/images/open.ts';
import { privacyConfigSchema } from '../../src/privacy/config.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { makeEvent } from '../store/make-event.ts';

const DAY_MS = 86_400_000;
const folder = mkdtempSync(path.join(tmpdir(), 'alpr-retention-'));
const log = createLog({ level: 'silent' });

afterAll(() => rmSync(folder, { recursive: true }));

/** The keys that are left once a process that takes pictures has looked at pictures of these ages, days. */
async function keep(name: string, retention: object, ages: Readonly<Record<string, number>>) {
  const config = imagesConfigSchema.parse({ kind: 'files', folder: name });
  const { pictures_days: retentionDays } = privacyConfigSchema.parse({ retention }).retention;
  const telemetry = new Telemetry();
  await using images = await openImages({ config, dataFolder: folder });
  for (const [key, days] of Object.entries(ages)) {
    await images.put(key, new Uint8Array([1]), 'image/jpeg');
    const at = new Date(Date.now() - days * DAY_MS);
    utimesSync(path.join(folder, name, key), at, at);
  }
  const taking = await openImages({ config, dataFolder: folder, uploads: { telemetry, log, retentionDays } });
  const left = async () => (await Array.fromAsync(taking.list())).map(({ key }) => key).sort();
  const close = () => taking[Symbol.asyncDispose]();
  return { left, format: async () => (await telemetry.format()).text, [Symbol.asyncDispose]: close };
}

const keyOf = (name: string) => `home/gate/2026/01/02/${makeEvent().event_id}/${name}.jpg`;
const [old, edge, young, photo] = [keyOf('1-plate'), keyOf('2-frame'), keyOf('3-plate'), 'holiday/1999.jpg'];
const lost = 'home/gate/lost/1767312000000-blur-112-7.jpg';
const AGES = { [old]: 91, [lost]: 91, [edge]: 89, [young]: 0, [photo]: 9000 };

test('Pictures of events and of lost plates are kept 90 days, and what is not ours for ever', async () => {
  await using kept = await keep('default', {}, AGES);
  await vi.waitFor(async () => expect(await kept.format()).toContain('alpr_pictures_expired_total 2'), 20_000);
  expect(await kept.left()).toEqual([edge, young, photo].sort());
});

test('Pictures are kept as many days as asked', async () => {
  await using kept = await keep('ten', { pictures_days: 10 }, AGES);
  await vi.waitFor(async () => expect(await kept.left()).toEqual([young, photo].sort()), 20_000);
});

test('Pictures are kept for ever where somebody says so', async () => {
  await using kept = await keep('ever', { pictures_days: null }, AGES);
  expect(await kept.format()).not.toContain('alpr_pictures_expired_total');
  expect(await kept.left()).toEqual([old, lost, edge, young, photo].sort());
});
