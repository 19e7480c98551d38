import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AlprError, messageOf } from './errors.ts';
import type { OutgoingCheck } from './outgoing-address.ts';

type Outgoing = Readonly<{
  url: string;
  /** What may be asked. */
  check: OutgoingCheck;
  method?: 'GET' | 'POST' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Certificate authority of the server as PEM, in place of those of the system. */
  ca?: string | undefined;
  /** The whole exchange, milliseconds. */
  timeoutMs: number;
  /** Longest answer, bytes. */
  maxBytes: number;
  signal?: AbortSignal;
}>;

export type OutgoingAnswer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>;

/**
 * Sends one request to an address that somebody gave, and takes the answer whatever its status; a redirect is an answer and is not
 * followed. ADDRESS_REFUSED where the address may not be asked, ADDRESS_FAILED when it does not answer in time and within bounds.
 */
export async function sendOutgoing(outgoing: Outgoing): Promise<OutgoingAnswer> {
  const url = URL.parse(outgoing.url);
  if (!url) throw new AlprError('ADDRESS_REFUSED', 'Expected an address such as https://host/path');
  outgoing.check.checkUrl(url);
  const limit = AbortSignal.timeout(outgoing.timeoutMs);
  const signal = outgoing.signal ? AbortSignal.any([limit, outgoing.signal]) : limit;
  try {
    const response = await send(url, outgoing, signal);
    const body = await readBody(response, outgoing.maxBytes);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  } catch (error) {
    if (error instanceof AlprError) throw error;
    if (outgoing.signal?.aborted) throw error;
    const what = limit.aborted ? `no answer came within ${outgoing.timeoutMs} ms` : messageOf(error);
    throw new AlprError('ADDRESS_FAILED', `Expected an answer of ${url.host}: ${what}`, { cause: error });
  }
}

async function send(url: URL, outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, check, ca } = outgoing;
  const { request } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  // A connection of its own, so that each request is checked anew.
  const options = {
    method,
    headers: { ...headers, ...length },
    lookup: check.lookup,
    agent: false,
    signal,
    ca,
  } as const;
  return new Promise((resolve, reject) => request(url, options, resolve).on('error', reject).end(body));
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
