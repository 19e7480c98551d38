import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be shut, as if the server were gone, while others go on to use it. */
export type Door = AsyncDisposable &
  Readonly<{
    url: string;
    /** Whether a connection through it is open. */
    readonly isUsed: boolean;
    /** Cuts the next connection as soon as it is made. */
    turnAwayNext: () => void;
    /** Cuts every connection; whoever comes then is refused. */
    shut: () => Promise<void>;
    /** The same address is there again. */
    open: () => Promise<void>;
  }>;

/** Opens a door before the server at `target`: at this port of 127.0.0.1, or at any. */
export async function openDoor(target: string, at = 0): Promise<Door> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let turnsAway = false;
  const server = createServer((near) => {
    if (turnsAway) {
      turnsAway = false;
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const one of [near, far]) one.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = async (place: number) => {
    server.listen(place, '127.0.0.1');
    await once(server, 'listening');
  };
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(at);
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    get isUsed() {
      return sockets.size > 0;
    },
    turnAwayNext: () => {
      turnsAway = true;
    },
    shut,
    open: () => listen(own),
    [Symbol.asyncDispose]: shut,
  };
}
