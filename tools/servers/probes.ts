import { connect } from 'node:net';

/** Whether something accepts connections on a port of 127.0.0.1. */
export function acceptsConnections(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1' });
  const finish = (answer: boolean) => {
    socket.destroy();
    resolve(answer);
  };
  socket.once('connect', () => finish(true));
  socket.once('error', () => finish(false));
  return promise;
}

/** Whether a GET is answered with one of the statuses within 2 s. */
export async function answers(url: string, statuses: readonly number[]): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.arrayBuffer();
  return statuses.includes(response.status);
}
