import { AlprError, messageOf } from '../../base/errors.ts';

/** Who administers Metabase. */
export type MetabaseAdmin = Readonly<{ email: string; password: string }>;

/** Asks Metabase for JSON as its administrator. */
export type AskMetabase = <Answer = unknown>(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
) => Promise<Answer>;

type Send = Readonly<{ method: string; path: string; body?: object | undefined; session?: string }>;

const TIMEOUT_MS = 60_000;

/** Signs in to Metabase. Where nobody has an account yet, the administrator gets the first one. */
export async function openMetabase(url: string, admin: MetabaseAdmin): Promise<AskMetabase> {
  const send = async <Answer>(sent: Send) => (await sendTo(url, sent)) as Answer;
  const settings = await send<{ 'setup-token'?: string | null; 'has-user-setup'?: boolean }>({
    method: 'GET',
    path: '/api/session/properties',
  });
  const token = settings['setup-token'];
  const isNew = settings['has-user-setup'] === false && typeof token === 'string';
  const { id: session } = await send<{ id: string }>(
    isNew
      ? { method: 'POST', path: '/api/setup', body: describeSetup(token, admin) }
      : { method: 'POST', path: '/api/session', body: { username: admin.email, password: admin.password } },
  );
  return (method, path, body) => send({ method, path, body, session });
}

function describeSetup(token: string, { email, password }: MetabaseAdmin): object {
  const user = { email, password, first_name: 'OVR-ALPR', last_name: 'Administrator' };
  return { token, user, prefs: { site_name: 'OVR-ALPR', allow_tracking: false } };
}

async function sendTo(url: string, { method, path, body, session }: Send): Promise<unknown> {
  const headers = { 'content-type': 'application/json', ...(session && { 'x-metabase-session': session }) };
  const address = new URL(path, url);
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new AlprError('INPUT_INVALID', `Expected Metabase at ${url}, got: ${messageOf(cause)}`, { cause });
  }
  const text = await response.text();
  if (response.ok) return text === '' ? {} : JSON.parse(text);
  const asked = `${method} ${path}`;
  throw new AlprError(
    'INPUT_INVALID',
    `Expected Metabase to do ${asked}, got ${response.status}: ${text.slice(0, 300)}`,
  );
}
