import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { formatProblem } from './errors.ts';

type Refusal = Readonly<{ status: number; message: string }>;

const NOT_HTTP: Refusal = { status: 400, message: 'Expected an HTTP/1.1 request, got other bytes' };

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    message: `Expected the address and headers to take at most ${maxHeaderSize} bytes together; ask for less at once`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'Expected the whole request within 30 s; send it again' },
};

/**
 * Answers what never became a valid request (too long, too slow, not HTTP) with a problem, as every route does, and
 * closes the connection.
 */
export function answerClientError(error: Error & Readonly<{ code?: string }>, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, message } = REFUSALS[error.code ?? ''] ?? NOT_HTTP;
  const body = formatProblem({ status, code: 'INPUT_INVALID', message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
