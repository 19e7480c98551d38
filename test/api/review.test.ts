import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decided, Decision, Queue } from '../../src/contract/api/review.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { writePseudonyms } from '../../src/store/privacy/pseudonyms.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, openBackEnd, readAnswer } from './api-fixture.ts';

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

type Body = Decision | Readonly<Record<string, unknown>>;

const post = (id: string, body: Body, authorization = back.authorization) =>
  fetch(`${back.url}/events/${id}/review`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function decide(event: PlateEvent, body: Readonly<Record<string, unknown>>): Promise<PlateEvent> {
  const response = await post(event.event_id, { revision: event.revision, reason: 'seen', ...body });
  expect(response.status).toBe(200);
  return ((await response.json()) as Decided).event;
}

async function published(wanted: Parameters<typeof makeEvent>[0]): Promise<PlateEvent> {
  const event = makeEvent(wanted);
  await back.publish([event]);
  return event;
}

/** The next revision of the machine, which knows nothing of what people did. */
const revised = ({ event_id: id, detected_at, camera_id: camera }: PlateEvent, revision: number, text: string) =>
  makeEvent({ id, at: Date.parse(detected_at), camera, revision, text });

describe('A decision', () => {
  test('that corrects becomes a revision with reviewer and reason, and keeps what the machine read', async () => {
    const event = await published({ text: 'RJ19QXA' });
    const corrected = await decide(event, { action: 'correct', text: 'rj19-qxb', reason: 'B in the picture' });
    expect(corrected).toMatchObject({
      revision: 1_000_000,
      status: 'corrected',
      detected_at: event.detected_at,
      plate: { text_raw: 'RJ19QXA', text_normalized: 'RJ19QXB', confidence: 1, chars: event.plate.chars },
      review: { by: 'test', action: 'correct', text: 'RJ19QXB', of: 1, into: null, reason: 'B in the picture' },
    });
    const history = await (await back.get(`/events/${event.event_id}`)).json();
    expect(history).toEqual({ event: corrected, revisions: [event, corrected], misdated: false });
  });

  test('that corrects is found by the old text and by the new one', async () => {
    const event = await published({ text: 'KW08MMN' });
    await decide(event, { action: 'correct', text: 'XV08PPT' });
    for (const q of ['KW08MMN', 'XV08PPT']) {
      const { results } = await back.getJson(`/events/search?q=${q}`);
      expect(results.map((hit) => hit.event.event_id)).toContain(event.event_id);
    }
  });

  test('stays the truth when the machine revises later, and the revision of the machine is kept', async () => {
    const provisional = await published({ text: 'GH55ABC', status: 'provisional' });
    const corrected = await decide(provisional, { action: 'correct', text: 'GH55ABD' });
    const finals = [revised(provisional, 2, 'GH55ABE'), revised(provisional, 3, 'GH55ABF')];
    await back.publish(finals);
    const history = await (await back.get(`/events/${provisional.event_id}`)).json();
    expect(history).toMatchObject({ event: corrected, revisions: [provisional, ...finals, corrected] });
    expect((await back.getJson('/events/plate/GH55ABD')).events).toEqual([corrected]);
    const confirmed = await decide(corrected, { action: 'confirm' });
    expect(confirmed).toMatchObject({
      revision: 1_000_001,
      status: 'corrected',
      plate: { text_normalized: 'GH55ABD' },
    });
  });

  test('that confirms leaves the text, and is certain', async () => {
    const event = await published({ text: 'LL11AAA', confidence: 0.4 });
    const confirmed = await decide(event, { action: 'confirm', reason: undefined });
    expect(confirmed).toMatchObject({
      status: 'final',
      plate: { text_normalized: 'LL11AAA', confidence: 1 },
      review: { action: 'confirm', text: null, reason: '' },
    });
  });

  test('that rejects takes the event out of lists, and confirming brings it back', async () => {
    const event = await published({ text: 'TAXI01' });
    const rejected = await decide(event, { action: 'reject' });
    expect(rejected.status).toBe('retracted');
    expect((await back.getJson('/events/search?q=TAXI01&mode=exact')).results).toEqual([]);
    const again = await decide(rejected, { action: 'confirm' });
    expect(again).toMatchObject({ status: 'final', plate: { text_normalized: 'TAXI01' } });
    expect((await back.getJson('/events/search?q=TAXI01&mode=exact')).results).toHaveLength(1);
  });

  test('that merges retracts one event and points to the other of the same camera', async () => {
    const [kept, twin, other] = await Promise.all(
      ['cam-1', 'cam-1', 'cam-2'].map((camera) => published({ text: 'MRG001', camera })),
    );
    if (!kept || !twin || !other) throw new Error('expected three events');
    const merged = await decide(twin, { action: 'merge', into: kept.event_id });
    expect(merged).toMatchObject({ status: 'retracted', review: { action: 'merge', into: kept.event_id } });
    const elsewhere = { ...makeEvent({ text: 'MRG001', camera: 'cam-1' }), site_id: 'another' };
    await back.publish([elsewhere]);
    for (const into of [other.event_id, kept.event_id, twin.event_id, elsewhere.event_id]) {
      const refused = await post(kept.event_id, { action: 'merge', into, reason: 'same', revision: 1 });
      expect([into, refused.status]).toEqual([into, 400]);
    }
  });

  test('on a revision that is not the newest is a conflict, and of two at once one is', async () => {
    const event = await published({ text: 'CNF001' });
    const both = await Promise.all(
      ['CNF002', 'CNF003'].map((text) => post(event.event_id, { action: 'correct', text, reason: 'r', revision: 1 })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const late = await post(event.event_id, { action: 'reject', reason: 'late', revision: 1 });
    expect([late.status, (await readAnswer(late)).code]).toEqual([409, 'CONFLICT']);
    const history = (await (await back.get(`/events/${event.event_id}`)).json()) as { revisions: unknown[] };
    expect(history.revisions).toHaveLength(2);
  });

  test('is told to whoever watches', async () => {
    const event = await published({ text: 'SSE001' });
    const stop = new AbortController();
    const stream = await fetch(`${back.url}/live?events=plate`, {
      headers: { authorization: back.authorization },
      signal: stop.signal,
    });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const corrected = await decide(event, { action: 'correct', text: 'SSE002' });
    let told = '';
    while (!told.includes('event: plate')) told += Buffer.from((await reader.read()).value ?? []).toString();
    expect(told).toContain(JSON.stringify(corrected));
    stop.abort();
  });

  test.each([
    ['an action that there is not', { action: 'delete', reason: 'r', revision: 1 }],
    ['a correction without a text', { action: 'correct', reason: 'r', revision: 1 }],
    ['a text without letters and digits', { action: 'correct', text: '--', reason: 'r', revision: 1 }],
    ['a rejection without a reason', { action: 'reject', revision: 1 }],
    ['nothing of what was seen', { action: 'confirm' }],
  ])('is refused with %s', async (_, body) => {
    const event = await published({ text: 'REF001' });
    expect((await post(event.event_id, body)).status).toBe(400);
  });

  test('on a plate that became a pseudonym is not possible', async () => {
    const event = await published({ text: 'PSD001' });
    const { plate } = event;
    await writePseudonyms(back.sql, [{ ...event, plate: { ...plate, text_raw: '~0A', text_normalized: '~0A' } }]);
    const refused = await post(event.event_id, { action: 'correct', text: 'PSD001', reason: 'r', revision: 1 });
    expect([refused.status, (await readAnswer(refused)).code]).toEqual([409, 'CONFLICT']);
  });

  test('on an event of another site is not possible: there is none', async () => {
    const event = await published({ text: 'SCP001', camera: 'far' });
    const scope = { cameras: ['near'], sites: [] };
    const { secret } = await createApiToken(back.sql, { name: 'near', permissions: ['events:write'], scope });
    const refuse = async () =>
      (await post(event.event_id, { action: 'reject', reason: 'r', revision: 1 }, `Bearer ${secret}`)).status;
    const id = event.event_id;
    const leases = () => back.sql.query('SELECT holder, deciding FROM review_leases WHERE event_id = $1', [id]);
    await back.sql.query(
      "INSERT INTO review_leases (event_id, holder, deciding, until) VALUES ($1, 'ann', false, now() + interval '2 minutes')",
      [id],
    );
    expect([await refuse(), await leases()]).toEqual([404, [{ holder: 'ann', deciding: false }]]);
    await back.sql.query('UPDATE review_leases SET deciding = true WHERE event_id = $1', [id]);
    expect([await refuse(), await leases()]).toEqual([404, [{ holder: 'ann', deciding: true }]]);
  });
});

describe('The queue', () => {
  let tokens: readonly string[];
  const take = async (query: string, who = 0): Promise<Queue> => {
    const headers = { authorization: `Bearer ${tokens[who]}` };
    return (await (await fetch(`${back.url}/review/queue?${query}`, { headers })).json()) as Queue;
  };
  const textsOf = ({ reads }: Queue) => reads.map(({ event }) => event.plate.text_normalized);

  beforeAll(async () => {
    const permissions = ['events:write'] as const;
    const made = ['ann', 'ben'].map((name) => createApiToken(back.sql, { name, permissions, scope: undefined }));
    tokens = (await Promise.all(made)).map(({ secret }) => secret);
    const camera = 'queue';
    const cut = makeEvent({ camera, text: 'CUT0001', confidence: 0.98 });
    const odd = makeEvent({ camera, text: 'ODD0001', confidence: 0.98 });
    const shadowed = (text: string, other: string) => {
      const event = makeEvent({ camera, text, confidence: 0.99 });
      const shadow = { model: 'alpr-read@ba9876543210', text: other, confidence: 0.9 };
      return { ...event, processing: { ...event.processing, shadow } };
    };
    await back.publish([
      makeEvent({ camera, text: 'SURE001', confidence: 0.995 }),
      makeEvent({ camera, text: 'LOW0001', confidence: 0.3 }),
      makeEvent({ camera, text: 'PROV001', confidence: 0.1, status: 'provisional' }),
      makeEvent({ camera, text: 'MID0001', confidence: 0.8, candidates: ['MID0007'] }),
      { ...cut, plate: { ...cut.plate, complete: false } },
      { ...odd, plate: { ...odd.plate, matches_format: false } },
      shadowed('SHD0001', 'SHD0007'),
      shadowed('ONE0001', 'ONE0001'),
    ]);
  });

  test('has those in most doubt first, with the reasons, and none that is sure or not final', async () => {
    const queue = await take('camera=queue');
    expect(textsOf(queue)).toEqual(['LOW0001', 'CUT0001', 'SHD0001', 'ODD0001', 'MID0001']);
    const why = [['confidence'], ['incomplete'], ['challenger'], ['format'], ['confidence']];
    expect(queue.reads.map((read) => read.why)).toEqual(why);
    expect(queue.waiting).toBe(5);
    expect(Date.parse(queue.until ?? '') - Date.now()).toBeGreaterThan(60_000);
  });

  test('offers to the same person the same reads, and to others none of them', async () => {
    await back.publish(
      ['E', 'F', 'G', 'H'].map((text) => makeEvent({ camera: 'two', text: `${text}0001`, confidence: 0.5 })),
    );
    const [ann, ben] = await Promise.all([take('camera=two&limit=2', 0), take('camera=two&limit=2', 1)]);
    expect(new Set([...textsOf(ann), ...textsOf(ben)]).size).toBe(4);
    expect(textsOf(await take('camera=two&limit=2', 0))).toEqual(textsOf(ann));
    expect(textsOf(await take('camera=two', 1))).toEqual(textsOf(ben));
  });

  test('offers only what the caller may see, and counts nothing else', async () => {
    await published({ camera: 'seen', text: 'SEE0001', confidence: 0.5 });
    const scope = { cameras: ['seen'], sites: [] };
    const { secret } = await createApiToken(back.sql, { name: 'one camera', permissions: ['events:write'], scope });
    const queue = (await (await back.get('/review/queue', { authorization: `Bearer ${secret}` })).json()) as Queue;
    expect([textsOf(queue), queue.waiting]).toEqual([['SEE0001'], 1]);
  });

  test('lets go of what was reviewed, and of what is not looked at any more', async () => {
    const event = await published({ camera: 'gone', text: 'GON0001', confidence: 0.5 });
    await published({ camera: 'gone', text: 'GON0002', confidence: 0.6 });
    expect(textsOf(await take('camera=gone', 0))).toEqual(['GON0001', 'GON0002']);
    await decide(event, { action: 'confirm' });
    expect(textsOf(await take('camera=gone', 1))).toEqual([]);
    await back.sql.query("UPDATE review_leases SET until = now() - interval '1 second'");
    expect(textsOf(await take('camera=gone', 1))).toEqual(['GON0002']);
  });
});
