import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/base/log.ts';
import { createRandom } from '../../src/base/random.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import type { Sql } from '../../src/db/sql.ts';
import { reviseEvent } from '../../src/review/revise-event.ts';
import { addPageCamera, findPageCamera, listUntold } from '../../src/store/page-cameras.ts';
import { readReviewedReads } from '../../src/store/reviewed-reads.ts';
import { writeEvents } from '../../src/store/write-events.ts';
import { shareDatabase } from '../servers/shared.ts';
import { makeEvent } from '../store/make-event.ts';
import { callAlpr } from './run-alpr.ts';

const opened = new AsyncDisposableStack();
let sql: Sql & AsyncDisposable;
let folder: string;

/** A read on which somebody decided; the machine sends another revision of some afterwards. */
function decide(read: PlateEvent, action: 'confirm' | 'correct' | 'reject' | 'merge'): readonly PlateEvent[] {
  const text = action === 'correct' ? { text: 'ZZ99ZZZ' } : {};
  const into = action === 'merge' ? { into: '019b2e3c-7a00-7000-8000-000000000001' } : {};
  const decision = { action, reason: 'seen', revision: 1, ...text, ...into } as Parameters<
    typeof reviseEvent
  >[0]['decision'];
  return [read, reviseEvent({ revisions: [read], decision, by: { id: '1', name: 'Ada' }, at: new Date() })];
}

beforeAll(async () => {
  const database = opened.use(await shareDatabase({ migrated: true }));
  sql = opened.use(
    await openPostgres({ connectionString: database.url, poolSize: 2, log: createLog({ level: 'silent' }) }),
  );
  folder = await mkdtemp(join(tmpdir(), 'alpr-calibrate-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const settings = [
    'database:',
    `  kind: postgres`,
    `  url: ${database.url}`,
    'cameras:',
    '  - {kind: simulator, id: yard}',
  ];
  await writeFile(join(folder, 'alpr.yaml'), `${settings.join('\n')}\n`);
  await addPageCamera(sql, { id: 'gate', site: 'home', settings: { kind: 'simulator', id: 'gate' }, secrets: null });
  // Confidences claim more than is true: the log-odds are twice what they should be.
  const { next } = createRandom(4);
  const reads = Array.from({ length: 300 }, (_, index) => {
    const logit = 4 * next();
    const confidence = Math.round(1e5 / (1 + Math.exp(-logit))) / 1e5;
    const read = makeEvent({ camera: index % 3 === 0 ? 'yard' : 'gate', at: Date.now() - index * 60_000, confidence });
    return decide(read, next() < 1 / (1 + Math.exp(-logit / 2)) ? 'confirm' : 'correct');
  });
  await writeEvents(sql, reads.flat());
});
afterAll(() => opened.disposeAsync());

test('what the machine had said counts, not what people made of it, and a merged read says nothing', async () => {
  const at = Date.now() - 86_400_000;
  const read = (confidence: number, ms: number) => makeEvent({ camera: 'some', at: at + ms, confidence });
  const provisional = { ...read(0.6, 3), status: 'provisional' as const };
  await writeEvents(sql, [
    ...decide(read(0.7, 0), 'confirm'),
    ...decide(read(0.8, 1), 'reject'),
    ...decide(read(0.9, 2), 'merge'),
    ...decide(provisional, 'confirm'),
    { ...provisional, status: 'final', revision: 2, plate: { ...provisional.plate, confidence: 0.65 } },
  ]);
  const found = await readReviewedReads(sql, 'some');
  expect(found.map(({ confidence, right }) => [confidence, right])).toEqual([
    [0.7, true],
    [0.8, false],
    [0.65, true],
  ]);
});

test('says how much it helps, and writes it into cameras of the page alone', async () => {
  const run = (...more: string[]) => callAlpr(folder, ['models', 'calibrate', ...more]);
  const { code, out, err } = await run('--camera', 'yard', '--apply');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^Camera yard \(home\): 100 reads decided, \d+ of them misread\n/);
  expect(out).toMatch(/calibration error \d+\.\d % before, \d+\.\d % after/);
  expect(out).toMatch(
    /add these lines .* configuration file of its edge:\n {4}confidence_temperature: 1\.\d+\n {4}calibrated_at: 20/,
  );
  expect((await run('--camera', 'gate')).out).toContain('--apply');
  expect((await findPageCamera(sql, 'gate'))?.settings).toEqual({ kind: 'simulator', id: 'gate' });
  expect((await run('--apply')).out).toContain('the edge applies it within seconds');
  const { confidence_temperature: temperature, ...rest } = (await findPageCamera(sql, 'gate'))?.settings ?? {};
  expect(rest).toEqual({ kind: 'simulator', id: 'gate', calibrated_at: expect.stringMatching(/^20.*Z$/) });
  expect(Math.abs(Number(temperature) - 2)).toBeLessThan(0.5);
  expect((await listUntold(sql, false)).map(({ id }) => id)).toEqual(['gate']);
  const entries = await sql.query<{ operation: string }>(
    "SELECT entry->>'operation' AS operation FROM audit_entries WHERE entry->>'action' = 'change'",
  );
  expect(entries).toEqual([{ operation: 'models calibrate' }]);
  // All reads are from before it was in force.
  expect((await run('--camera', 'gate')).out).toMatch(/^No read was reviewed/);
});
