import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext, Server } from '../context.ts';

/** Writes down what was done before the answer leaves. Call it before adding routes. */
export function writeAudit(server: Server, { auditor }: ApiContext): void {
  server.addHook('onSend', async (request, reply, payload) => {
    const { audit } = request.routeOptions.config;
    const action = reply.statusCode === 401 || reply.statusCode === 403 ? 'refuse' : audit;
    if (action !== undefined) await auditor.record(describeDoing(request, reply, action));
    return payload;
  });
}

/** What a request does, as the audit keeps it. */
export function describeDoing(
  request: FastifyRequest,
  reply: FastifyReply,
  action: Parameters<ApiContext['auditor']['record']>[0]['action'],
) {
  const { principal, auditNote, routeOptions } = request;
  const { operationId } = routeOptions.schema as Readonly<{ operationId?: string }>;
  return {
    at: new Date(),
    action,
    who: principal && { kind: principal.kind, id: principal.id, name: principal.name },
    from: request.ip,
    operation: operationId ?? `${request.method} ${routeOptions.url}`,
    status: reply.statusCode,
    purpose: headerOf(request, 'x-purpose'),
    caseNumber: headerOf(request, 'x-case-number'),
    query: auditNote.query ?? {},
    plates: auditNote.plates ?? [],
    results: auditNote.results,
  };
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
