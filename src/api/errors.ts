import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AlprError, ERROR_CODES, type ErrorCode } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../contract/api/problem.ts';
import { LONGEST_WAIT_S } from '../identity/turns.ts';
import { describeMisfit } from './describe-misfit.ts';

/** Too much at this moment, with the seconds to wait. */
export class TooSoonError extends AlprError {
  readonly seconds: number;

  constructor(message: string, seconds: number, code: 'TOO_MANY_REQUESTS' | 'READS_FULL' = 'TOO_MANY_REQUESTS') {
    super(code, message);
    this.seconds = seconds;
  }
}

type Failure = Omit<Problem, 'type' | 'title'> & Readonly<{ code: ErrorCode }>;

/**
 * Answers every error as a problem with the status of its code, and logs the errors that are our fault. The log alone
 * says which of our servers failed and where it is. `describe` adds what clients of another system read.
 */
export function createErrorHandler(log: Log, describe?: (failure: Failure) => object) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = describeError(explainLimit(error, request));
    if (problem.status >= 500) {
      // The route alone: addresses and queries name plates.
      const { method, routeOptions } = request;
      log.error({ err: error, method, route: routeOptions.url }, 'a request fails');
    }
    if (error instanceof TooSoonError) reply.header('retry-after', error.seconds);
    if (problem.code === 'SIGN_IN_BUSY') reply.header('retry-after', LONGEST_WAIT_S);
    return sendProblem(reply, { ...problem, ...describe?.(problem) });
  };
}

/** The server knows how long a body may be, its framework says only that this one is too long. */
function explainLimit(error: unknown, { routeOptions }: FastifyRequest): unknown {
  if (isFastifyError(error) && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    error.message = `Expected a body of at most ${routeOptions.bodyLimit} bytes`;
  }
  return error;
}

/** Sends one problem. */
export function sendProblem(reply: FastifyReply, failure: Failure): FastifyReply {
  return reply
    .code(failure.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(formatProblem(failure));
}

/** A problem as its bytes. */
export function formatProblem(failure: Failure): string {
  const title = STATUS_CODES[failure.status] ?? 'Unknown';
  return JSON.stringify({ type: 'about:blank', title, ...failure } satisfies Problem);
}

/** The answer when no route and no file matches. */
export function describeNotFound(request: FastifyRequest): Failure {
  return {
    status: 404,
    code: 'NOT_FOUND',
    message: `Nothing answers ${request.method} here; /docs lists what there is`,
  };
}

/** What is told of an error: its status, its code and a sentence. */
export function describeError(error: unknown): Failure {
  if (error instanceof AlprError) return describeOurs(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [message = '', ...others] = error.validation.map((one) => describeMisfit(one, error.validationContext));
    return { status: 400, code: 'INPUT_INVALID', message, ...(others.length > 0 && { expected: others.join('; ') }) };
  }
  if (isRefusedData(error)) return { status: 400, code: 'INPUT_INVALID', message: 'A value cannot be searched for' };
  const status = isFastifyError(error) ? (error.statusCode ?? 500) : 500;
  if (status < 500 && error instanceof Error) {
    return { status, code: status === 404 ? 'NOT_FOUND' : 'INPUT_INVALID', message: error.message };
  }
  return {
    status: 500,
    code: 'INTERNAL',
    message: 'This request found a fault of ours; the log of the server says more',
  };
}

/** What the caller did is told in full; what failed behind us only by its code, because messages name addresses. */
function describeOurs({ code, message, retry }: AlprError): Failure {
  const { http, means } = ERROR_CODES[code];
  if (http < 500) return { status: http, code, message };
  const advice = retry ? 'try again in a moment, and see the log of the server' : 'the log of the server says more';
  return { status: http, code, message: `${means}; ${advice}` };
}

/** SQLSTATE class 22: the database cannot store a value from the request. */
function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22\w{3}$/.test(String(error.code));
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
