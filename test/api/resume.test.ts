import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveHistory } from '../../src/api/live-history.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { makeEvent } from '../store/make-event.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';

type Told = Readonly<{ id: string; event: string; data: string }>;

let back: BackEnd;

beforeAll(async () => {
  back = await openBackEnd();
});
afterAll(() => back[Symbol.asyncDispose]());

/** Reads blocks of the stream as the standard of server-sent events has it, until `isEnough`, and hangs up. */
async function listen(
  url: string,
  last: string | undefined,
  isEnough: (told: Told) => boolean,
  onOpen = () => {},
): Promise<string> {
  const { authorization } = back;
  const headers = last === undefined ? { authorization } : { authorization, 'last-event-id': last };
  const response = await fetch(url, { headers });
  let [text, id] = ['', last ?? ''];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    onOpen();
    text += Buffer.from(chunk).toString('utf8');
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: (.*)/s) as [string, string]),
      );
      text = text.slice(end + 2);
      id = fields.get('id') ?? id;
      const told = { id, event: fields.get('event') ?? '', data: fields.get('data') ?? '' };
      // Leaving the loop closes the connection.
      if (isEnough(told)) return id;
    }
  }
  throw new Error('The stream ended by itself');
}

const idOf = (data: string) => (JSON.parse(data) as PlateEvent).event_id;

test('Of 1,000 events a viewer that is cut off ten times hears each once and in order', async () => {
  const events = Array.from({ length: 1000 }, () => makeEvent());
  const heard: string[] = [];
  let last = await listen(`${back.url}/live`, undefined, ({ id }) => id !== '');
  const publishing = (async () => {
    for (let from = 0; from < events.length; from += 10) await back.publish(events.slice(from, from + 10));
  })();
  for (let round = 1; round <= 10; round += 1) {
    last = await listen(`${back.url}/live`, last, ({ event, data }) => {
      if (event === 'plate') heard.push(idOf(data));
      return heard.length >= round * 50;
    });
  }
  // The rest happens while nobody listens.
  await publishing;
  await listen(`${back.url}/live`, last, ({ event, data }) => {
    if (event === 'plate') heard.push(idOf(data));
    return heard.length >= events.length;
  });
  expect(heard).toEqual(events.map(({ event_id }) => event_id));
}, 120_000);

test('What another server, or the same one after a restart, has not told is read from the database, and said to be a gap', async () => {
  const last = await listen(`${back.url}/live`, undefined, ({ id }) => id !== '');
  const gaps: { since: string | null; until: string }[] = [];
  const before = Date.now();
  const events = Array.from({ length: 20 }, () => makeEvent());
  await back.publish(events);
  await using second = await back.open({ port: 0 });
  const heard = new Set<string>();
  const isAll = () => events.every(({ event_id }) => heard.has(event_id));
  await listen(`${second.url}/live?last_event_id=${last}`, undefined, ({ event, data }) => {
    if (event === 'gap') gaps.push(JSON.parse(data));
    if (event === 'plate') heard.add(idOf(data));
    return isAll();
  });
  expect(isAll()).toBe(true);
  const [{ since, until } = { since: null, until: '' }] = gaps;
  expect(gaps).toHaveLength(1);
  expect(Date.parse(since ?? '')).toBeLessThanOrEqual(before);
  expect(Date.parse(until)).toBeGreaterThanOrEqual(before);
});

test('A viewer that wants no boxes gets none', async () => {
  await back.publishCamera(makeStatus('north'));
  const meta = { camera_id: 'north', at: '2026-01-01T00:00:00.000Z', width: 4, height: 2, tracks: [] };
  const names: string[] = [];
  let isOpen = false;
  const publish = () => {
    if (isOpen) return;
    isOpen = true;
    void back.publishPicture(meta, new Uint8Array([1])).then(() => back.publish([makeEvent()]));
  };
  await listen(
    `${back.url}/live?events=plate,camera`,
    undefined,
    ({ event }) => {
      if (event !== '') names.push(event);
      return event === 'plate';
    },
    publish,
  );
  expect(names).toEqual(['camera', 'plate']);
});

test.each(['nonsense', 'a.b.c', '00000000-0000-0000-0000-000000000000.1.999999999999999', '..', '%00'])(
  'The place %j that nobody gave is answered as a new viewer, who is told of a gap',
  async (place) => {
    const gaps: { since: string | null }[] = [];
    const id = await listen(`${back.url}/live?last_event_id=${place}`, undefined, (told) => {
      if (told.event === 'gap') gaps.push(JSON.parse(told.data));
      return told.event === '' && told.id !== '';
    });
    expect(id).toMatch(/^[0-9a-f-]{36}\.\d+\.\d+$/);
    expect(gaps).toHaveLength(1);
    expect(Date.parse(gaps[0]?.since ?? '1970-01-01')).toBeLessThanOrEqual(Date.now());
  },
);

test('the history knows the newest plates only, and says when it does not know', () => {
  const history = new LiveHistory(10);
  const add = (data: string) => history.add({ data, from: { camera: 'gate', site: 'home' } });
  const start = history.place;
  const [one, two] = [add('12345'), add('67890')];
  expect(history.after(start)).toEqual([one, two]);
  const three = add('abc');
  expect(history.after(start)).toBeUndefined();
  expect(history.after(one.id)).toEqual([two, three]);
  expect(history.after(three.id)).toEqual([]);
  history.interrupt();
  expect(history.after(three.id)).toBeUndefined();
  expect(history.after(history.place)).toEqual([]);
});
