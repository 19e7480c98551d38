import type { FastifyRequest } from 'fastify';
import type { RequestTrace, Tracing } from '../telemetry/tracing/tracing.ts';
import type { Server } from './context.ts';

/** Asked again and again by machines, or open for as long as somebody watches. */
const UNTRACED = /^\/(?:health(?:\/live)?|metrics|live)$/;
const OF_EVENT = /^\/events\/:id(?:\/|$)/;

/** Traces each request to the API; what it asks of the database is part of it. Addresses and queries stay out: they name plates. */
export function traceRequests(server: Server, tracing: Tracing): void {
  if (!tracing.isOn) return;
  const traces = new WeakMap<FastifyRequest, RequestTrace>();
  server.addHook('onRequest', (request, _reply, done) => {
    const { url: route, config } = request.routeOptions;
    if (route === undefined || config.access === undefined || UNTRACED.test(route)) return done();
    const { traceparent } = request.headers;
    const trace = tracing.beginRequest({
      method: request.method,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      ...(OF_EVENT.test(route) && { eventId: idOf(request.params) }),
    });
    traces.set(request, trace);
    trace.run(done);
  });
  // Reading a body ends what runs on behalf of the request.
  server.addHook('preValidation', (request, _reply, done) => {
    const trace = traces.get(request);
    if (trace) trace.run(done);
    else done();
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? '';
    traces.get(request)?.end({ route, status: reply.statusCode });
  });
}

function idOf(params: unknown): string | undefined {
  const isId = typeof params === 'object' && params !== null && 'id' in params && typeof params.id === 'string';
  return isId && UUID.test(String(params.id)) ? String(params.id) : undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
