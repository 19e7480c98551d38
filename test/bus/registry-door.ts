import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type DoorState = 'open' | 'shut' | 'silent';

/** A door before a registry: open it passes all on, shut it hangs up, silent it never answers. Keeps what was asked. */
export type RegistryDoor = AsyncDisposable & {
  readonly url: string;
  readonly asked: IncomingMessage[];
  state: DoorState;
};

/** Opens a door at an address of its own before the API at `target`. */
export async function openRegistryDoor(target: string): Promise<RegistryDoor> {
  const server = createServer(async (request, response) => {
    door.asked.push(request);
    if (door.state === 'shut') request.socket.destroy();
    if (door.state !== 'open') return;
    const method = request.method ?? 'GET';
    const body = method === 'GET' ? null : await text(request);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(target + (request.url ?? ''), { method, body, headers });
    response.writeHead(answer.status, headers).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const door: RegistryDoor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    state: 'open',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return door;
}
