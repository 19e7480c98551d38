import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPageEdge } from '../api/page-edge.ts';
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
