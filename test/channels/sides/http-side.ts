import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { generate } from 'selfsigned';

export type Asked = Readonly<{ path: string; headers: IncomingMessage['headers']; body: Buffer }>;

type Refusal = Readonly<{ status: number; headers?: Record<string, string>; body?: string }>;

/** How the other side behaves: as it should, or one of the ways in which it does not; refusals come in turn. */
export type Mode = 'well' | 'silent' | 'cut' | Refusal | readonly Refusal[];

export type Answer = Readonly<{ status?: number; headers?: Record<string, string>; body: string }>;

/** A service that is asked over HTTP and remembers what it was asked. */
export type HttpSide = AsyncDisposable & {
  readonly url: string;
  /** To be trusted; undefined without TLS. */
  readonly ca: string | undefined;
  readonly asked: Asked[];
  mode: Mode;
};

/** A certificate of its own for 127.0.0.1, which nobody knows. */
export async function makeCertificate(): Promise<Readonly<{ cert: string; key: string }>> {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    curve: 'P-256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** Answers each request by `answer` while it is well. */
export async function openHttpSide(
  answer: (asked: Asked, url: string) => Answer,
  { secure = true }: Readonly<{ secure?: boolean }> = {},
): Promise<HttpSide> {
  const certificate = secure ? await makeCertificate() : undefined;
  let refused = 0;
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = { path: request.url ?? '', headers: request.headers, body: await buffer(request) };
    const { mode } = side;
    if (mode === 'silent') return;
    if (mode === 'cut') {
      side.asked.push(asked);
      response.writeHead(200, { 'content-length': '1000' }).write('{"ok":');
      response.socket?.destroySoon();
      return;
    }
    if (typeof mode === 'object') {
      const refusals = [mode].flat();
      const { status, headers, body = '' } = refusals[refused % refusals.length] as Refusal;
      refused += 1;
      response.writeHead(status, headers).end(body);
      return;
    }
    side.asked.push(asked);
    const { status = 200, headers, body } = answer(asked, side.url);
    response.writeHead(status, headers).end(body);
  };
  const server = certificate ? createHttpsServer(certificate, take) : createHttpServer(take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const side: HttpSide = {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    ca: certificate?.cert,
    asked: [],
    mode: 'well',
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return side;
}
