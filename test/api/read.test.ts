import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Permission, Scope } from '../../src/contract/access.ts';
import type { AuditPage } from '../../src/contract/api/audit.ts';
import type { ReadAnswer } from '../../src/contract/api/read.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { CAR, formOf, readCar, serve } from './read-fixture.ts';

let back: BackEnd;
let jpeg: Buffer;
beforeAll(async () => {
  back = await openBackEnd();
  jpeg = await readCar();
});
afterAll(() => back[Symbol.asyncDispose]());

async function tokenFor(permissions: readonly Permission[], scope?: Scope): Promise<string> {
  return `Bearer ${(await createApiToken(back.sql, { name: permissions.join(), permissions, scope })).secret}`;
}

type Asked = Readonly<{ url?: string; authorization?: string; type?: string }>;

async function post(body: FormData | object | string, { url = back.url, authorization, type }: Asked = {}) {
  const isForm = body instanceof FormData;
  const response = await fetch(`${url}/api/v1/read`, {
    method: 'POST',
    headers: {
      authorization: authorization ?? back.authorization,
      ...(!isForm && { 'content-type': type ?? 'application/json' }),
    },
    body: isForm || typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as ReadAnswer & Readonly<{ code: string; message: string }>;
  return { status: response.status, headers: response.headers, answer };
}

describe('A picture that is sent', () => {
  test('is read as a file, in base64, as PNG and WebP, and by its address', async () => {
    await using server = await serve((_, response) => response.end(jpeg));
    await using api = await back.open({ port: 0, read: { allowed_addresses: ['127.0.0.0/8'] } });
    const [png, webp] = await Promise.all([sharp(jpeg).png().toBuffer(), sharp(jpeg).webp().toBuffer()]);
    for (const body of [
      formOf({ image: jpeg }),
      formOf({ upload: png }),
      { image: webp.toString('base64') },
      { image: `data:image/jpeg;base64,${jpeg.toString('base64')}` },
      { url: `${server.url}/car.jpg` },
    ]) {
      const { status, answer } = await post(body, { url: api.url });
      expect([status, answer.plates.map(({ text_normalized }) => text_normalized)]).toEqual([200, ['34A36837']]);
    }
  }, 60_000);

  test('is sent as the guide says', async () => {
    const guide = await readFile(join(import.meta.dirname, '../../docs/guide/reading-by-request.md'), 'utf8');
    const [command = ''] = guide.match(/^curl .*@car\.jpg \S+$/m) ?? [];
    const ours = command
      .replace('$TOKEN', back.authorization.replace('Bearer ', ''))
      .replace('http://127.0.0.1:8000', back.url);
    const [program = '', ...words] = ours.replace('car.jpg', CAR).match(/"[^"]*"|\S+/g) ?? [];
    const { stdout } = await promisify(execFile)(
      program,
      words.map((word) => word.replaceAll('"', '')),
    );
    expect(JSON.parse(stdout)).toMatchObject({ plates: [{ text_normalized: '34A36837' }] });
  });

  test('is answered with everything that is known of its plates, and is not kept', async () => {
    const { answer } = await post(formOf({ image: jpeg }));
    const [plate] = answer.plates;
    expect(answer).toMatchObject({ width: 1280, height: 720, plates_left_out: 0, stored: null });
    // By eye: the car is about 500 pixels wide.
    expect(plate).toMatchObject({ text_raw: '34A36837', region: 'vn', lines: 1, complete: true, event_id: null });
    expect(plate?.vehicle?.bbox[2]).toBeGreaterThan(400);
    expect(plate?.chars.map(({ c }) => c).join('')).toBe('34A36837');
    expect(plate?.quad).toHaveLength(4);
    expect((await back.getJson('/events/recent')).events).toEqual([]);
    expect(await Array.fromAsync(back.images.list())).toEqual([]);
    const audit = (await (await back.get('/audit?limit=1&action=read')).json()) as AuditPage;
    expect(audit.entries[0]).toMatchObject({ operation: 'readPicture', status: 200, results: 1, plates: ['34A36837'] });
  });

  test('becomes an event with its pictures where that is asked', async () => {
    const taken = new Date(Date.now() - 60_000).toISOString();
    const { status, answer } = await post(formOf({ image: jpeg, event: 'true', camera: 'gate', taken_at: taken }));
    expect([status, answer.stored]).toEqual([200, true]);
    const { events } = await back.getJson('/events/recent');
    expect(events).toMatchObject([
      {
        event_id: answer.plates[0]?.event_id,
        source: 'import',
        camera_id: 'gate',
        site_id: 'home',
        detected_at: taken,
        plate: { text_normalized: '34A36837' },
        vehicle: { type: 'car' },
      },
    ]);
    const picture = await back.get(`/images/${events[0]?.images?.plate.key}`);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
  });
});

describe('An event of a picture', () => {
  test('needs events:write, and a camera or site that the caller may see', async () => {
    const picture = (camera: string) => formOf({ image: jpeg, event: 'true', camera });
    const atGate = { cameras: ['gate'], sites: [] };
    const reader = await tokenFor(['read']);
    const guard = await tokenFor(['read', 'events:write'], atGate);
    const neighbour = await tokenFor(['read', 'events:write'], { cameras: [], sites: ['elsewhere'] });
    for (const [authorization, camera, status] of [
      [reader, 'gate', 403],
      [guard, 'yard', 403],
      [neighbour, 'gate', 403],
      [guard, 'gate', 200],
    ] as const) {
      expect([camera, (await post(picture(camera), { authorization })).status]).toEqual([camera, status]);
    }
    expect((await post(formOf({ image: jpeg, event: 'true' }))).answer.message).toMatch(/Expected camera/);
  });
});

describe('What cannot be read', () => {
  const form = (fields: Parameters<typeof formOf>[0]) => formOf(fields);
  const twoFiles = () => {
    const both = form({ image: jpeg });
    both.append('other', new Blob([new Uint8Array(jpeg)]), 'other.jpg');
    return both;
  };
  test.each([
    ['a broken JPEG', () => form({ image: jpeg.subarray(0, 60_000) }), 422, 'IMAGE_INVALID', /cannot be decoded/],
    ['no bytes', () => form({ image: Buffer.alloc(0) }), 422, 'IMAGE_INVALID', /got no bytes/],
    ['a text', () => form({ image: Buffer.from('hello') }), 422, 'IMAGE_INVALID', /Expected a JPEG, PNG or WebP/],
    [
      'a drawing',
      () => form({ image: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }),
      422,
      'IMAGE_INVALID',
      /JPEG/,
    ],
    ['a form without a file', () => form({ event: 'false' }), 400, 'INPUT_INVALID', /Expected one picture/],
    ['two files', twoFiles, 400, 'INPUT_INVALID', /got 2/],
    ['a field that nobody knows', () => form({ image: jpeg, colour: 'red' }), 400, 'INPUT_INVALID', /colour/],
    [
      'a picture and an address',
      () => ({ image: 'aGVsbG8=', url: 'https://example.com/' }),
      400,
      'INPUT_INVALID',
      /and an address/,
    ],
    ['what is no base64', () => ({ image: '{}' }), 400, 'INPUT_INVALID', /base64/],
    ['a list', () => [], 400, 'INPUT_INVALID', /object/],
    ['an address of this machine', () => ({ url: 'http://127.0.0.1:1/' }), 422, 'ADDRESS_REFUSED', /public address/],
    [
      'an address of the cloud around it',
      () => ({ url: 'http://169.254.169.254/' }),
      422,
      'ADDRESS_REFUSED',
      /public address/,
    ],
  ])('is refused with what was expected: %s', async (_, make, status, code, message) => {
    const refused = await post(make());
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused).toMatchObject({ status, answer: { code, message: expect.stringMatching(message) } });
  });

  test('is refused by its header, before it is unpacked: a picture of 20,000 pixels a side', async () => {
    const huge = await sharp(jpeg).png().toBuffer();
    // Width and height stand in the first chunk, whose checksum follows it.
    for (const at of [16, 20]) huge.writeUInt32BE(20_000, at);
    huge.writeUInt32BE(crc32(huge.subarray(12, 29)), 29);
    const began = performance.now();
    const { status, answer } = await post(formOf({ image: huge }));
    expect([status, answer.message]).toEqual([
      422,
      expect.stringMatching(/20000×20000 pixels; expected .* at most 50 million/),
    ]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('is refused when it is larger than 10 MB, or a form that is cut or has no boundary', async () => {
    expect(await post(formOf({ image: Buffer.alloc(14_000_000) }))).toMatchObject({
      status: 413,
      answer: { message: expect.stringMatching(/at most \d+ bytes/) },
    });
    expect((await post(formOf({ image: Buffer.alloc(10_000_001, 0xff) }))).answer.message).toMatch(/10000000 bytes/);
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const { status, answer } = await post('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n', { type });
      expect([status, answer.message]).toEqual([400, expect.stringMatching(/Expected a form/)]);
    }
  });

  test('at an address is refused when that moves on, fails, or sends too much', async () => {
    await using server = await serve((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
      else if (request.url === '/gone') response.writeHead(404).end();
      else response.end(Buffer.alloc(20_000));
    });
    const read = { allowed_addresses: ['localhost'], max_bytes: 10_000 };
    await using api = await back.open({ port: 0, read });
    for (const path of ['/moved', '/gone', '/long']) {
      const url = server.url.replace('127.0.0.1', 'localhost') + path;
      expect(await post({ url }, { url: api.url })).toMatchObject({ status: 422, answer: { code: 'ADDRESS_FAILED' } });
    }
  });
});

describe('The queue', () => {
  test('refuses a caller that has half of the places, before its picture is received, and others not', async () => {
    await using api = await back.open({ port: 0, read: { places: 2 } });
    const other = await tokenFor(['read']);
    const { hostname, port } = new URL(api.url);
    const slow = connect(Number(port), hostname);
    slow.write(
      `POST /read HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${back.authorization}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    await sleep(200);
    const refused = await post(formOf({ image: jpeg }), { url: api.url });
    expect(refused).toMatchObject({ status: 503, answer: { code: 'READS_FULL' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await post(formOf({ image: jpeg }), { url: api.url, authorization: other })).status).toBe(200);
    slow.destroy();
    await expect.poll(async () => (await post(formOf({ image: jpeg }), { url: api.url })).status).toBe(200);
  });

  test('counts pictures a minute, and can be turned off', async () => {
    await using counting = await back.open({ port: 0, read: { per_minute: 1 } });
    const statuses = [];
    for (const _ of [1, 2]) statuses.push((await post(formOf({ image: jpeg }), { url: counting.url })).status);
    expect(statuses).toEqual([200, 429]);
    await using off = await back.open({ port: 0, read: { enabled: false } });
    expect((await post(formOf({ image: jpeg }), { url: off.url })).answer.message).toMatch(/server\.read\.enabled/);
  });
});
