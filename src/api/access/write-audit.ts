import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditAction } from '../../contract/audit.ts';
import type { AuditEntry } from '../../identity/audit-entry.ts';
import type { ApiContext, Server } from '../context.ts';
import { describeError, formatProblem } from '../errors.ts';
import { CoveringEntries } from './covering-entries.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
/** Of an entry that stands before what it says is done (102 Processing). */
const BEGUN = 102;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Answers that say that somebody may not do this, or not now. */
const REFUSALS = new Set([401, 403, 429]);

/**
 * Writes down what was done before the answer leaves; without an entry there is none but AUDIT_UNAVAILABLE. Call it before adding
 * routes.
 */
export function writeAudit(server: Server, { audit, log }: Pick<ApiContext, 'audit' | 'log'>): void {
  const covering = new CoveringEntries(audit, log);
  server.addHook('onClose', () => covering[Symbol.asyncDispose]());
  server.addHook('preHandler', async (request) => {
    if (request.routeOptions.config.audit !== 'change') return;
    // A process may die between a change and the entry of its answer.
    const change = randomUUID();
    const query = { ...listIds(request.params), part: 'begun', change };
    await audit.record({ ...describeRequest(request, 'change', BEGUN), query });
    changes.set(request, change);
  });
  server.addHook('onSend', async (request, reply, payload) => {
    const action = REFUSALS.has(reply.statusCode) ? 'refuse' : request.routeOptions.config.audit;
    if (action === undefined) return payload;
    const entry = describeRequest(request, action, reply.statusCode);
    const periodMs = periodOf(request, entry);
    try {
      await (periodMs === undefined ? audit.record(entry) : covering.cover(entry, periodMs));
      return payload;
    } catch (err) {
      // What failed by itself shows nobody anything.
      if (reply.statusCode >= 500) return payload;
      log.error({ err, operation: entry.operation }, 'an answer is held back because it cannot be audited');
      return replaceAnswer(reply, payload, err);
    }
  });
}

/** Throwing would not do: an answer that is an error already would leave in the words of fastify. */
function replaceAnswer(reply: FastifyReply, payload: unknown, error: unknown): string {
  if (payload instanceof Readable) payload.destroy();
  for (const name of ['location', 'content-disposition', 'content-length', 'set-cookie']) reply.removeHeader(name);
  const failure = describeError(error);
  reply.code(failure.status).header('cache-control', 'no-store').type('application/problem+json; charset=utf-8');
  return formatProblem(failure);
}

/** Keeps the stream of an answer in the audit: an entry before it opens, and one for each hour that it stays open. */
export async function auditStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { audit, log }: Pick<ApiContext, 'audit' | 'log'>,
): Promise<void> {
  const describe = () => describeRequest(request, 'live', 200);
  await audit.record(describe());
  const hourly = setInterval(() => {
    audit.record(describe()).catch((err: unknown) => {
      log.warn({ err }, 'a live stream ends because the audit cannot be written');
      reply.raw.destroy();
    });
  }, HOUR_MS);
  hourly.unref();
  reply.raw.once('close', () => clearInterval(hourly));
}

/** Where requests came from, which nobody can tell once the client has hung up. */
const addresses = new WeakMap<FastifyRequest, string>();

/** Notes it for the audit. Call it before anything waits. */
export function keepAddresses(server: Server): void {
  server.addHook('onRequest', async (request) => {
    addresses.set(request, request.ip);
  });
}

/** Which of its entries belong to one change. */
const changes = new WeakMap<FastifyRequest, string>();

/** The ids in an address; anything else there may be a plate. */
function listIds(params: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params as Readonly<Record<string, string>>).filter(([, value]) => UUID.test(value)),
  );
}

/** What a request does, as the audit keeps it. */
export function describeRequest(request: FastifyRequest, action: AuditAction, status: number): AuditEntry {
  const { principal, auditNote, routeOptions, said } = request;
  const { operationId } = (routeOptions.schema ?? {}) as Readonly<{ operationId?: string }>;
  return {
    at: new Date(),
    action,
    who: principal && { kind: principal.kind, id: principal.id, name: principal.name },
    from: addresses.get(request) ?? request.ip ?? 'unknown',
    operation: operationId ?? `${request.method} ${routeOptions.url ?? 'nothing'}`,
    status,
    purpose: said.purpose,
    caseNumber: said.caseNumber,
    query: { ...auditNote.query, change: changes.get(request) },
    plates: auditNote.plates ?? [],
    results: auditNote.results,
  };
}

/**
 * How long one entry covers the same thing, milliseconds; undefined where each has its own. Pages ask for live pictures many times a
 * second, screens for the same list, and a program that nobody let in must not fill the disk. Who tries to sign in is always noted.
 */
function periodOf({ routeOptions, principal }: FastifyRequest, { action, status }: AuditEntry): number | undefined {
  if (action === 'live') return HOUR_MS;
  const { audit, isPolled } = routeOptions.config;
  if (isPolled && action === 'view' && status < 300) return SECOND_MS;
  if (action !== 'refuse' || audit === 'sign-in' || audit === 'token') return undefined;
  return status === 429 || !principal ? MINUTE_MS : undefined;
}
