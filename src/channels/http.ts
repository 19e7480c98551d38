import { AlprError, codeOf } from '../base/errors.ts';
import type { OutgoingCheck } from '../base/outgoing-address.ts';
import { type OutgoingAnswer, sendOutgoing } from '../base/outgoing-request.ts';
import { DeliveryError } from './channel.ts';

/** Beyond the time that a message has: its signal ends the request first. */
const TIMEOUT_MS = 300_000;
const MAX_BYTES = 1_000_000;

type Request = Readonly<{
  url: string;
  method?: 'POST' | 'PUT';
  headers?: Readonly<Record<string, string>>;
  body: string | Uint8Array;
  ca?: string | undefined;
  signal: AbortSignal;
}>;

/** Errors of Node for connections that were never made: the other side has nothing. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;

/** Posts to an address that may be asked, and takes any answer; a DeliveryError where none comes. */
export async function post(check: OutgoingCheck, request: Request): Promise<OutgoingAnswer> {
  try {
    return await sendOutgoing({ method: 'POST', ...request, check, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  } catch (error) {
    if (!(error instanceof AlprError)) throw error;
    const mayHaveArrived = error.code !== 'ADDRESS_REFUSED' && !NOT_CONNECTED.test(codeOf(error.cause));
    throw new DeliveryError('DELIVERY_FAILED', error.message, { cause: error, mayHaveArrived });
  }
}

/** Statuses that are about the message itself. Others, such as 401 and 404, are mended by time or by people. */
const REFUSALS: ReadonlySet<number> = new Set([400, 405, 406, 410, 411, 413, 414, 415, 422, 431]);

/** A DeliveryError unless the answer says that the message was taken. */
export function requireTaken(answer: OutgoingAnswer): OutgoingAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const code = REFUSALS.has(answer.status) ? 'DELIVERY_REFUSED' : 'DELIVERY_FAILED';
  throw new DeliveryError(code, `Expected the message to be taken: ${describeAnswer(answer)}`, {
    retryAfterMs: readRetryAfter(answer),
    mayHaveArrived: answer.status >= 500 && answer.status !== 503,
  });
}

/** The status and the beginning of the body. */
export function describeAnswer({ status, body }: OutgoingAnswer): string {
  return `${status} ${body.toString('utf8', 0, 300)}`.trim();
}

/** `Retry-After`, in seconds or as a date. */
export function readRetryAfter({ headers }: OutgoingAnswer): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** A certificate or connection error of any protocol that leaves nothing at the other side. */
export function isNotConnected(error: unknown): boolean {
  return NOT_CONNECTED.test(codeOf(error));
}
