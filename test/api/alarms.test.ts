import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RuleInput } from '../../src/contract/rule.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

const DOOR = '/api/v1/alerts/alertmanager';
const STARTED = '2026-11-30T10:00:00.123456789+01:00';
let back: BackEnd;
let authorization: string;

beforeAll(async () => {
  back = await openBackEnd();
  const { secret } = await createApiToken(back.sql, { name: 'am', permissions: ['alarms'], scope: undefined });
  authorization = `Bearer ${secret}`;
  await writeRule({ id: 'grave', name: 'Grave', system: { alarm: { severity: 'critical' } }, channels: ['hook'] });
});
afterAll(() => back[Symbol.asyncDispose]());
beforeEach(() => back.sql.query('TRUNCATE alerts, alert_deliveries'));

/** As Alertmanager 0.25 writes it. */
const makeAlarm = (status: 'firing' | 'resolved', startsAt = STARTED, severity = 'critical') => ({
  status,
  labels: { alertname: 'AlprCameraDown', camera: 'gate', severity },
  annotations: { summary: 'The camera gate delivers no frames.' },
  startsAt,
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://127.0.0.1:9090/graph?g0.expr=alpr_camera_up+%3D%3D+0',
  fingerprint: 'a3f1c0d2e4b59687',
});
const tell = (...alerts: object[]) => post({ version: '4', groupKey: '{}:{}', truncatedAlerts: 0, alerts });

async function post(body: object, headers = { authorization }): Promise<number> {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
  return (await fetch(back.url + DOOR, { ...init, body: JSON.stringify(body) })).status;
}

async function writeRule(rule: RuleInput): Promise<void> {
  const headers = { authorization: back.authorization, 'content-type': 'application/json' };
  const response = await fetch(`${back.url}/rules/${rule.id}`, { method: 'PUT', headers, body: JSON.stringify(rule) });
  expect(response.status).toBe(200);
}

const listAlerts = () =>
  back.sql.query<{ said: string }>(
    "SELECT concat_ws(' ', rule_id, status, revision, happened_at AT TIME ZONE 'UTC') AS said FROM alerts ORDER BY raised_at, alert_id",
  );
const listSent = () => back.sql.query('SELECT alert_revision AS revision FROM alert_deliveries ORDER BY id');

test('An alarm makes one alert however often it is told, and its end withdraws it once', async () => {
  expect(await tell(makeAlarm('firing'))).toBe(204);
  expect(await tell(makeAlarm('firing'))).toBe(204);
  const { alerts } = (await (await back.get('/alerts')).json()) as { alerts: { alert: object }[] };
  expect(alerts.map(({ alert }) => alert)).toEqual([
    expect.objectContaining({
      rule: { id: 'grave', name: 'Grave', severity: 'warning', verify: false },
      why: 'AlprCameraDown: The camera gate delivers no frames.',
      system: {
        what: 'alarm',
        subject: 'AlprCameraDown camera=gate',
        since: '2026-11-30T09:00:00.123Z',
        value: null,
      },
    }),
  ]);
  expect(await tell(makeAlarm('resolved'))).toBe(204);
  expect(await tell(makeAlarm('resolved'), makeAlarm('firing'))).toBe(204);
  expect(await listAlerts()).toEqual([{ said: 'grave withdrawn 2 2026-11-30 09:00:00.123' }]);
  expect(await listSent()).toEqual([{ revision: 1 }, { revision: 2 }]);
});

test('An alarm that fires anew is another one, and ends the former, whose end was missed', async () => {
  await tell(makeAlarm('firing'));
  await tell(makeAlarm('firing', '2026-11-30T11:00:00Z'));
  await tell(makeAlarm('resolved'));
  expect((await listAlerts()).map(({ said }) => said).toSorted()).toEqual([
    'grave raised 1 2026-11-30 11:00:00',
    'grave withdrawn 2 2026-11-30 09:00:00.123',
  ]);
});

test('Only rules that ask for it hear of an alarm, and an alarm that nobody knows the end of is nothing', async () => {
  await tell(makeAlarm('firing', STARTED, 'warning'), makeAlarm('resolved', '2026-11-30T08:00:00Z'));
  expect(await listAlerts()).toEqual([]);
});

test('What is no notification of version 4 is refused, and so is a token that may do anything else', async () => {
  expect(await post({ version: '3', alerts: [] })).toBe(400);
  expect(await post({ version: '4', alerts: [{ ...makeAlarm('firing'), startsAt: 'soon' }] })).toBe(400);
  const { secret } = await createApiToken(back.sql, { name: 'm', permissions: ['metrics'], scope: undefined });
  expect(await post({ version: '4', alerts: [] }, { authorization: `Bearer ${secret}` })).toBe(403);
  expect(await listAlerts()).toEqual([]);
});

test('An alarm with texts and times that the database does not take keeps no other out', async () => {
  const odd = { ...makeAlarm('firing', '9999-12-31T23:59:59-14:00'), fingerprint: 'odd' };
  const summary = `a\u0000b\ud800${'x'.repeat(795)}🚗`;
  expect(await tell({ ...odd, annotations: { summary } }, makeAlarm('firing'))).toBe(204);
  expect(await listAlerts()).toHaveLength(2);
});
