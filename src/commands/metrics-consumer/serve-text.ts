import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlprError } from '../../base/errors.ts';

/** Answers `GET /metrics` with what `write` says. PORT_IN_USE when somebody else listens there. */
export async function serveText(
  options: Readonly<{ host: string; port: number; write: () => Promise<string> }>,
): Promise<AsyncDisposable & Readonly<{ url: string }>> {
  const { host, port, write } = options;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end('Expected GET /metrics\n');
      return;
    }
    write().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new AlprError('PORT_IN_USE', `Expected a free port at ${host}:${port}; set metrics.port to another one`, {
      cause,
    });
  }
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/metrics`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
