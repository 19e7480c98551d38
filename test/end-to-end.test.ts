import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlateEvent } from '../src/contract/plate-event.ts';
import { createAuthorization } from '../tools/servers/api-token.ts';
import { THOROUGH } from './thorough.ts';
import { openPage, shareBrowser } from './web/browser.ts';
import { KEEPS_PICTURES, keepPicture } from './web/looks.ts';

const ROOT = join(import.meta.dirname, '..');
/** Smaller and fewer pictures cost half as much; those to be looked at are as a user's. */
const FRAMES = KEEPS_PICTURES || THOROUGH ? '' : ', fps: 5, width: 960, height: 540';
/** As dense as the traffic gets. */
const ROAD = `kind: simulator, passages_per_minute: 40${FRAMES}`;
const CONFIG = `
server: {port: 0}
cameras:
  - {id: north, name: North road, ${ROAD}, seed: 7, night: false}
  - {id: south, name: South road, ${ROAD}, seed: 8, night: true}
`;
const PASSAGES = THOROUGH ? 20 : 12;

/** `link` is the one that makes the first account. */
type Running = { child: ChildProcess; url: string; link: () => string | undefined };
type Truth = { text: string; enteredAt: number; leftAt: number };

let folder: string;
let system: Running;
let authorization: string;

async function startSystem(): Promise<Running> {
  const args = ['bin/alpr.js', '--config', join(folder, 'alpr.yaml'), 'start', '--data', join(folder, 'data')];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  for (let waited = 0; waited < 60_000; waited += 50) {
    const url = /http:\/\/\S+/.exec(output)?.[0];
    if (url) return { child, url, link: () => /http:\/\/\S+\/setup#token=\S+/.exec(output)?.[0] };
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`The system did not start: ${errors.slice(-2000)}`);
}

async function stopSystem({ child }: Running): Promise<number | null> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

const ask = (path: string) => fetch(`${system.url}${path}`, { headers: { authorization } });

async function getJson<T>(path: string): Promise<T> {
  const response = await ask(path);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

async function finals(): Promise<PlateEvent[]> {
  const { events } = await getJson<{ events: PlateEvent[] }>('/events/recent?limit=200');
  return events.filter((event) => event.status === 'final');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alpr-e2e-'));
  await writeFile(join(folder, 'alpr.yaml'), CONFIG);
  system = await startSystem();
  authorization = await createAuthorization([
    '--config',
    join(folder, 'alpr.yaml'),
    '--set',
    `data=${join(folder, 'data')}`,
  ]);
}, 120_000);

afterAll(async () => {
  if (system) await stopSystem(system);
  await rm(folder, { recursive: true, force: true });
}, 60_000);

describe('The whole system on one machine', () => {
  // The system goes on reading meanwhile, which the next test waits for.
  test('lets the first person in by the link that it prints, and shows the live wall without an error', async () => {
    await expect.poll(system.link).toBeDefined();
    const viewport = { width: 1360, height: 800 };
    const { page, faults } = await openPage(await shareBrowser(), system.link() ?? '', { viewport });
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('New password').fill('violet gate sings at noon');
    await page.getByLabel('Repeat the password').fill('violet gate sings at noon');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.locator('[data-event]').first().waitFor({ timeout: 60_000 });
    await page.waitForTimeout(6000);
    await keepPicture(page, 'live');
    const row = page.locator('[data-event]').first();
    const id = await row.getAttribute('data-event');
    await page.goto(`${system.url}/#/event/${id}`);
    await page.locator(`article[data-event="${id}"]`).waitFor();
    await page.waitForTimeout(500);
    await keepPicture(page, 'read', 'whole');
    await page.context().close();
    expect(faults).toEqual([]);
  }, 120_000);

  test('reads what the simulated roads really showed, each vehicle once', async () => {
    await expect
      .poll(async () => (await finals()).length, { timeout: 90_000, interval: 1000 })
      .toBeGreaterThanOrEqual(PASSAGES);
    const events = await finals();
    const right = events.filter((event) => {
      const shown = readTruth(event.camera_id).filter((passage) => overlaps(passage, event));
      return shown.some(({ text }) => text === event.plate.text_normalized);
    });
    expect(right.length / events.length).toBeGreaterThanOrEqual(0.9);
    const doubled = events.filter((event, at) => events.slice(at + 1).some((other) => isSamePassage(event, other)));
    expect(doubled).toEqual([]);
  }, 120_000);

  test('keeps the pictures of an event, and serves them', async () => {
    const [event] = await finals();
    for (const picture of [event?.images?.plate, event?.images?.vehicle, event?.images?.frame]) {
      const response = await ask(`/images/${picture?.key}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    }
  });

  test('finds an event by a wildcard and says why', async () => {
    const text = (await finals())[0]?.plate.text_normalized as string;
    const query = encodeURIComponent(`${text.slice(0, 2)}?${text.slice(3)}`);
    type Found = { results: { event: PlateEvent; reason: { kind: string } }[] };
    const { results } = await getJson<Found>(`/events/search?q=${query}`);
    expect(results.map(({ event }) => event.plate.text_normalized)).toContain(text);
    expect(results[0]?.reason.kind).toBe('wildcard');
  });

  test('counts passages and stages for Prometheus', async () => {
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toMatch(/alpr_passages_total\{camera="north",outcome="read",reason="",light="day"\} [1-9]/);
    expect(metrics).toMatch(/alpr_stage_seconds_count\{stage="detect"\} [1-9]/);
    expect(metrics).toMatch(/alpr_ingested_total\{outcome="written"\} [1-9]/);
  });

  test('keeps its events over a restart, and starts again at once', async () => {
    const before = await finals();
    expect(await stopSystem(system)).toBe(0);
    const begun = performance.now();
    system = await startSystem();
    expect(performance.now() - begun).toBeLessThan(10_000);
    const after = new Map((await finals()).map((event) => [event.event_id, event]));
    for (const event of before) expect(after.get(event.event_id)).toEqual(event);
  }, 90_000);
});

function readTruth(camera: string): Truth[] {
  const lines = readFileSync(join(folder, 'data', 'simulator', `${camera}.truth.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line));
}

function overlaps(passage: Truth, event: PlateEvent): boolean {
  const [first, last] = [Date.parse(event.time.first_seen), Date.parse(event.time.last_seen)];
  return passage.enteredAt <= last + 1000 && passage.leftAt >= first - 1000;
}

function isSamePassage(a: PlateEvent, b: PlateEvent): boolean {
  const gap = Math.abs(Date.parse(a.detected_at) - Date.parse(b.detected_at));
  return a.camera_id === b.camera_id && a.plate.text_normalized === b.plate.text_normalized && gap < 10_000;
}
