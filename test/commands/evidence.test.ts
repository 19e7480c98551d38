import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/app/config.ts';
import { openSharedDatabase } from '../../src/app/open-shared-database.ts';
import { openFileImages } from '../../src/images/files.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr } from './run-alpr.ts';

let folder: string;
const read = makeEvent({ text: 'CMD0001', at: Date.parse('2026-03-01T12:00:00Z') });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-evidence-command-'));
  const picture = await readFile(
    join(import.meta.dirname, '../../training/tests/corrections/images/019b2e3c-7a00-7000-8000-000000000001.jpg'),
  );
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const key = `home/cam-1/2026/03/01/${read.event_id}/1-plate.jpg`;
  await using images = await openFileImages(join(folder, 'data', 'images'));
  await images.put(key, picture, 'image/jpeg');
  const one = { key, sha256, w: 139, h: 65 };
  const event = { ...read, images: { plate: one, vehicle: one, frame: one } };
  const decision = { action: 'correct', text: 'CMD0007', reason: 'seen', revision: 1 } as const;
  const by = { id: 'ann', name: 'Ann' };
  const config = loadConfig({ environment: {}, settings: [`data=${join(folder, 'data')}`] });
  await using database = await openSharedDatabase(config);
  await writeEvents(database.sql, [event, reviseEvent({ revisions: [event], decision, by, at: new Date() })]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('alpr evidence writes a zip that alpr evidence verify finds whole, until it is changed', async () => {
  const made = await callAlpr(folder, ['evidence', read.event_id, '-o', 'evidence.zip']);
  expect(made).toMatchObject({ code: 0, err: '' });
  const key = /the key ([0-9a-f]{64})/.exec(made.out)?.[1] ?? '';
  const whole = await callAlpr(folder, ['evidence', 'verify', 'evidence.zip', '--key', key.slice(0, 12)]);
  expect(whole.code).toBe(0);
  expect(whole.out).toContain(`Nothing was changed. Event ${read.event_id}: 9 files`);
  expect(whole.out).toMatch(/^Made by .+ \(command line\) on 20/m);
  expect((await callAlpr(folder, ['evidence', 'verify', 'evidence.zip', '--key', '0'.repeat(64)])).code).toBe(1);

  const bytes = await readFile(join(folder, 'evidence.zip'));
  const place = bytes.indexOf('pictures/1-plate.jpg') + 400;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  await writeFile(join(folder, 'changed.zip'), bytes);
  expect(await callAlpr(folder, ['evidence', 'verify', 'changed.zip'])).toMatchObject({
    code: 1,
    out: 'pictures/1-plate.jpg was changed\n',
  });
  const again = await callAlpr(folder, ['evidence', read.event_id, '-o', 'evidence.zip']);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('name another file')]);
}, 120_000);

test('alpr export training asks for consent, and then writes what people decided', async () => {
  const refused = await callAlpr(folder, ['export', 'training', '-o', 'set']);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('review.export_training')]);
  await expect(access(join(folder, 'set'))).rejects.toThrow();
  const consent = ['--set', 'review.export_training=true'];
  const done = await callAlpr(folder, ['export', 'training', '-o', 'set', '--from', '2026-03-01', ...consent]);
  expect(done).toMatchObject({ code: 0, out: '1 plates written to set\n' });
  expect(await readFile(join(folder, 'set', 'labels.jsonl'), 'utf8')).toContain('"text":"CMD0007"');
}, 120_000);
