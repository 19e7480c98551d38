import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../src/api/server.ts';
import type { Role, Scope } from '../../src/contract/access.ts';
import { createAccount } from '../../src/store/sign-in/accounts.ts';
import { startSession } from '../../src/store/sign-in/sessions.ts';
import { makeEvent } from '../store/make-event.ts';
import { THOROUGH } from '../thorough.ts';
import { type BackEnd, makeStatus, openBackEnd } from './api-fixture.ts';
import { type RandomRequest, randomRequests } from './random-request.ts';

const REQUESTS = THOROUGH ? 10_000 : 60;
const AT_ONCE = 4;

/** Stands in whatever of elsewhere might be shown, and in no request. */
const SECRET = 'SECRET-PLACE';
const YARD = { cameras: ['yard-in'], sites: ['yard'] };
const ROLES: readonly Role[] = ['admin', 'operator', 'viewer', 'auditor'];

const eventOf = (site: string, text: string, name: string) => {
  const event = makeEvent({ camera: `${site}-in`, text });
  const key = `${site}/in/2026/01/01/${event.event_id}/1-plate.jpg`;
  const picture = { key, sha256: '0'.repeat(64), w: 1, h: 1 };
  return { ...event, site_id: site, camera_name: name, images: { plate: picture, vehicle: picture, frame: picture } };
};
const mine = eventOf('yard', 'MY12MNE', 'Yard');
const theirs = eventOf('vault', 'TH99RRS', SECRET);
const WORDS = [mine, theirs].flatMap(({ event_id, camera_id, site_id, plate, images }) => [
  event_id,
  camera_id,
  site_id,
  plate.text_normalized,
  images.plate.key,
]);

let back: BackEnd;
let api: Api;

beforeAll(async () => {
  back = await openBackEnd();
  api = await back.open({ port: 0, requests_per_minute: 1_000_000 });
  for (const event of [mine, theirs]) {
    const { camera_id, site_id, camera_name } = event;
    await back.publish([event]);
    await back.images.put(event.images.plate.key, Buffer.from(`\xff\xd8${camera_name}`), 'image/jpeg');
    await back.publishCamera({ ...makeStatus(camera_id), site_id, name: camera_name });
    const meta = { camera_id, site_id, at: '2026-01-01T00:00:00.000Z', width: 4, height: 2, tracks: [] };
    await back.publishPicture(meta, Buffer.from(`\xff\xd8${camera_name}`));
  }
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await back[Symbol.asyncDispose]();
});

/** Somebody at a page; signs in again when the session has ended. */
async function openCaller(role: Role, scope: Scope) {
  const name = `fuzz ${role} ${scope ? 'of the yard' : 'everywhere'}`;
  const account = await createAccount(back.sql, { name, role, scope });
  const place = { address: '::1', userAgent: 'fuzz', lifetimes: { idle_minutes: 60, max_hours: 1 } } as const;
  const signIn = async () =>
    `alpr-session=${(await startSession(back.sql, { account, kind: 'page', ...place })).secret}`;
  let cookie = await signIn();
  return async ({ method, address, body }: RandomRequest) => {
    const abort = new AbortController();
    const headers = { cookie, origin: api.url, 'x-requested-with': 'alpr', 'content-type': 'application/json' };
    const sent = {
      method,
      headers,
      redirect: 'manual',
      signal: abort.signal,
      ...(body !== undefined && { body }),
    } as const;
    const response = await fetch(api.url + address, sent);
    const type = response.headers.get('content-type') ?? '';
    const text = type.startsWith('text/event-stream')
      ? ''
      : Buffer.from(await response.arrayBuffer()).toString('latin1');
    abort.abort();
    if (/logout|sessions|password/.test(address) && method !== 'GET') cookie = await signIn();
    return { status: response.status, type, text };
  };
}

/** What is wrong with an answer, if anything. */
function findFault({
  status,
  type,
  text,
}: Readonly<{ status: number; type: string; text: string }>): string | undefined {
  if (status >= 500) return `answers ${status}: ${text}`;
  if (text.includes(SECRET)) return 'shows what is elsewhere';
  if (status >= 400 && status !== 404 && !type.startsWith('application/problem+json'))
    return `answers ${status} as ${type}`;
  return undefined;
}

test.each([
  ['nobody who may see the yard sees what is elsewhere', YARD],
  ['neither by those who may see everything', undefined],
])(
  'Whatever anybody asks, nothing breaks: %s',
  async (_what, scope) => {
    const document = await (await fetch(`${api.url}/openapi.json`)).json();
    const callers = await Promise.all(ROLES.map((role) => openCaller(role, scope)));
    const answered = new Map<number, number>();
    const asked = fc.array(fc.tuple(fc.nat(ROLES.length - 1), randomRequests(document, WORDS)), {
      minLength: AT_ONCE,
      maxLength: AT_ONCE,
    });
    await fc.assert(
      fc.asyncProperty(asked, async (requests) => {
        await Promise.all(
          requests.map(async ([who, request]) => {
            const answer = await callers[who]?.(request);
            if (!answer) throw new Error('expected a caller');
            answered.set(answer.status, (answered.get(answer.status) ?? 0) + 1);
            const fault = findFault(scope ? answer : { ...answer, text: answer.text.replaceAll(SECRET, '') });
            if (fault) throw new Error(`${ROLES[who]}: ${JSON.stringify(request)} ${fault}`);
          }),
        );
      }),
      { numRuns: REQUESTS / AT_ONCE, interruptAfterTimeLimit: 900_000 },
    );
    if (REQUESTS > 1000) console.log(Object.fromEntries(answered));
    // Not only refusals were drawn.
    expect(answered.get(200)).toBeGreaterThan(REQUESTS / 100);
  },
  1_000_000,
);
