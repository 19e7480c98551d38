import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeEvents } from '../../src/store/write-events.ts';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { makeEvent } from '../store/make-event.ts';
import { openPrivacyStand, type PrivacyStand, withPictures } from './privacy-stand.ts';

let stand: PrivacyStand;
beforeAll(async () => {
  stand = await openPrivacyStand();
}, 60_000);
afterAll(() => stand?.[Symbol.asyncDispose]());

test('A person gets every passage of their plate with its pictures, and none of another plate', async () => {
  const mine = await withPictures(stand.images, { ...makeEvent({ text: 'M1NE<1>' }), camera_name: 'Gate <b>' });
  const event = { ...mine, plate: { ...mine.plate, text_normalized: 'M1NE1' } };
  const bare = makeEvent({ text: 'M1NE1' });
  const other = await withPictures(stand.images, makeEvent({ text: '0THER99', candidates: ['M1NE1'] }));
  await writeEvents(stand.sql, [event, bare, other]);
  const alert = makeAlert({ alert_id: '0190a000-0000-8000-8000-000000000001', event });
  await insertAlert(stand.sql, alert);
  await insertAlert(stand.sql, makeAlert({ alert_id: '0190a000-0000-8000-8000-000000000002', event: other }));
  const file = join(stand.folder, 'answer.zip');
  const lookUps = [{ at: '2026-05-01T10:00:00.000Z', who: 'alice', operation: 'searchEvents', purpose: 'Theft' }];
  await pipeline(stand.privacy.answerSubject({ plate: 'M1NE1', lookUps }), createWriteStream(file));
  await promisify(execFile)('unzip', ['-q', file, '-d', join(stand.folder, 'answer')]);
  const page = await readFile(join(stand.folder, 'answer', 'index.html'), 'utf8');
  expect(page.match(/<h2>Passage \d/g)).toHaveLength(2);
  expect(page.match(/No picture [^<]+/g)).toEqual(['No picture was stored.']);
  expect(page).toContain('Gate &lt;b&gt;');
  expect(page).toContain('possible but less likely reading of 1 more');
  expect(page).toContain('<td>alice</td><td>searchEvents</td><td>Theft</td>');
  expect(page).not.toContain(other.event_id);
  const shown = [...page.matchAll(/src="([^"]+)"/g)].map(([, name]) => name ?? '');
  const files = (await readdir(join(stand.folder, 'answer', 'pictures'))).map((name) => `pictures/${name}`);
  expect(files.sort()).toEqual(shown.sort());
  const kept = await stand.images.get(mine.images?.plate?.key ?? '');
  const plate = shown.find((name) => name.includes('plate')) ?? '';
  expect((await readFile(join(stand.folder, 'answer', plate))).equals(Buffer.from(kept?.bytes ?? []))).toBe(true);
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(stand.folder, 'answer', name), 'utf8'));
  expect(await read('passages.json')).toEqual([event, bare]);
  expect(await read('alerts.json')).toEqual([alert]);
});
