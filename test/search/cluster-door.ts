import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createCertificate } from '../../tools/servers/certificate.ts';

/** What the door answers instead of passing a request on. */
export type DoorAnswer = Readonly<{ status: number; body: object }>;
type Asked = Readonly<{ method: string; url: string; body: string }>;

export type ClusterDoor = AsyncDisposable &
  Readonly<{
    url: string;
    /** Certificate of the door (PEM), which nobody else signed. */
    caFile: string;
    password: string;
    asked: readonly Asked[];
  }>;

/** A door with TLS and basic authentication before the cluster at `target`, as the security plugin has them. */
export async function openClusterDoor(
  target: string,
  intercept: (request: Asked) => DoorAnswer | undefined = () => undefined,
): Promise<ClusterDoor> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alpr-door-'));
  const caFile = path.join(folder, 'door.pem');
  const certificate = await createCertificate('127.0.0.1');
  await writeFile(caFile, certificate.cert);
  const password = 'open sesame';
  const expected = `Basic ${Buffer.from(`alpr:${password}`).toString('base64')}`;
  const asked: Asked[] = [];

  const answer = async (request: IncomingMessage): Promise<DoorAnswer> => {
    if (request.headers.authorization !== expected) return { status: 401, body: { error: 'Unauthorized' } };
    const one = { method: request.method ?? 'GET', url: request.url ?? '/', body: await text(request) };
    asked.push(one);
    const instead = intercept(one);
    if (instead) return instead;
    const headers = { 'content-type': request.headers['content-type'] ?? 'application/json' };
    const passed = await fetch(target + one.url, { method: one.method, headers, body: one.body || null });
    // HEAD is answered without a body.
    const told = await passed.text();
    return { status: passed.status, body: told === '' ? {} : (JSON.parse(told) as object) };
  };
  const server = createServer(certificate, async (request, response) => {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caFile,
    password,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
