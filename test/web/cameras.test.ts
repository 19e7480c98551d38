import { afterAll, beforeAll, expect, test } from 'vitest';
import type { QualityDetail } from '../../src/contract/api/camera-quality.ts';
import { lostKey } from '../../src/contract/lost-look.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { makeStatus } from '../api/api-fixture.ts';
import { openPageEdge } from '../api/page-edge.ts';
import { drawStoredPicture } from './generated-pictures.ts';
import { inspect, RealVisits } from './real-visits.ts';
import { PHONE } from './visits.ts';

const visits = new RealVisits();
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  closing.use(await openPageEdge(visits.back));
});
afterAll(() => closing.disposeAsync());

const patient = { timeout: 15_000 };
type Kept = Readonly<{ lines?: { points: number[][] }[]; zones?: { id: string; area: number[][] }[] }>;
const readSettings = async (id: string) => {
  const statement = 'SELECT settings FROM page_cameras WHERE id = $1';
  return (await visits.back.sql.query<{ settings: Kept }>(statement, [id]))[0]?.settings;
};

test('A camera is added after a look at its picture, drawn on by keys and mouse, paused, changed and removed', async () => {
  const page = await visits.visit('#/cameras');
  await page.getByText('No cameras yet.').waitFor();
  await page.getByRole('button', { name: 'Add a camera' }).click();
  await page.getByLabel('Kind').selectOption('simulator');
  await page.getByLabel('Id', { exact: true }).fill('road');
  await page.getByLabel('Name', { exact: true }).fill('North road');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await page.getByText('320 × 180:').waitFor(patient);
  await page.getByText('No plate passed meanwhile.').waitFor();
  await page.locator('.drawing image[href^="blob:"]').waitFor();

  await page.getByRole('button', { name: 'Line', exact: true }).click();
  await page.getByLabel('First direction').fill('rein');
  await page.getByLabel('Second direction').fill('raus');
  await page.getByRole('button', { name: 'Line 1, point 1' }).focus();
  for (const key of ['ArrowUp', 'ArrowUp', 'Shift+ArrowLeft']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Zone', exact: true }).click();
  await page.getByLabel('Zone', { exact: true }).fill('Loading bay');
  await page.getByRole('button', { name: 'Add a corner' }).click();
  const [drawing, corner] = await Promise.all(
    [page.locator('.drawing'), page.getByRole('button', { name: 'Loading bay, point 1' })].map((one) =>
      one.boundingBox(),
    ),
  );
  if (!drawing || !corner) throw new Error('Expected a drawing with corners');
  await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
  await page.mouse.down();
  await page.mouse.move(drawing.x + drawing.width * 0.1, drawing.y + drawing.height * 0.2, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Masked area' }).click();
  await inspect(page, 'cameras-form');
  await page.getByRole('button', { name: 'Add a camera' }).click();

  const row = page.locator('tr[data-camera=road]');
  await row.getByText('running').waitFor(patient);
  const kept = await readSettings('road');
  expect(kept).toMatchObject({
    kind: 'simulator',
    name: 'North road',
    lines: [
      {
        id: 'Line 1',
        points: [
          [0.1, 0.58],
          [0.85, 0.6],
        ],
        directions: ['rein', 'raus'],
      },
    ],
    ignore: [
      [
        [0, 0],
        [0.4, 0],
        [0.4, 0.1],
        [0, 0.1],
      ],
    ],
  });
  const zone = kept?.zones?.[0];
  expect([zone?.id, zone?.area.length]).toEqual(['Loading bay', 5]);
  expect(zone?.area[0]?.[0]).toBeCloseTo(0.1, 2);
  expect(zone?.area[0]?.[1]).toBeCloseTo(0.2, 2);
  await inspect(page, 'cameras');

  await row.getByRole('button', { name: 'Pause North road' }).click();
  await row.getByText('paused', { exact: true }).waitFor();
  await row.getByRole('button', { name: 'Resume North road' }).click();
  await row.getByText('running').waitFor(patient);

  await expect.poll(async () => (await visits.back.get('/cameras/road/picture.jpg')).status, patient).toBe(200);
  await row.getByRole('button', { name: 'Change North road' }).click();
  await page.getByText('As YAML').click();
  expect(await page.locator('.camera-yaml pre').innerText()).toContain('kind: simulator');
  await page.getByLabel('First direction').fill('in');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => readSettings('road'), patient).toMatchObject({ lines: [{ directions: ['in', 'raus'] }] });

  await row.getByRole('button', { name: 'Remove North road' }).click();
  await page.getByRole('dialog').getByText('Its reads and pictures stay.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('No cameras yet.').waitFor(patient);
  expect(visits.faults).toEqual([]);
}, 90_000);

test('What does not fit is said where it is, a password is never shown again, and a finger moves a point', async () => {
  const page = await visits.visit('#/cameras', PHONE);
  await page.getByRole('button', { name: 'Add a camera' }).click();
  await page.getByLabel('Id', { exact: true }).fill('gate');
  await page.getByLabel('Address').fill('http://192.0.2.1/x');
  await page.getByRole('button', { name: 'Add a camera' }).click();
  await page.getByRole('alert').getByText('at url').waitFor();
  await page.getByLabel('Address').fill('rtsp://root:pa55word@192.0.2.1/x');
  await page.getByRole('button', { name: 'Line', exact: true }).click();
  const handle = page.getByRole('button', { name: 'Line 1, point 2' });
  await handle.scrollIntoViewIfNeeded();
  const [drawing, from] = await Promise.all([page.locator('.drawing').boundingBox(), handle.boundingBox()]);
  if (!drawing || !from) throw new Error('Expected a drawing with a line');
  const touch = await page.context().newCDPSession(page);
  const at = (x: number, y: number) => [{ x, y }];
  const start = at(from.x + from.width / 2, from.y + from.height / 2);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: start });
  await touch.send('Input.dispatchTouchEvent', {
    type: 'touchMove',
    touchPoints: at(drawing.x + drawing.width * 0.6, drawing.y + drawing.height * 0.4),
  });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByRole('button', { name: 'Add a camera' }).click();
  await page.locator('tr[data-camera=gate]').waitFor(patient);
  const kept = await readSettings('gate');
  expect(kept).toMatchObject({ url: 'rtsp://192.0.2.1/x' });
  const line = kept?.lines?.[0];
  expect(line?.points[1]?.[0]).toBeCloseTo(0.6, 1);
  expect(line?.points[1]?.[1]).toBeCloseTo(0.4, 1);
  await page.getByRole('button', { name: 'Change gate' }).click();
  await page.getByText('is stored and not shown').waitFor();
  expect(await page.getByLabel('Password').inputValue()).toBe('');
  expect(await page.content()).not.toContain('pa55word');
}, 60_000);

test('Camera health compares a camera with what is usual, shows what it lost, and says what to do', async () => {
  const { back } = visits;
  const now = Date.now();
  // Two of six are lost in each of the newest 24 hours, two of forty on each of the 14 days before.
  await back.sql.query(
    `INSERT INTO passage_counts (site_id, camera_id, outcome, reason, light, run, hour, before, total)
     SELECT 'home', 'north', outcome, reason, light, 'edge/1', date_bin('1 hour', now(), '2000-01-01 00:00+00') - ago * interval '1 hour', 0, passages
     FROM (
       SELECT ago, 'read' AS outcome, '' AS reason, 'day' AS light, 4 AS passages FROM generate_series(0, 23) AS ago
       UNION ALL SELECT ago, 'lost', 'too_small', 'day', 2 FROM generate_series(0, 23) AS ago
       UNION ALL SELECT 24 * day + 2, 'read', '', 'day', 38 FROM generate_series(1, 14) AS day
       UNION ALL SELECT 24 * day + 2, 'lost', 'blur', 'day', 2 FROM generate_series(1, 14) AS day
     ) AS counted`,
  );
  const bins = [
    { low: null, high: 18.5, region: null, now: 0.8, before: 0.2 },
    { low: 18.5, high: null, region: null, now: 0.2, before: 0.8 },
  ];
  const drift = { what: 'char_height', psi: 1.66, reads: 120, reads_before: 336, now: 14, before: 20, bins };
  await back.sql.query(
    `INSERT INTO camera_drift SELECT 'home', 'north', what, now(), reads, reads_before, psi, "now", before, bins
     FROM json_to_record($1) AS given (what text, reads int, reads_before int, psi float8, "now" float8, before float8, bins json)`,
    [JSON.stringify(drift)],
  );
  const key = lostKey(
    { site: 'home', camera: 'north' },
    { at: now, reason: 'too_small', charHeightPx: 6.5, sharpness: 0.4 },
  );
  await back.images.put(key, (await drawStoredPicture(key)) ?? new Uint8Array(), 'image/jpeg');
  await back.publishCamera({ ...makeStatus('north'), site_id: 'home', name: 'North gate' });
  const told = (await (await back.get('/cameras/north/quality')).json()) as QualityDetail;
  expect(told.camera).toMatchObject({
    passages: { read: 96, lost: 48 },
    before: { read: 38, lost: 2 },
    share: 2 / 3,
    usual: 0.95,
    losses: { too_small: 48 },
    day: { read: 96, lost: 48 },
    night: { read: 0, lost: 0 },
    status: { name: 'North gate' },
    advice: [
      { code: 'fallen', share: 2 / 3, usual: 0.95 },
      { code: 'loss', reason: 'too_small', share: 1, passages: 48 },
      { code: 'slow' },
      { code: 'drift', what: 'char_height', region: null, now: 14, before: 20 },
    ],
    drift: [drift],
  });
  expect(told.by_hour.length).toBe(24);
  expect(told.by_hour.at(-1)).toMatchObject({ read: 4, lost: 2, before: { read: 0, lost: 0 } });
  expect(told.lost).toEqual([
    { key, at: new Date(now).toISOString(), reason: 'too_small', char_height_px: 6.5, sharpness: 0.4 },
  ]);
  expect((await back.get(`/images/${key}`)).status).toBe(200);
  for (const [camera, status] of [
    ['north', 200],
    ['south', 404],
  ] as const) {
    const scope = { cameras: [camera], sites: [] };
    const { secret } = await createApiToken(back.sql, { name: camera, permissions: ['images', 'system'], scope });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await back.get(`/images/${key}`, headers)).status).toBe(status);
    expect((await back.get('/cameras/north/quality', headers)).status).toBe(status);
  }

  const page = await visits.visit('#/system');
  await page.getByRole('link', { name: 'Camera health' }).click();
  const row = page.locator('tr[data-camera=north]');
  await row.getByText('usually 95%', { exact: true }).waitFor();
  await row.getByText('67% of the passages were read, usually 95%.').waitFor();
  await row.getByRole('link', { name: 'North gate' }).click();
  await page.locator('.chart canvas').first().waitFor();
  await page.getByRole('slider', { name: 'Share read' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('.chart output').first().innerText()).toContain('67%');
  await page.getByText('Characters are 30% smaller than usual (14.0 px, not 20.0 px)').waitFor();
  expect(await page.locator('[data-drift=char_height] tbody').innerText()).toMatch(/below 18\.5 px\s+80%\s+20%/);
  await page.getByAltText('A plate that was not read').scrollIntoViewIfNeeded();
  const width = 'document.querySelector(".lost-looks img").naturalWidth';
  await expect.poll(() => page.evaluate(width), patient).toBeGreaterThan(0);
  expect(visits.faults).toEqual([]);
}, 60_000);
