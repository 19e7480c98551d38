import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AlprError, ERROR_CODES, type ErrorCode } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Problem } from '../contract/api/problem.ts';

type Failure = Problem & Readonly<{ status: number; code: ErrorCode }>;

/**
 * Answers every error as `{code, message, expected?}` with the status of its code, and logs the errors that are our
 * fault.
 */
export function createErrorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = describeError(error);
    if (problem.status >= 500) log.error({ err: error, method: request.method, url: request.url }, 'a request fails');
    return sendProblem(reply, problem);
  };
}

/** Sends one problem. */
export function sendProblem(reply: FastifyReply, { status, ...body }: Failure): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(body));
}

/** The answer when no route and no file matches. */
export function describeNotFound(request: FastifyRequest): Failure {
  return {
    status: 404,
    code: 'NOT_FOUND',
    message: `Nothing answers ${request.method} here; /docs lists what there is`,
  };
}

function describeError(error: unknown): Failure {
  if (error instanceof AlprError)
    return { status: ERROR_CODES[error.code].http, code: error.code, message: error.message };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation;
    const where = `${error.validationContext ?? 'request'}${first?.instancePath ?? ''}`;
    return {
      status: 400,
      code: 'INPUT_INVALID',
      message: `At ${where}: ${first?.message ?? 'does not fit'}`,
      expected: error.validation.map((one) => `${one.instancePath || '/'}: ${one.message ?? one.keyword}`).join('; '),
    };
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

/** SQLSTATE class 22: the database cannot store a value from the request. */
function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^22\w{3}$/.test(String(error.code));
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
