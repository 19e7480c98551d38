import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlprError } from '../base/errors.ts';

type HttpAnswer = Readonly<{ status: number; type: string; body: string }>;

type HttpOptions = Readonly<{
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Name of the setting that holds the port. */
  setting: string;
  /** What `GET` of each path answers. */
  routes: Readonly<Record<string, () => Promise<HttpAnswer>>>;
}>;

/** Answers a few paths of a process that has no API. PORT_IN_USE when somebody else listens there. */
export async function serveHttp(options: HttpOptions): Promise<AsyncDisposable & Readonly<{ url: string }>> {
  const { host, port, setting, routes } = options;
  const server = createServer((request, response) => {
    const route = request.method === 'GET' ? routes[request.url ?? ''] : undefined;
    if (route) void answer(route, response);
    else response.writeHead(404).end(`Expected GET ${Object.keys(routes).join(', ')}\n`);
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new AlprError('PORT_IN_USE', `Expected a free port at ${host}:${port}; set ${setting} to another one`, {
      cause,
    });
  }
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(route: () => Promise<HttpAnswer>, response: ServerResponse): Promise<void> {
  try {
    const { status, type, body } = await route();
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  } catch {
    response.writeHead(500).end();
  }
}
