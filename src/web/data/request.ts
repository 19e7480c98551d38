/**
 * A failed request: the API's own code and sentence. Without an answer the code is `UNREACHABLE`, and `HTTP_502` is an
 * answer that was not the API's; both have the path in place of the sentence.
 */
export class RequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RequestError';
    this.code = code;
  }
}

/** Told on the window when the API wants a person to sign in, or to say why they look; what asked fails nonetheless. */
export const WANTED = { SIGN_IN: 'alpr:sign-in', PURPOSE_REQUIRED: 'alpr:purpose' } as const;

/** What a request may be given; `accept` takes an answer with an error's status all the same. */
export type RequestOptions = Readonly<{
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: object;
  /** A file of CSV in place of a body. */
  file?: Blob;
  signal?: AbortSignal | undefined;
  accept?: (body: object) => boolean;
}>;

type Problem = Readonly<{ code?: string; message?: string }>;

/** Asks the API for JSON; throws RequestError. An answer without a body is an empty object. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { accept = () => false } = options;
  const response = await send(path, options);
  const body: T & Problem = await response.json().catch(() => ({}));
  if (response.ok || accept(body)) return body;
  throw refuse(response, path, body);
}

/** Asks the API for what is not JSON; throws RequestError. */
export async function ask(path: string, options: RequestOptions = {}): Promise<Response> {
  const response = await send(path, options);
  if (response.ok) return response;
  throw refuse(response, path, await response.json().catch(() => ({})));
}

function refuse(response: Response, path: string, body: Problem): RequestError {
  const { code = `HTTP_${response.status}`, message = path } = body;
  if (code === 'SIGN_IN' || code === 'PURPOSE_REQUIRED') window.dispatchEvent(new Event(WANTED[code]));
  return new RequestError(code, message);
}

async function send(path: string, { method = 'GET', body, file, signal }: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (file !== undefined) headers['content-type'] = 'text/csv';
  // No other site's form can send this header, so the server knows that the page asks.
  if (method !== 'GET') headers['x-requested-with'] = 'alpr';
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? (file ?? null) : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new RequestError('UNREACHABLE', path, { cause });
  }
}
