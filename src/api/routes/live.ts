import type { ServerResponse } from 'node:http';
import { AlprError } from '../../base/errors.ts';
import { noQuery } from '../../contract/api/fields.ts';
import type { ApiContext, Server } from '../context.ts';
import type { LiveEvent, LiveHub } from '../live-hub.ts';

const HEARTBEAT_MS = 15_000;
/**
 * With more unsent bytes than this a viewer gets no boxes; above the second limit it is disconnected, and its browser
 * reconnects.
 */
const SKIP_BYTES = 256 << 10;
const DROP_BYTES = 4 << 20;

/** The live stream (server-sent events): plates, boxes and camera states. */
export function addLiveRoutes(server: Server, { hub, config }: ApiContext): void {
  const open = new Set<ServerResponse>();
  server.addHook('preClose', async () => {
    for (const response of open) response.end();
  });

  server.get(
    '/live',
    {
      schema: {
        tags: ['Live'],
        summary: 'Events `plate`, `boxes` and `camera` as they happen (text/event-stream)',
        querystring: noQuery,
      },
    },
    (_request, reply) => {
      if (open.size >= config.live_viewers) {
        throw new AlprError('BUS_UNAVAILABLE', `Expected at most ${config.live_viewers} live viewers; close one`);
      }
      reply.hijack();
      const response = reply.raw;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) response.setHeader(name, value);
      }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      open.add(response);
      const end = serveViewer(response, hub);
      response.once('close', () => {
        open.delete(response);
        end();
      });
    },
  );
}

function serveViewer(response: ServerResponse, hub: LiveHub): () => void {
  response.write('retry: 2000\n\n');
  for (const status of hub.cameras()) response.write(format({ name: 'camera', data: JSON.stringify(status) }));
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  const leave = hub.watch((event) => {
    const waiting = response.writableLength;
    if (waiting > DROP_BYTES) response.destroy();
    else if (event.name !== 'boxes' || waiting <= SKIP_BYTES) response.write(format(event));
  });
  return () => {
    clearInterval(heartbeat);
    leave();
  };
}

/** JSON has no line breaks, so one data line holds it. */
function format({ name, data }: LiveEvent): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}
