import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { streamZip, type ZipEntry } from '../../src/base/zip.ts';
import type { Alert } from '../../src/contract/alert.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { readZip } from '../../src/evidence/read-zip.ts';
import { verifyEvidence } from '../../src/evidence/verify-evidence.ts';
import { openSigningKey } from '../../src/identity/signing-key.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { type BackEnd, openBackEnd } from '../api/api-fixture.ts';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { makeEvent } from '../store/make-event.ts';

let back: BackEnd;
let folder: string;
let event: PlateEvent;
let corrected: PlateEvent;
let alert: Alert;
let zip: Buffer;
const picture = Buffer.from('the bytes of a picture of the plate');

beforeAll(async () => {
  back = await openBackEnd();
  folder = await mkdtemp(join(tmpdir(), 'alpr-evidence-'));
  const made = makeEvent({ text: 'EVD0001', confidence: 0.71, candidates: ['EVD000I'] });
  const pictureOf = (name: string) => ({
    key: `home/cam-1/2026/03/01/${made.event_id}/7-${name}.jpg`,
    sha256: createHash('sha256').update(picture).digest('hex'),
    w: 140,
    h: 40,
  });
  const [plate, vehicle, frame] = [pictureOf('plate'), pictureOf('vehicle'), pictureOf('frame')];
  event = { ...made, camera_name: '<script>alert(1)</script>', images: { plate, vehicle, frame } };
  await back.images.put(plate.key, picture, 'image/jpeg');
  await back.images.put(vehicle.key, Buffer.from('another picture'), 'image/jpeg');
  await back.publish([event]);
  await back.get(`/events/${event.event_id}`);
  const body = JSON.stringify({ action: 'correct', text: 'EVD0007', reason: 'a seven', revision: 1 });
  const headers = { authorization: back.authorization, 'content-type': 'application/json' };
  const response = await fetch(`${back.url}/events/${event.event_id}/review`, { method: 'POST', headers, body });
  corrected = ((await response.json()) as { event: PlateEvent }).event;
  alert = makeAlert({ alert_id: '0190a000-0000-8000-8000-000000000001', event });
  await insertAlert(back.sql, alert);
  zip = await take();
});
afterAll(async () => {
  await back[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function take(): Promise<Buffer> {
  const response = await back.get(`/events/${event.event_id}/evidence`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  expect(response.headers.get('content-disposition')).toContain(`evidence-${event.event_id}.zip`);
  return Buffer.from(await response.arrayBuffer());
}

const readJson = (name: string) => JSON.parse(readZip(zip).get(name)?.toString() ?? '');

/** The same zip with other files. */
async function repack(change: (files: Map<string, Buffer>) => void): Promise<Buffer> {
  const files = new Map(readZip(zip));
  change(files);
  return pack([...files]);
}

function pack(files: readonly (readonly [string, Buffer])[]): Promise<Buffer> {
  const entries = async function* (): AsyncGenerator<ZipEntry> {
    for (const [name, bytes] of files)
      yield {
        name,
        content: (async function* () {
          yield bytes;
        })(),
      };
  };
  return buffer(streamZip(entries()));
}

describe('Evidence', () => {
  test('has the event, every revision with its clocks, pictures, networks, settings and the audit', () => {
    expect(readJson('event.json')).toEqual(corrected);
    expect(readJson('revisions.json').map(({ event: one }: { event: PlateEvent }) => one)).toEqual([event, corrected]);
    expect(readZip(zip).get('pictures/7-plate.jpg')).toEqual(picture);
    expect(readJson('alerts.json')).toEqual([alert]);
    const clock = readJson('clock.json');
    expect(clock.revisions).toMatchObject([{ revision: 1, plausible: true }, { revision: 1_000_000 }]);
    expect(Math.abs(clock.database_ahead_ms)).toBeLessThan(5000);
    expect(readJson('system.json')).toMatchObject({
      program: 'ovr-alpr 9.9.9',
      models: [{ id: 'alpr-detect@0123456789ab' }],
      configuration_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const audit = readZip(zip).get('audit.ndjson')?.toString().trim().split('\n') ?? [];
    const operations = audit.map((line) => JSON.parse(line).entry.operation);
    expect(operations).toEqual(['readEvent', 'reviewEvent']);
  });

  test('names pictures that are gone or are not those of the event, instead of showing them', () => {
    const { manifest } = verifyEvidence(zip);
    const why = Object.fromEntries(manifest.missing.map((one) => [one.key.split('/').at(-1), one.why]));
    expect(why).toEqual({
      '7-vehicle.jpg': 'The picture in the store is not the one that the event speaks of',
      '7-frame.jpg': 'It is not in the picture store any more',
    });
  });

  test('has a page on which what cameras and people wrote is text', () => {
    const page = readZip(zip).get('index.html')?.toString() ?? '';
    expect(page).toContain('EVD0007');
    expect(page).toContain('a seven');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script');
  });

  test('is a zip that other tools unpack', async () => {
    const file = join(folder, 'evidence.zip');
    await writeFile(file, zip);
    execFileSync('unzip', ['-q', file, '-d', join(folder, 'unpacked')]);
    expect((await readdir(join(folder, 'unpacked'), { recursive: true })).toSorted()).toContain('pictures/7-plate.jpg');
    expect(await readFile(join(folder, 'unpacked', 'pictures', '7-plate.jpg'))).toEqual(picture);
  });

  test('is for those who may export, of what they may see', async () => {
    const as = async (permissions: Parameters<typeof createApiToken>[1]['permissions'], camera?: string) => {
      const scope = camera === undefined ? undefined : { cameras: [camera], sites: [] };
      const { secret } = await createApiToken(back.sql, { name: permissions.join(), permissions, scope });
      return back.get(`/events/${event.event_id}/evidence`, { authorization: `Bearer ${secret}` });
    };
    expect((await as(['events:read', 'images', 'search'])).status).toBe(403);
    expect((await as(['export'], 'another')).status).toBe(404);
    expect((await as(['export'], 'cam-1')).status).toBe(200);
  });
});

describe('Verification', () => {
  test('finds evidence whole as it was made, and tells whose key signed it', () => {
    const { faults, fingerprint } = verifyEvidence(zip);
    expect(faults).toEqual([]);
    expect(verifyEvidence(zip, fingerprint.toUpperCase()).faults).toEqual([]);
    expect(verifyEvidence(zip, 'f'.repeat(64)).faults).toEqual([expect.stringContaining('not with ffff')]);
  });

  test('names each file that was changed, removed or added', async () => {
    const changed = await repack((files) => {
      files.set('event.json', Buffer.from(files.get('event.json')?.toString().replace('EVD0007', 'EVD0009') ?? ''));
      files.delete('audit.ndjson');
      files.set('pictures/8-plate.jpg', picture);
    });
    expect(verifyEvidence(changed).faults).toEqual([
      'event.json was changed',
      'audit.ndjson was removed',
      'pictures/8-plate.jpg was added',
    ]);
  });

  test('names a manifest that was changed to fit, and a key that was exchanged with it', async () => {
    const forge = (manifest: Buffer) =>
      Buffer.from(manifest.toString().replace('"made_by": "test"', '"made_by": "me"'));
    const manifestOf = (files: Map<string, Buffer>) => forge(files.get('manifest.json') ?? Buffer.of());
    const changed = await repack((files) => files.set('manifest.json', manifestOf(files)));
    expect(verifyEvidence(changed).faults).toEqual([expect.stringContaining('manifest.json was changed')]);
    const other = await openSigningKey(folder);
    const signed = await repack((files) => {
      files.set('manifest.json', manifestOf(files));
      files.set('manifest.sig', other.sign(manifestOf(files)));
      files.set('signing-key.pem', Buffer.from(other.publicKeyPem));
    });
    expect(verifyEvidence(signed).faults).toEqual(['signing-key.pem is not the key that manifest.json names']);
  });

  test.each([
    ['bytes before it', () => Buffer.concat([Buffer.from('x'), zip])],
    ['bytes behind it', () => Buffer.concat([zip, Buffer.from('x')])],
    ['its end cut off', () => zip.subarray(0, -40)],
    ['one byte of its directory turned', () => turnByte(zip, zip.readUInt32LE(zip.length - 6) + 30)],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('refuses a zip with %s', (_, made) => {
    expect(() => verifyEvidence(made())).toThrowError(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test('refuses a zip in which a name stands twice, of which tools show different ones', async () => {
    const twice = await pack([...readZip(zip), ['event.json', Buffer.from('{}')]]);
    expect(() => verifyEvidence(twice)).toThrow('event.json twice');
  });

  test('refuses a zip that unpacks to more than the bytes allowed, however small each file is', () => {
    const bytes = [...readZip(zip).values()].reduce((sum, content) => sum + content.length, 0);
    expect(readZip(zip, bytes)).toEqual(readZip(zip));
    expect(() => readZip(zip, bytes - 1)).toThrow(`Expected at most ${bytes - 1} bytes unpacked`);
  });

  test('finds whole, with whichever byte turned, nothing but the very same files', () => {
    const original = readZip(zip);
    for (let place = 0; place < zip.length; place += 37) {
      const turned = turnByte(zip, place);
      if (isWhole(turned)) expect(readZip(turned)).toEqual(original);
    }
  });
});

function isWhole(bytes: Buffer): boolean {
  try {
    return verifyEvidence(bytes).faults.length === 0;
  } catch {
    return false;
  }
}

function turnByte(bytes: Buffer, place: number): Buffer {
  const turned = Buffer.from(bytes);
  turned[place] = (turned[place] ?? 0) ^ 0xff;
  return turned;
}
