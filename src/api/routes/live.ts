import type { ServerResponse } from 'node:http';
import { AlprError } from '../../base/errors.ts';
import type { Scope } from '../../contract/access.ts';
import { LIVE_NAMES, type LiveName, liveEventSchema, liveQuerySchema } from '../../contract/api/live.ts';
import { problemSchema } from '../../contract/api/problem.ts';
import type { Principal } from '../../identity/principal.ts';
import { scopeOf, whoAsks } from '../access/guard-routes.ts';
import { auditStream } from '../access/write-audit.ts';
import type { ApiContext, Server } from '../context.ts';
import type { LiveHub, ToldEvent } from '../live-hub.ts';

const HEARTBEAT_MS = 15_000;
/** So often it is looked whether a viewer may still watch, milliseconds. */
const RECHECK_MS = 1000;
/**
 * With more unsent bytes than this a viewer gets no boxes; above the second limit it is disconnected, and its browser
 * reconnects.
 */
const SKIP_BYTES = 256 << 10;
const DROP_BYTES = 4 << 20;
/** One caller gets at most a third of all streams, so that nobody locks the others out; a few pages fit in any case. */
const SHARE = 1 / 3;
const LEAST_SHARE = 4;

/** The live stream (server-sent events): plates, boxes and camera states. */
export function addLiveRoutes(server: Server, { hub, config, principals, audit, log }: ApiContext): void {
  const open = new Map<ServerResponse, string>();
  const share = Math.max(LEAST_SHARE, Math.ceil(config.live_viewers * SHARE));
  server.addHook('preClose', async () => {
    for (const response of open.keys()) response.end();
  });

  server.get(
    '/live',
    {
      exposeHeadRoute: false,
      config: { access: 'events:read', audit: 'live' },
      schema: {
        tags: ['Live'],
        operationId: 'watchLive',
        summary: 'Plates, boxes and camera states as they happen, as server-sent events',
        description:
          'Each plate has an `id`. A client that sends the last one back as `Last-Event-ID`, as browsers do, first gets the plates that it missed. After a restart of the server, or long afterwards, an event `gap` says first that some may be missing; then come the newest revisions of what was stored since, of which some may come again.',
        querystring: liveQuerySchema,
        response: {
          200: { description: 'The stream', content: { 'text/event-stream': { schema: liveEventSchema } } },
          429: problemSchema,
        },
      },
    },
    async (request, reply) => {
      if (open.size >= config.live_viewers) {
        throw new AlprError(
          'VIEWERS_FULL',
          `Expected at most ${config.live_viewers} live viewers at once (server.live_viewers), and as many watch; close one`,
        );
      }
      const { kind, id } = whoAsks(request);
      const who = `${kind} ${id}`;
      if ([...open.values()].filter((other) => other === who).length >= share) {
        throw new AlprError(
          'VIEWERS_FULL',
          `Expected at most ${share} live viewers at once from one person or token, and as many watch; close one`,
        );
      }
      const response = reply.raw;
      open.set(response, who);
      response.once('close', () => open.delete(response));
      const { events, last_event_id } = request.query;
      const wanted = new Set(LIVE_NAMES.filter((name) => events.split(',').includes(name)));
      const scope = scopeOf(request);
      const missed = await readMissed(hub, scope, request.headers['last-event-id'] ?? last_event_id);
      request.auditNote.query = { events };
      await auditStream(request, reply, { audit, log });
      reply.hijack();
      if (response.destroyed || response.writableEnded) return;
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) response.setHeader(name, value);
      }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const end = serveViewer(response, hub, { wanted, scope, ...missed });
      response.once('close', end);
      const isStill = async () =>
        isSame(request.principal, await principals.identify(request, false).catch(() => request.principal));
      const looking = setInterval(async () => void ((await isStill()) || response.end()), RECHECK_MS).unref();
      response.once('close', () => clearInterval(looking));
    },
  );
}

/** Whether somebody may still see what he saw. A database that is away ends no stream. */
function isSame(before: Principal | undefined, now: Principal | undefined): boolean {
  return now?.permissions.has('events:read') === true && JSON.stringify(now.scope) === JSON.stringify(before?.scope);
}

type Missed = Readonly<{ stored: readonly ToldEvent[]; place: string }>;

/** What only the database knows of that the viewer missed, and the place from which on the hub knows the rest. */
async function readMissed(hub: LiveHub, scope: Scope, last: string | string[] | undefined): Promise<Missed> {
  const now = hub.place();
  if (typeof last !== 'string') return { stored: [], place: now };
  if (hub.after(last, scope) !== undefined) return { stored: [], place: last };
  return { stored: await hub.readStored(last, scope), place: now };
}

/** Runs through without waiting, so that nothing happens between what was missed and what is watched. */
function serveViewer(
  response: ServerResponse,
  hub: LiveHub,
  { wanted, scope, stored, place }: Missed & Readonly<{ wanted: ReadonlySet<LiveName>; scope: Scope }>,
): () => void {
  const write = (event: ToldEvent) =>
    wanted.has(event.name === 'gap' ? 'plate' : event.name) && response.write(format(event));
  for (const event of stored) write(event);
  response.write(`retry: 2000\nid: ${place}\n\n`);
  for (const event of hub.after(place, scope) ?? []) write(event);
  for (const status of hub.cameras(scope)) write({ name: 'camera', data: JSON.stringify(status) });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();
  const tell = (event: ToldEvent) => {
    const waiting = response.writableLength;
    if (waiting > DROP_BYTES) response.destroy();
    else if (event.name !== 'boxes' || waiting <= SKIP_BYTES) response.write(format(event));
  };
  const leave = hub.watch({ wanted, scope, tell });
  return () => {
    clearInterval(heartbeat);
    leave();
  };
}

/** JSON has no line breaks, so one data line holds it. */
function format({ name, data, id }: ToldEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`;
}
