import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SystemAnswer } from '../../src/contract/api/system.ts';
import type { EventWay } from '../../src/contract/api/way.ts';
import type { MetricsReport } from '../../src/contract/metrics-report.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

async function ask<T>(address: string, authorization = back.authorization, method = 'GET') {
  const response = await fetch(back.url + address, { method, headers: { authorization } });
  return { status: response.status, body: (await response.json()) as T & { message?: string } };
}

test('the way of an event has its sighting, each revision, its alert, its deliveries and what people decided', async () => {
  const start = Date.parse('2026-03-01T10:00:00.000Z');
  const at = (ms: number) => new Date(start + ms).toISOString();
  const first = makeEvent({ at: start, status: 'provisional' });
  const time = { first_seen: at(0), best: at(400), last_seen: at(500), published: at(650) };
  const last = {
    ...first,
    revision: 2,
    status: 'final' as const,
    time: { ...time, last_seen: at(1900), published: at(2000) },
  };
  await back.publish([{ ...first, time }, last]);
  const alertId = '01900000-0000-5000-8000-00000000000a';
  await insertAlert(back.sql, { ...makeAlert({ alert_id: alertId, event: first }), at: at(700) });
  await back.sql.query(
    `INSERT INTO alert_deliveries (idempotency_key, channel_id, alert_id, alert, state, created_at, ended_at)
     VALUES ('way-1', 'gate-mail', $1, '{}', 'sent', $2, $3), ('way-2', 'phone', $1, '{}', 'waiting', $2, NULL)`,
    [alertId, at(710), at(1710)],
  );
  const review = { action: 'confirm', revision: 2 };
  const decided = await fetch(`${back.url}/events/${first.event_id}/review`, {
    method: 'POST',
    headers: { authorization: back.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(review),
  });
  expect(decided.status).toBe(200);

  const { body } = await ask<EventWay>(`/api/v1/events/${first.event_id}/way`);
  expect(body).toMatchObject({ event_id: first.event_id, trace_id: first.event_id.replaceAll('-', '') });
  const steps = body.steps.map(({ step, service, revision, ms, detail }) => [step, service, revision, ms, detail]);
  expect(steps.filter(([step]) => step !== 'stored' && step !== 'reviewed')).toEqual([
    ['first_seen', 'edge', null, 0, undefined],
    ['best', 'edge', null, 400, undefined],
    ['published', 'edge', 1, 150, 'provisional'],
    ['alert_raised', 'alerts', null, 50, 'Rule watched'],
    ['delivery_waiting', 'alerts', null, 0, 'phone'],
    ['delivered', 'alerts', null, 1000, 'gate-mail'],
    ['last_seen', 'edge', null, 1900, undefined],
    ['published', 'edge', 2, 100, 'final'],
  ]);
  // These have the time of now: years after the passage, and the decision in the end.
  expect(steps.slice(-4).map(([step, service, revision]) => [step, service, Number(revision) > 2])).toEqual([
    ['stored', 'ingest', false],
    ['stored', 'ingest', false],
    ['reviewed', 'serve', true],
    ['stored', 'ingest', true],
  ]);
  expect(body.steps.map(({ at: moment }) => moment)).toEqual(body.steps.map(({ at: moment }) => moment).toSorted());

  const { secret } = await createApiToken(back.sql, { name: 'watch', permissions: ['events:read'], scope: undefined });
  const seen = await ask<EventWay>(`/events/${first.event_id}/way`, `Bearer ${secret}`);
  expect(seen.body.steps.some(({ step }) => step === 'alert_raised')).toBe(true);
  expect(seen.body.steps.some(({ service, detail }) => service === 'alerts' && detail === 'gate-mail')).toBe(false);
});

const MODEL = { kind: 'reader', model: 'alpr-read@0123456789ab' } as const;

test('the state of the system has what every process last reported, and which of them are silent', async () => {
  const value = (name: string, number: number, labels: Record<string, string> = {}) => ({
    name,
    help: '',
    labels,
    value: number,
  });
  const report = {
    schema_version: 1 as const,
    site_id: 'yard',
    service: 'edge',
    instance: 'yard-pc-1',
    started_at: '2026-03-01T09:00:00.000Z',
    at: new Date().toISOString(),
    every_s: 0.01,
    values: [
      value('alpr_spool_entries', 12),
      value('alpr_spool_bytes', 4096),
      value('alpr_spool_oldest_timestamp_seconds', 1_772_359_200),
      value('alpr_consumer_lag', 7, { topic: 'alpr.cameras', group: 'pages' }),
      value('alpr_dead_letters_total', 2, { cause: 'EVENT_INVALID' }),
      value('alpr_dead_letters_total', 1, { cause: 'SCHEMA_UNKNOWN' }),
      value('alpr_build_info', 1, { version: '0.9.0' }),
      value('alpr_model_version', 1, { ...MODEL, version: '7', state: 'refused', reason: 'local_looks' }),
      value('alpr_model_version', 1, { ...MODEL, version: '8', state: 'dreaming', reason: '' }),
      value('alpr_model_registry_contact_timestamp_seconds', 1_772_359_200),
    ],
  } satisfies MetricsReport;
  await back.publishMetrics(report);
  await back.publishMetrics({ ...report, service: 'ingest', every_s: 15, values: [] });
  await new Promise((done) => setTimeout(done, 60));
  const { body } = await ask<SystemAnswer>('/api/v1/system');
  expect(body.processes).toEqual([
    {
      site_id: 'yard',
      service: 'edge',
      instance: 'yard-pc-1',
      is_this: false,
      version: '0.9.0',
      started_at: '2026-03-01T09:00:00.000Z',
      reported_at: report.at,
      is_silent: true,
      lag: [{ topic: 'alpr.cameras', group: 'pages', messages: 7 }],
      // 1,772,359,200 s after 1970 (date -d @1772359200)
      spool: { entries: 12, bytes: 4096, oldest_at: '2026-03-01T10:00:00.000Z' },
      dead_letter_count: 3,
      models: [],
      // A state that a newer edge has is left out.
      model_versions: [{ ...MODEL, version: '7', state: 'refused', reason: 'local_looks' }],
      model_registry_contact_at: '2026-03-01T10:00:00.000Z',
    },
    expect.objectContaining({ service: 'ingest', is_silent: false, version: null, spool: null, lag: [] }),
  ]);
  expect(body.disk.total_bytes).toBeGreaterThan(body.disk.free_bytes);

  // A process has several cameras.
  const scope = { cameras: ['yard-in'], sites: [] };
  const { secret } = await createApiToken(back.sql, { name: 'camera', permissions: ['system'], scope });
  expect((await ask<SystemAnswer>('/api/v1/system', `Bearer ${secret}`)).body.processes).toEqual([]);
});

test('the service that answers is neither stopped nor started by those whom it answers, and one that is not there is refused', async () => {
  for (const action of ['stop', 'restart', 'start']) {
    const { status, body } = await ask<object>(`/api/v1/system/services/serve/${action}`, back.authorization, 'POST');
    expect([status, body.message]).toEqual([409, expect.stringContaining('restart the process instead')]);
  }
  expect((await ask('/system/services/nothing/stop', back.authorization, 'POST')).status).toBe(404);
  expect((await ask('/system/services/ingest/explode', back.authorization, 'POST')).status).toBe(400);
});

test('the log is for those who may see every place, and who read it stands in the audit', async () => {
  const scope = { cameras: [], sites: ['yard'] };
  const { secret } = await createApiToken(back.sql, { name: 'yard', permissions: ['system'], scope });
  expect((await ask('/system/log', `Bearer ${secret}`)).status).toBe(403);
  expect((await ask('/system/log?contains=AB12CDE')).body).toEqual({ lines: [], newest: 0 });
  const rows = await back.sql.query<{ entry: { operation: string; query: object } }>(
    `SELECT entry FROM audit_entries WHERE entry->>'operation' = 'readLog' ORDER BY number`,
  );
  // What was looked for may be a plate, and stands nowhere.
  expect(JSON.stringify(rows)).not.toContain('AB12CDE');
  expect(rows.at(-1)?.entry).toMatchObject({ action: 'view', query: { level: 'info' } });
});
