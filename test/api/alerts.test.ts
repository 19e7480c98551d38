import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertAlert, makeAlert } from '../store/make-alert.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd } from './api-fixture.ts';

let back: BackEnd;

const events = ['2026-05-01T10:00:00.000Z', '2026-05-02T10:00:00.000Z'].map((at, index) =>
  makeEvent({ text: `ALERT${index}`, camera: 'gate', at: Date.parse(at) }),
);
const [first, second] = ['01900000-0000-5000-8000-00000000000a', '01900000-0000-5000-8000-00000000000b'] as const;

beforeAll(async () => {
  back = await openBackEnd();
  for (const [index, event] of events.entries()) {
    await insertAlert(back.sql, makeAlert({ alert_id: index === 0 ? first : second, event, rule: `rule-${index}` }));
  }
});
afterAll(() => back[Symbol.asyncDispose]());

async function send(method: string, address: string, body?: object) {
  const response = await fetch(back.url + address, {
    method,
    headers: { authorization: back.authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, answer: text === '' ? undefined : JSON.parse(text) };
}

const idsOf = async (query: string) =>
  (await send('GET', `/alerts?${query}`)).answer.alerts.map(
    ({ alert }: { alert: { alert_id: string } }) => alert.alert_id,
  );

describe('The inbox of alerts', () => {
  test('has them newest first, page by page, and by what is asked for', async () => {
    expect(await idsOf('')).toEqual([second, first]);
    const { next } = (await send('GET', '/alerts?limit=1')).answer;
    expect(await idsOf(`limit=1&cursor=${next}`)).toEqual([first]);
    expect(await idsOf('rule=rule-0')).toEqual([first]);
    expect(await idsOf('plate=alert-1')).toEqual([second]);
    expect(await idsOf('from=2026-05-02T00:00:00Z')).toEqual([second]);
    expect(await idsOf('held_back=true')).toEqual([]);
    const of = (await send('GET', `/alerts/of-events?ids=${events.map(({ event_id }) => event_id)}`)).answer;
    expect(Object.keys(of.events).toSorted()).toEqual(events.map(({ event_id }) => event_id).toSorted());
  });

  test('keeps who acknowledged first, who verified, and whether it was right, which the rule is judged by', async () => {
    const done = { acknowledged: true, verified: true, note: 'It was he', was_right: true };
    const { answer } = await send('PATCH', `/alerts/${first}`, done);
    expect(answer.handled).toEqual({
      acknowledged: { by: 'test', at: expect.any(String) },
      verified: { by: 'test', at: expect.any(String) },
      note: 'It was he',
      was_right: true,
    });
    expect((await send('PATCH', `/alerts/${first}`, { acknowledged: true })).answer).toEqual(answer);
    expect(await idsOf('open=true')).toEqual([second]);
    await send('PATCH', `/alerts/${first}`, { acknowledged: false, note: null });
    expect(await idsOf('open=true')).toEqual([second, first]);
    await send('PUT', '/rules/rule-0', { id: 'rule-0', name: 'Zero', match: { exact: 'ALERT0' } });
    const { rules } = (await send('GET', '/rules')).answer;
    expect(rules).toEqual([expect.objectContaining({ right: 1, wrong: 0, origin: 'page', changed_by: 'test' })]);
  });

  test('can be silenced by rule and plate until a time', async () => {
    expect((await send('POST', '/mutes', { until: null })).status).toBe(400);
    const { answer } = await send('POST', '/mutes', { plate: 'a-1', until: '2099-01-01T00:00:00Z' });
    expect(answer).toMatchObject({ rule: null, plate: 'A1', by: 'test', until: '2099-01-01T00:00:00.000Z' });
    await send('POST', '/mutes', { rule: 'rule-0', until: '2020-01-01T00:00:00Z' });
    expect((await send('GET', '/mutes')).answer.mutes).toEqual([answer]);
    expect((await send('DELETE', `/mutes/${answer.id}`)).status).toBe(204);
    expect((await send('GET', '/mutes')).answer.mutes).toEqual([]);
  });
});

describe('A rule', () => {
  test('is written on the page but where the file has it, and every change is counted', async () => {
    const revision = async () =>
      Number((await back.sql.query<{ revision: string }>('SELECT revision FROM alert_settings'))[0]?.revision);
    const before = await revision();
    const rule = {
      id: 'night',
      name: 'At night',
      match: { every_passage: true },
      when: { schedule: { from: '22:00', to: '06:00' } },
    };
    expect((await send('PUT', '/rules/night', rule)).answer).toMatchObject({
      ...rule,
      severity: 'warning',
      act_at: 'final',
    });
    expect(await revision()).toBe(before + 1);
    expect((await send('PUT', '/rules/other', rule)).status).toBe(400);
    await back.sql.query(
      `INSERT INTO alert_rules (origin, id, rule, changed_by) SELECT 'file', id, rule, 'file' FROM alert_rules WHERE id = 'night'`,
    );
    expect((await send('PUT', '/rules/night', rule)).status).toBe(409);
    const { rules } = (await send('GET', '/rules')).answer;
    expect(
      rules.map(({ origin, is_overruled }: { origin: string; is_overruled: boolean }) => [origin, is_overruled]),
    ).toContainEqual(['page', true]);
    expect((await send('DELETE', '/rules/night')).status).toBe(204);
    expect((await send('DELETE', '/rules/night')).status).toBe(404);
  });

  test('is checked as YAML, and what does not fit is named', async () => {
    const check = async (yaml: string) => (await send('POST', '/rules/check', { yaml })).answer;
    const good = await check('id: a\nname: A\nmatch: {prefix: [b-1]}\n');
    expect(good.rule).toMatchObject({ id: 'a', match: { prefix: ['B1'] } });
    expect(await check(good.yaml)).toEqual(good);
    expect((await check('id: a\nname: A\nmatch: {prefix: a, exact: b}')).message).toMatch(/exactly one way/);
    expect((await check('id: a\nname: A\nmatch: {exact: b}\nwhen: {schedule: {from: "25:00"}}')).message).toMatch(
      /22:30/,
    );
    expect((await check('id: [')).message).toMatch(/line 1, column 6/);
  });

  test('is refused where it cannot be followed, even switched off, so that the one before stays', async () => {
    const rule = { id: 'shape', name: 'Shape', match: { regex: 'B[A-Z]+' } };
    expect((await send('PUT', '/rules/shape', rule)).status).toBe(200);
    for (const enabled of [true, false]) {
      const wrong = await send('PUT', '/rules/shape', { ...rule, enabled, match: { regex: '(?=B)x[' } });
      expect([wrong.status, wrong.answer.code]).toEqual([422, 'RULE_INVALID']);
    }
    const { answer } = await send('POST', '/rules/check', { yaml: 'id: a\nname: A\nmatch: {regex: "a["}' });
    expect(answer.message).toMatch(/RE2/);
    const kept = (await send('GET', '/rules')).answer.rules.find(
      (one: { rule: { id: string } }) => one.rule.id === 'shape',
    );
    expect(kept.rule.match).toEqual({ regex: 'B[A-Z]+' });
  });

  test('is tried on what is stored, and told as lines of which each replaces the one before', async () => {
    await back.publish(events);
    const rule = { id: 'try', name: 'Try', match: { exact: ['ALERT0', 'ALERT1'] } };
    const body = {
      rule,
      before: { ...rule, match: { exact: 'ALERT0' } },
      from: '2026-05-01T00:00:00Z',
      to: '2026-05-03T00:00:00Z',
    };
    const response = await fetch(`${back.url}/rules/back-test`, {
      method: 'POST',
      headers: { authorization: back.authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.headers.get('content-type')).toMatch(/ndjson/);
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({
      done: 1,
      alerts: 2,
      likely_false: expect.closeTo(0.2, 5),
      by_day: [
        { day: '2026-05-01', alerts: 1 },
        { day: '2026-05-02', alerts: 1 },
      ],
      by_camera: [{ camera_id: 'gate', alerts: 2 }],
      change: { added: 1, removed: 0 },
    });
    expect((await send('POST', '/rules/back-test', { ...body, from: body.to, to: body.from })).status).toBe(400);
  });

  test('with conditions without end is refused as any other that does not fit', async () => {
    const deep = `${'{"not":'.repeat(4000)}{}${'}'.repeat(4000)}`;
    const response = await fetch(`${back.url}/rules/deep`, {
      method: 'PUT',
      headers: { authorization: back.authorization, 'content-type': 'application/json' },
      body: `{"id":"deep","name":"Deep","match":{"every_passage":true},"when":${deep}}`,
    });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('at most 6 deep')]);
  });
});
