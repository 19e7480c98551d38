import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Address, addCredentials } from './address.ts';

/** An address that all may see and that leads this user's programs to another, which may contain a password. */
export type HiddenAddress = AsyncDisposable & Readonly<{ url: string }>;

const PARTS = /^(rtsp|http)s?:\/\/([^/?#]*)([^?#]*)(\?)?/i;
const HEAD_END = '\r\n\r\n';
const MAX_REQUEST = 16_384;
const MAX_WAIT_MS = 10_000;

/**
 * Hides the credentials and the query of an RTSP or HTTP address: every user of a machine sees the arguments of its programs. A
 * server on the loopback interface redirects whoever asks to the real address, if it is a program of this user. An address
 * without a secret stays as it is.
 */
export async function hideAddress(address: Address): Promise<HiddenAddress> {
  const secret = addCredentials(address);
  const [, scheme, host, path, query] = PARTS.exec(secret) ?? [];
  if (!host?.includes('@') && query === undefined) return { url: secret, [Symbol.asyncDispose]: async () => undefined };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    redirect(socket, secret);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme?.toLowerCase()}://127.0.0.1:${portOf(server)}${path}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  const { port } = server.address() as AddressInfo;
  return port;
}

function redirect(socket: Socket, location: string): void {
  let request = '';
  socket.on('error', () => socket.destroy());
  socket.setTimeout(MAX_WAIT_MS, () => socket.destroy());
  socket.on('data', (chunk) => {
    request += chunk.toString('latin1');
    if (request.length > MAX_REQUEST) socket.destroy();
    if (!request.includes(HEAD_END)) return;
    socket.pause();
    void isOurs(socket).then((ours) => (ours ? socket.end(answer(request, location)) : socket.destroy()));
  });
}

function answer(request: string, location: string): string {
  const rest = [`Location: ${location}`, 'Content-Length: 0', 'Connection: close', '', ''];
  if (!/ RTSP\/1\.0\r\n/.test(request)) return ['HTTP/1.1 302 Found', ...rest].join('\r\n');
  const sequence = /^CSeq:\s*(\d+)/im.exec(request)?.[1] ?? '1';
  return ['RTSP/1.0 302 Found', `CSeq: ${sequence}`, ...rest].join('\r\n');
}

/** Linux names the owner of each end of a connection; elsewhere every local program is answered. */
async function isOurs({ remotePort, localPort }: Socket): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => undefined);
  if (table === undefined) return true;
  const [theirs, ours] = [remotePort, localPort].map((port) => `:${port?.toString(16).toUpperCase().padStart(4, '0')}`);
  const row = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local?.endsWith(`${theirs}`) && remote?.endsWith(`${ours}`));
  return Number(row?.[7]) === process.getuid?.();
}
