import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../src/contract/api/audit.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';
import { readCar } from './read-fixture.ts';

let back: BackEnd;
let url: string;
let token: string;
let jpeg: Buffer;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  back = opened.use(await openBackEnd());
  const read = { codeproject_clients: ['127.0.0.0/8'] };
  url = opened.use(await back.open({ port: 0, read })).url.replace('localhost', '127.0.0.1');
  token = (await createApiToken(back.sql, { name: 'add-on', permissions: ['read', 'events:write'], scope: undefined }))
    .secret;
  await createAccount(back.sql, { name: 'chief', role: 'admin' });
  jpeg = await readCar();
});
afterAll(() => opened.disposeAsync());

/**
 * A form as Python's requests writes it: `data` first, then `files`; a list is a field for each, and a file of bare bytes has the name
 * of its field and no type.
 */
function writeForm(data: Readonly<Record<string, string | readonly string[]>>, file: string, name = file): RequestInit {
  const boundary = '3c9d1ce4a2a54e6e8e2f';
  const head = (rest: string) => `--${boundary}\r\nContent-Disposition: form-data; ${rest}\r\n\r\n`;
  const fields = Object.entries(data).flatMap(([key, value]) =>
    [value].flat().map((one) => `${head(`name="${key}"`)}${one}\r\n`),
  );
  const body = Buffer.concat([
    Buffer.from(`${fields.join('')}${head(`name="${file}"; filename="${name}"`)}`),
    jpeg,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'user-agent': 'python-requests/2.32.3',
  };
  return { method: 'POST', headers, body };
}

type Result = Readonly<{
  plate: string;
  score: number;
  region: { code: string };
  vehicle: { type: string };
  box: Readonly<Record<'xmin' | 'ymin' | 'xmax' | 'ymax', number>>;
  candidates: readonly { plate: string; score: number }[];
}>;
type Snapshot = Readonly<{
  results: readonly Result[];
  usage: { calls: number; max_calls: number };
  detail: string;
  processing_time: number;
}>;

async function askSnapshot(path: string, form: RequestInit, secret = token) {
  const headers = { ...form.headers, authorization: `Token ${secret}` };
  const response = await fetch(url + path, { ...form, headers });
  return { status: response.status, answer: (await response.json()) as Snapshot };
}

describe('Clients of Plate Recognizer', () => {
  // https://github.com/robmarkcole/HASS-plate-recognizer, image_processing.py: process_image
  test('Home Assistant sends its regions, name and settings, and reads vehicles, candidates and its usage', async () => {
    const data = { regions: ['gb', 'ie'], camera_id: 'platerecognizer_gate', mmc: 'False', config: '{}' };
    const { answer } = await askSnapshot('/v1/plate-reader/', writeForm(data, 'upload'));
    const vehicles = answer.results.map((r) => ({
      plate: r.plate,
      confidence: r.score,
      region_code: r.region.code,
      vehicle_type: r.vehicle.type,
      box_y_centre: r.box.ymin + (r.box.ymax - r.box.ymin) / 2,
      box_x_centre: r.box.xmin + (r.box.xmax - r.box.xmin) / 2,
    }));
    expect(vehicles).toEqual([
      {
        plate: '34a36837',
        confidence: expect.closeTo(0.98, 1),
        region_code: 'vn',
        vehicle_type: 'Car',
        // By eye the plate's centre is at 514, 678.
        box_y_centre: expect.closeTo(678, -1),
        box_x_centre: expect.closeTo(514, -1),
      },
    ]);
    expect(answer.results.flatMap(({ candidates }) => candidates.map(({ plate }) => plate))).toContain('34a36837');
    expect(answer.usage.max_calls - answer.usage.calls).toBeGreaterThan(0);
  });

  // https://github.com/ljmerza/frigate_plate_recognizer, recognition.py: recognize_with_plate_recognizer
  test('the add-on of Frigate posts without the last slash, takes 200 and 201, and reads the first plate', async () => {
    for (const path of ['/v1/plate-reader', '/api/v1/plate-reader/']) {
      const { status, answer } = await askSnapshot(path, writeForm({ regions: ['us-ca'] }, 'upload'));
      expect([200, 201]).toContain(status);
      expect([answer.results[0]?.plate, answer.results[0]?.candidates[0]?.plate]).toEqual(['34a36837', '34a36837']);
      expect(answer.results[0]?.candidates[0]?.score).toBeGreaterThan(0.9);
    }
  });

  // https://github.com/parkpow/deep-license-plate-recognition, plate_recognition.py: recognition_api
  test('its own script sends an opened file and a time, or base64 as its guide has it', async () => {
    const data = { config: '{"region":"strict"}', camera_id: 'gate', timestamp: '2026-11-29T10:15:30+01:00' };
    const file = await askSnapshot('/v1/plate-reader/', writeForm(data, 'upload', 'car.jpg'));
    expect(file.answer).toMatchObject({
      camera_id: 'gate',
      timestamp: data.timestamp,
      results: [{ plate: '34a36837' }],
    });
    expect(file.answer.processing_time).toBeGreaterThan(0);
    const body = new URLSearchParams({ upload: jpeg.toString('base64'), regions: 'vn' });
    const encoded = await askSnapshot('/v1/plate-reader/', { method: 'POST', body });
    expect(encoded.answer.results[0]?.plate).toBe('34a36837');
  });

  test('make events where their address says so', async () => {
    const form = writeForm({ camera_id: 'platerecognizer_gate' }, 'upload');
    expect((await askSnapshot('/v1/plate-reader/?event=true', form)).status).toBe(201);
    expect((await back.getJson('/events/recent')).events).toMatchObject([
      { camera_id: 'platerecognizer_gate', plate: { text_normalized: '34A36837' }, source: 'import' },
    ]);
  });

  test('get errors in the shape that they know', async () => {
    const wrong = await askSnapshot('/v1/plate-reader/', writeForm({}, 'upload'), 'alpr_wrong');
    expect(wrong).toMatchObject({ status: 401, answer: { detail: expect.stringMatching(/token/), status_code: 401 } });
    const empty = await askSnapshot('/v1/plate-reader/', {
      method: 'POST',
      body: new URLSearchParams({ regions: 'gb' }),
    });
    expect(empty).toMatchObject({ status: 400, answer: { detail: expect.stringMatching(/Expected one picture/) } });
  });
});

type Alpr = Readonly<{
  success: boolean;
  predictions: readonly Record<string, number | string>[];
  error: string;
  models: readonly string[];
}>;

async function askAlpr(path: string, init: RequestInit, at = url) {
  const response = await fetch(at + path, init);
  return { status: response.status, answer: (await response.json()) as Alpr };
}

describe('Clients of CodeProject.AI', () => {
  // https://github.com/ljmerza/frigate_plate_recognizer, recognition.py: recognize_with_code_project
  test('the add-on of Frigate posts without a token, and reads the first plate; the audit names its address', async () => {
    const { status, answer } = await askAlpr('/v1/image/alpr', writeForm({}, 'upload'));
    expect([status, answer.predictions[0]?.plate]).toEqual([200, '34A36837']);
    expect(answer.predictions[0]?.confidence).toBeGreaterThan(0.9);
    const audit = (await (await back.get('/audit?limit=1&action=read')).json()) as AuditPage;
    expect(audit.entries[0]).toMatchObject({
      who: { kind: 'address', id: '127.0.0.1', name: '127.0.0.1' },
      plates: ['34A36837'],
    });
  });

  // https://github.com/xnorpx/blue-onyx serves Blue Iris with these; https://github.com/algertc/ALPR-Database, app/api/plate-reads/route.js
  // reads what Blue Iris hands on of the answer.
  test('Blue Iris asks whether it is there and for models, then sends a picture whose answer a database understands', async () => {
    expect((await askAlpr('/v1/status/updateavailable', {})).answer.success).toBe(true);
    expect((await askAlpr('/v1/server/status/ping', {})).answer.success).toBe(true);
    expect((await askAlpr('/v1/vision/custom/list', { method: 'POST' })).answer).toMatchObject({
      success: true,
      models: [],
    });
    const { answer } = await askAlpr('/v1/vision/alpr', writeForm({ min_confidence: '0.5' }, 'image', 'image.jpg'));
    const [prediction] = answer.predictions;
    expect([answer.success, String(prediction?.plate).toUpperCase(), prediction?.label]).toEqual([
      true,
      '34A36837',
      '34A36837',
    ]);
    const { x_min, y_min, x_max, y_max } = prediction ?? {};
    expect([x_min, y_min, x_max, y_max]).toEqual([455, 651, 574, 705].map((pixels) => expect.closeTo(pixels, -1)));
    const unsure = await askAlpr('/v1/vision/alpr', writeForm({ min_confidence: '1' }, 'image'));
    expect(unsure.answer).toMatchObject({ success: true, predictions: [], message: 'No license plates detected' });
  });

  test('are refused from any other address, and everywhere until addresses are listed', async () => {
    const refused = await askAlpr('/v1/vision/alpr', writeForm({}, 'upload'), back.url);
    expect(refused).toMatchObject({
      status: 401,
      answer: { success: false, error: expect.stringMatching(/codeproject_clients/) },
    });
    for (const path of ['/read', '/v1/plate-reader/']) {
      expect((await fetch(url + path, writeForm({}, 'upload'))).status, path).toBe(401);
    }
    const empty = await askAlpr('/v1/vision/alpr', { method: 'POST', body: new URLSearchParams({}) });
    expect(empty).toMatchObject({
      status: 400,
      answer: { success: false, error: expect.stringMatching(/Expected one picture/) },
    });
  });
});
