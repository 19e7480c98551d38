import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readSpans, type SeenSpan } from './read-spans.ts';

/** A server that takes OTLP, as the protocol's pages describe it. */
export type OtlpReceiver = AsyncDisposable &
  Readonly<{
    endpoint: string;
    spans: readonly SeenSpan[];
    /** Headers of the requests. */
    headers: readonly Readonly<Record<string, unknown>>[];
  }>;

/** OTLP over HTTP: protobuf in a POST to /v1/traces; `refuses` answers each with 503. */
export async function receiveHttp({ refuses = () => false } = {}): Promise<OtlpReceiver> {
  const [spans, headers]: [SeenSpan[], Record<string, unknown>[]] = [[], []];
  const server = createServer(async (request, response) => {
    const body = await Array.fromAsync(request);
    if (refuses() || request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/x-protobuf') {
      return response.writeHead(503).end();
    }
    headers.push({ ...request.headers });
    spans.push(...readSpans(Buffer.concat(body)));
    return response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** OTLP over gRPC: HTTP/2, a message behind five bytes of flag and length, and the status in the trailers. */
export async function receiveGrpc(): Promise<OtlpReceiver> {
  const [spans, headers]: [SeenSpan[], Record<string, unknown>[]] = [[], []];
  const server = createHttp2Server();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', async (stream, asked) => {
    if (asked[':path'] !== '/opentelemetry.proto.collector.trace.v1.TraceService/Export') return stream.close();
    const body = Buffer.concat(await Array.fromAsync(stream));
    headers.push({ ...asked });
    spans.push(...readSpans(body.subarray(5, 5 + body.readUInt32BE(1))));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}
